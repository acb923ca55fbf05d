import io

import docx
import pytest
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from app.documents.decoding import EmptyDocument, SecretDocument, WronglyEncodedDocument
from app.documents.reading import read_plan
from app.documents.word_file import read_docx

NAMESPACES = (
    f'{nsdecls("w", "wp", "r")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
LETTERHEAD = (
    "ỦY BAN NHÂN DÂN\nXÃ TÂN QUANG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
)


def test_labels_that_word_counts_are_part_of_the_text() -> None:
    document = docx.Document()
    number = _list(
        document, ("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-")
    )
    for depth, text in (
        (0, "MỤC TIÊU"), (1, "Chung"), (2, "Một"), (2, "Hai"), (1, "Riêng"), (2, "Ba"), (3, "Bốn"),
        (0, "TỔ CHỨC THỰC HIỆN"), (1, "Công an xã"),
    ):  # fmt: skip
        _numbered(document.add_paragraph(text), number, depth)

    labels = [line.split()[0] for line in _text(document).split("\n\n")]

    assert labels == ["I.", "1.", "a)", "b)", "2.", "a)", "-", "II.", "1."]


def test_a_label_may_name_the_levels_above_it() -> None:
    document = docx.Document()
    number = _list(document, ("decimal", "%1."), ("decimal", "%1.%2."))
    for depth in (0, 1, 1, 0, 1):
        _numbered(document.add_paragraph("việc"), number, depth)

    assert _text(document).split("\n\n") == ["1. việc", "1.1. việc", "1.2. việc", "2. việc", "2.1. việc"]


def test_a_list_that_starts_anew_counts_from_its_start() -> None:
    document = docx.Document()
    first = _list(document, ("decimal", "%1."))
    second = _same_list(document, first, start=1)
    for number in (first, first, second, second):
        _numbered(document.add_paragraph("việc"), number, 0)

    assert [line[:2] for line in _text(document).split("\n\n")] == ["1.", "2.", "1.", "2."]


def test_a_style_brings_its_list_and_zero_takes_it_away() -> None:
    document = docx.Document()
    document.add_paragraph("một", style="List Bullet")
    _numbered(document.add_paragraph("hai", style="List Bullet"), 0, 0)

    assert _text(document) == "• một\n\nhai"


def test_signs_of_symbol_fonts_are_shown_as_ordinary_ones() -> None:
    document = docx.Document()
    number = _list(document, ("bullet", "\uf0d8"))
    _numbered(document.add_paragraph("việc"), number, 0)

    assert _text(document) == "➢ việc"


def test_bold_is_marked_word_tight_whatever_the_runs() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, bold in (
        ("Công ", True),
        ("an xã", True),
        (":", True),
        (" xử lý", False),
        (" ", True),
        ("nhanh", False),
    ):
        paragraph.add_run(text).bold = bold

    assert _text(document) == "**Công an xã:** xử lý nhanh"


def test_bold_of_a_style_counts_and_can_be_switched_off() -> None:
    document = docx.Document()
    document.add_heading("Đầu mục", 1)
    document.add_heading("", 1).add_run("Thường").bold = False

    assert _text(document) == "**Đầu mục**\n\nThường"


def test_a_soft_line_break_stays_within_its_paragraph() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("T/M BAN THƯỜNG VỤ\nBÍ THƯ").bold = True

    assert _text(document) == "**T/M BAN THƯỜNG VỤ**\n**BÍ THƯ**"


def test_capitals_by_formatting_are_capitals() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("kế hoạch").font.all_caps = True

    assert _text(document) == "KẾ HOẠCH"


def test_deleted_hidden_and_field_words_are_left_out_and_inserted_ones_stay() -> None:
    document = docx.Document()
    _append(
        document.add_paragraph("Giao "),
        "<w:del><w:r><w:delText>Trạm Y tế</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Công an xã</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> kín</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> DATE </w:instrText></w:r>',
    )

    assert _text(document) == "Giao Công an xã"


def test_a_letterhead_in_a_table_becomes_plain_lines() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table.rows[0].cells, LETTERHEAD, strict=True):
        cell.text = text
    table.cell(1, 0).text, table.cell(1, 1).text = "Số: 12/KH-UBND", "Tân Quang, ngày 14 tháng 11 năm 2025"
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Triển khai chuyển đổi số")

    text = _text(document)
    facts = read_plan(text + "\n\nI. MỤC TIÊU\n\n- Đạt 90% số hộ.").document

    assert "|" not in text
    assert (facts.number, str(facts.date)) == ("12/KH-UBND", "2025-11-14")


def test_a_signature_beside_the_recipients_is_read_after_them() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Nơi nhận:\n- Thường trực Tỉnh ủy,\n- Lưu VT."
    table.cell(0, 1).text = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn A"

    facts = read_plan("KẾ HOẠCH\n\nI. MỤC TIÊU\n\n- Đạt 90% số hộ.\n\n" + _text(document)).document

    assert facts.distribution == ("Thường trực Tỉnh ủy", "Lưu VT")
    assert facts.signed_by == "Nguyễn Văn A"


def test_a_table_with_lines_becomes_rows_and_merged_cells_are_told() -> None:
    document = docx.Document()
    table = document.add_table(3, 3, style="Table Grid")
    for place, text in enumerate(("TT", "Nhiệm vụ", "Thời gian")):
        table.cell(0, place).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "1"
    table.cell(1, 1).text, table.cell(2, 1).text = "Rà soát | thống kê\nBáo cáo", "Tập huấn"
    table.cell(1, 2).text = "Quý I"

    assert _text(document).splitlines() == [
        "| TT | Nhiệm vụ | Thời gian |",
        "| 1 | Rà soát \\| thống kê<br>Báo cáo | Quý I |",
        "| ″ | Tập huấn |  |",
    ]


def test_a_cell_over_two_columns_has_its_words_in_the_first() -> None:
    document = docx.Document()
    table = document.add_table(2, 3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 2)).text = "I. Kinh tế"
    table.cell(1, 1).text = "Thu ngân sách"

    assert _text(document).splitlines() == ["| I. Kinh tế |  |  |", "|  | Thu ngân sách |  |"]


def test_footnotes_stand_behind_the_end_and_cut_no_clause() -> None:
    document = docx.Document()
    _append(document.add_paragraph("Có 05 trường"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    document.paragraphs[0].add_run(" đạt chuẩn.")
    _with_footnote(document, "Trường Tiểu học A.")

    assert _text(document) == "Có 05 trường đạt chuẩn.\n\nCHÚ THÍCH CUỐI TRANG\n\n(1) Trường Tiểu học A."


def test_words_in_a_text_box_are_read_once() -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    _append(
        document.add_paragraph("Kế hoạch"),
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box.format('DỰ THẢO')}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box.format('DỰ THẢO')}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )

    assert _text(document) == "DỰ THẢO\n\nKế hoạch"


@pytest.mark.parametrize("place", ["box", "cell", "margin", "paragraph"])
def test_a_secrecy_mark_is_found_wherever_word_lets_it_stand(place: str) -> None:
    document = docx.Document()
    if place == "box":
        _append(
            document.add_paragraph("Kế hoạch"),
            "<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></w:pict></w:r>",
        )
    elif place == "cell":
        document.add_table(1, 2).cell(0, 1).text = "TỐI MẬT"
    elif place == "margin":
        document.sections[0].header.paragraphs[0].text = "TUYỆT MẬT"
    else:
        document.add_paragraph().add_run("mật").font.all_caps = True
    document.add_paragraph("I. MỤC TIÊU")

    with pytest.raises(SecretDocument):
        read_plan(_text(document))


def test_a_file_of_pictures_only_says_how_to_send_them() -> None:
    document = docx.Document()
    _append(document.add_paragraph(), "<w:r><w:drawing/></w:r>")

    with pytest.raises(EmptyDocument, match="ảnh"):
        _text(document)


def test_letters_of_a_font_from_before_unicode_are_refused() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("KÕ ho¹ch triÓn khai").font.name = ".VnTime"

    with pytest.raises(WronglyEncodedDocument, match="Unicode"):
        _text(document)


def _text(document: Document) -> str:
    file = io.BytesIO()
    document.save(file)
    return read_docx(file.getvalue()).text


def _element(xml: str) -> BaseOxmlElement:
    return parse_xml(xml)


def _append(paragraph: Paragraph, xml: str) -> None:
    for child in list(_element(f"<w:p {NAMESPACES}>{xml}</w:p>")):
        paragraph._p.append(child)


def _list(document: Document, *levels: tuple[str, str]) -> int:
    numbering = document.part.numbering_part.element
    number = 70 + len(numbering)
    shapes = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum {NAMESPACES} w:abstractNumId="{number}">{shapes}</w:abstractNum>'
    numbering.insert(0, _element(abstract))
    numbering.append(
        _element(f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    )
    return number


def _same_list(document: Document, number: int, *, start: int) -> int:
    document.part.numbering_part.element.append(
        _element(
            f'<w:num {NAMESPACES} w:numId="{number + 500}"><w:abstractNumId w:val="{number}"/>'
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        )
    )
    return number + 500


def _numbered(paragraph: Paragraph, number: int, depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        _element(f'<w:numPr {NAMESPACES}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
    )
    assert properties.find(qn("w:numPr")) is not None


def _with_footnote(document: Document, text: str) -> None:
    xml = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    part = Part(
        PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
