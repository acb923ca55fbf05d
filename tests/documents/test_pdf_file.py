import io

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from fpdf import FPDF

from app.documents.decoding import DamagedDocument, EncryptedDocument, TooLargeDocument, UnsupportedDocument
from app.documents.pdf_file import count_pages, read_pdf, show
from app.documents.reading import read_plan
from app.documents.scan_words import SeenWord
from tests.documents.papers import Paper, as_pdf, as_scan, paper_is_there

pytestmark = pytest.mark.skipif(not paper_is_there(), reason="fonts-liberation2 is not installed")

SENTENCE = "Tuyên truyền, phổ biến chủ trương của Đảng đến cán bộ, đảng viên và Nhân dân trên địa bàn xã. "
LEFT = ("ỦY BAN NHÂN DÂN", "XÃ TÂN QUANG", "Số: 12/KH-UBND")
RIGHT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Tân Quang, ngày 14 tháng 11 năm 2025",
)


def test_a_letterhead_in_two_columns_is_read_column_by_column() -> None:
    paper = _paper()
    _beside(paper, LEFT, RIGHT)
    paper.ln(8)
    paper.put("KẾ HOẠCH", centred=True)
    paper.put("Triển khai chuyển đổi số", centred=True)
    paper.ln(4)
    paper.put("Căn cứ tình hình thực tế, xã ban hành kế hoạch như sau:")
    text = _text(paper)

    assert text.startswith("\n".join((*LEFT, *RIGHT)))
    facts = read_plan(text + "\n\nI. MỤC TIÊU\n\n- Đạt 90% số hộ.").document
    assert (facts.number, str(facts.date)) == ("12/KH-UBND", "2025-11-14")
    assert facts.title == "KẾ HOẠCH Triển khai chuyển đổi số"


def test_a_signature_beside_the_recipients_is_read_after_them() -> None:
    paper = _paper()
    paper.put(SENTENCE * 2)
    paper.ln(4)
    recipients = ("Nơi nhận:", "- Thường trực Tỉnh ủy;", "- Các chi bộ;", "- Các trường;", "- Lưu VT.")
    _beside(paper, recipients, ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "", "", "", "Nguyễn Văn A"))

    facts = read_plan("KẾ HOẠCH\n\nI. MỤC TIÊU\n\n- Đạt 90% số hộ.\n\n" + _text(paper)).document

    assert facts.distribution == ("Thường trực Tỉnh ủy", "Các chi bộ", "Các trường", "Lưu VT")
    assert (facts.signed_as, facts.signed_by) == ("TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH", "Nguyễn Văn A")


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    paper = _paper()
    for _ in range(8):
        paper.put(SENTENCE * 6)
        paper.ln(2)

    paragraphs = _text(paper).split("\n\n")

    assert [one for one in paragraphs if one != "2"] == [(SENTENCE * 6).strip()] * 8
    assert "2" in paragraphs


def test_paragraphs_without_space_between_are_told_by_their_last_lines_and_signs() -> None:
    paper = _paper()
    items = ["- " + SENTENCE * count + "Hết." for count in (1, 2, 1, 3, 2, 1)]
    for item in items:
        paper.put(item)

    assert _text(paper).split("\n\n") == items


def test_hanging_items_are_whole() -> None:
    paper = _paper()
    for _ in range(3):
        left = paper.l_margin
        paper.set_font("serif", size=14)
        paper.cell(8, 7, "-")
        paper.set_left_margin(left + 8)
        paper.put(SENTENCE * 2)
        paper.set_left_margin(left)
        paper.set_x(left)

    assert _text(paper).split("\n\n") == ["- " + (SENTENCE * 2).strip()] * 3


def test_the_number_of_a_document_at_the_start_of_a_line_opens_no_clause() -> None:
    paper = _paper()
    for shift in range(12):
        paper.put("x" * shift + " thực hiện Nghị quyết số 71-NQ/TW, Chương trình số 02-CTr/TU" * 4 + ".")
        paper.ln(2)

    assert len([one for one in _text(paper).split("\n\n") if not one.isdigit()]) == 12


def test_a_line_broken_behind_a_hyphen_is_put_together_without_a_space() -> None:
    paper = _paper()
    for shift in range(12):
        paper.put(
            f"Theo Quyết định số {'1' * shift}/QĐ-UBND-NGÀY-NĂM-XÃ-TỈNH-VIỆC-LÀM-NHÂN-DÂN-TOÀN-QUỐC nay."
        )
        paper.ln(2)

    assert "- " not in _text(paper)


def test_a_heading_in_capitals_or_bold_that_fills_its_line_stays_one() -> None:
    paper = _paper()
    for heading in (
        "I. NỘI DUNG, TIẾN ĐỘ, PHÂN CÔNG THỰC HIỆN",
        "**2. Phân công các cơ quan, đơn vị thực hiện việc**",
    ):
        paper.put(heading)
        paper.put(SENTENCE * 2)

    headings = [one for one in _text(paper).split("\n\n") if one[:2] in ("I.", "**")]

    assert [one.endswith(("THỰC HIỆN", "việc**")) for one in headings] == [True, True]


def test_a_title_close_below_the_letterhead_belongs_to_no_column() -> None:
    paper = _paper()
    _beside(paper, LEFT, RIGHT)
    paper.put("KẾ HOẠCH", centred=True)
    paper.put(SENTENCE * 2)

    assert _text(paper).split("\n\n")[1] == "KẾ HOẠCH"


def test_what_is_printed_on_every_page_is_no_text() -> None:
    class Running(Paper):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("serif", size=10)
            self.cell(0, 5, "Kế hoạch chuyển đổi số xã Tân Quang")

    paper = Running(page_numbers=True)
    for _ in range(20):
        paper.put(SENTENCE * 6)
        paper.ln(2)

    assert _text(paper).count("Kế hoạch chuyển đổi số") <= 1


def test_bold_words_are_marked() -> None:
    paper = _paper()
    paper.put("**Công an xã:** tuần tra.")

    assert _text(paper) == "**Công an xã:** tuần tra."


def test_a_table_with_lines_becomes_rows() -> None:
    paper = _paper()
    paper.put("PHỤ LỤC", centred=True)
    rows = [
        ("TT", "Nhiệm vụ", "Thời gian"),
        ("1", SENTENCE.strip(), "Quý I/2026"),
        ("2", "Tập huấn | thi", ""),
    ]
    with paper.table(col_widths=(10, 60, 30), first_row_as_headings=False) as table:
        for row in rows:
            table.row(row)
    paper.put("Hết.")

    assert _text(paper).splitlines()[2:5] == [
        "| TT | Nhiệm vụ | Thời gian |",
        f"| 1 | {SENTENCE.strip()} | Quý I/2026 |",
        "| 2 | Tập huấn \\| thi |  |",
    ]
    assert _text(paper).endswith("Hết.")


def test_merged_cells_of_a_table_are_told() -> None:
    paper = _paper()
    paper.set_font("serif", size=12)
    with paper.table(first_row_as_headings=False) as table:
        head = table.row()
        head.cell("I. Kinh tế", colspan=3)
        first = table.row()
        first.cell("1", rowspan=2)
        first.cell("Thu")
        first.cell("95%")
        second = table.row()
        second.cell("Chi")
        second.cell("90%")

    assert _text(paper).splitlines() == ["| I. Kinh tế |  |  |", "| 1 | Thu | 95% |", "| ″ | Chi | 90% |"]


def test_a_page_that_is_stored_on_its_side_reads_the_same() -> None:
    upright = as_pdf(SENTENCE * 3)

    assert _read(_stored_on_its_side(upright)) == _read(upright)


def test_only_the_pages_without_words_are_seen() -> None:
    asked: list[int] = []

    def see(picture: object) -> list[SeenWord]:
        asked.append(1)
        return [
            SeenWord("Trang", 100, 100, 200, 130, (100, 130), 96),
            SeenWord("quét", 210, 100, 300, 130, (100, 130), 91),
        ]

    paper = _paper()
    paper.put(SENTENCE)
    scan = as_scan(bytes(paper.output()), dots_per_inch=60)
    source = read_pdf(_together(as_pdf("KẾ HOẠCH\n\n" + SENTENCE * 2), scan), see, lambda text: None)

    assert (source.pages, len(asked), source.text.endswith("Trang quét")) == (2, 1, True)
    assert [word.confidence for word in source.words][-2:] == [96, 91]


def test_a_password_is_said_to_be_in_the_way() -> None:
    paper = _paper()
    paper.put(SENTENCE)
    paper.set_encryption(owner_password="chu", user_password="mat-khau")

    with pytest.raises(EncryptedDocument, match="mật khẩu"):
        _text(paper)


def test_more_than_200_pages_are_refused() -> None:
    paper = FPDF()
    for _ in range(201):
        paper.add_page()

    with pytest.raises(TooLargeDocument, match="200 trang"):
        count_pages(bytes(paper.output()))


def test_half_a_pdf_is_refused() -> None:
    with pytest.raises(DamagedDocument):
        _read(b"%PDF-1.7\n" + as_pdf(SENTENCE)[:200])


def test_a_page_is_drawn_as_wide_as_asked() -> None:
    drawn = show(as_pdf(SENTENCE), 1, 700)

    assert drawn.startswith(b"\xff\xd8")
    with pytest.raises(UnsupportedDocument):
        show(as_pdf(SENTENCE), 2, 700)


def _paper() -> Paper:
    return Paper(page_numbers=True)


def _beside(paper: Paper, left: tuple[str, ...], right: tuple[str, ...]) -> None:
    paper.set_font("serif", size=12)
    top = paper.get_y()
    for number in range(max(len(left), len(right))):
        for column, width, lines in ((20, 70, left), (95, 95, right)):
            paper.set_xy(column, top + 6 * number)
            paper.cell(width, 6, lines[number] if number < len(lines) else "", align="C")
    paper.set_xy(paper.l_margin, top + 6 * (number + 1))


def _stored_on_its_side(data: bytes) -> bytes:
    """Lying in the file, and marked to be shown turned by a quarter: it looks as before."""
    document = pdfium.PdfDocument(data)
    page = document[0]
    width, height = page.get_size()
    raw.FPDFPage_TransFormWithClip(page, raw.FS_MATRIX(0, 1, -1, 0, height, 0), None)
    page.set_mediabox(0, 0, height, width)
    page.set_rotation(90)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _together(*files: bytes) -> bytes:
    whole = pdfium.PdfDocument.new()
    for file in files:
        whole.import_pages(pdfium.PdfDocument(file))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _text(paper: FPDF) -> str:
    return _read(bytes(paper.output()))


def _read(data: bytes) -> str:
    return read_pdf(data, lambda picture: [], lambda text: None).text
