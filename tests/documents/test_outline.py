import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.decoding import UnreadableDocument
from app.documents.markers import find_marker, read_marks
from app.documents.reading import read_plan
from app.documents.sections import classify
from app.documents.sentences import split_sentences
from app.documents.values import Passage
from tests.documents.plans import body

_LINES = [
    "I. MỤC TIÊU",
    "II- TỔ CHỨC THỰC HIỆN",
    "1. Công an xã",
    "*2.1. *Phòng Kinh tế chủ trì.",
    "a) Làm việc",
    "- Đạt 90% hộ dân năm 2030,",
    "+ việc nhỏ",
    "tiếp tục dòng trên",
    "**Nơi nhận:**",
    "3. ***Công an xã:*** tuần tra.",
    "**_1\\. Phòng Kinh tế_**",
    "\\- Chủ trì.",
    "TM. ỦY BAN NHÂN DÂN",
    "|",
    "| a | b |",
    "-----",
    "2",
    "",
    "   ",
    "KẾ HOẠCH",
    "PHỤ LỤC",
    "\ufeff",
    "Số: 12-KH/ĐU\tngày 1 tháng 2 năm 2026",
]


def _paths(text: str) -> dict[str, str]:
    return {passage.path: passage.text for passage in body(text).passages if passage.path}


@given(
    st.lists(st.sampled_from(_LINES) | st.text(max_size=12), max_size=40),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
@settings(max_examples=150, deadline=None)
def test_every_visible_character_belongs_to_exactly_one_passage(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    try:
        passages = read_plan(text).passages
    except UnreadableDocument:
        return

    covered = [0] * len(text)
    for passage in passages:
        for place in range(passage.start, passage.end):
            covered[place] += 1
    assert max(covered, default=0) <= 1
    assert all(count == 1 for count, letter in zip(covered, text, strict=True) if not letter.isspace())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I. MỤC ĐÍCH", "I"),
        ("IV- TỔ CHỨC", "IV"),
        ("1. Mục tiêu", "1"),
        ("1- Mục tiêu", "1"),
        ("2.10. Đề nghị", "2.10"),
        ("1.3 Xây dựng", "1.3"),
        ("đ) Tham mưu", "đ"),
        ("(2) Tổ chức", "2"),
        ("- Làm", "-"),
        ("– Làm", "-"),
        ("+ Làm", "+"),
        ("-Làm", "-"),
        ("* Về giáo dục", "*"),
        ("1. 100% hộ dân", "1"),
    ],
)
def test_the_signs_that_open_clauses_are_known(text: str, label: str) -> None:
    marker = find_marker(text)

    assert marker is not None
    assert marker.label == label


@pytest.mark.parametrize(
    "text", ["2025. Tiếp tục", "1,5 triệu", "1.200 hộ", "90% hộ", "Vì vậy", "a, b", "I love", "16/8/2019"]
)
def test_figures_and_words_open_no_clause(text: str) -> None:
    assert find_marker(text) is None


def test_bold_and_leading_italics_are_taken_off_and_remembered() -> None:
    marked = read_marks("*2.1. *Bám **sát** quan điểm")
    heading = read_marks("**I. MỤC ĐÍCH**")
    lead = read_marks("**Công an xã:** xử lý")

    assert marked.body == "Bám sát quan điểm"
    assert heading.is_bold
    assert (lead.lead, lead.is_bold) == ("Công an xã:", False)


def test_italics_inside_a_sentence_stay_as_issued() -> None:
    assert read_marks("học bạ số (*mầm non*), văn bằng").text == "học bạ số (*mầm non*), văn bằng"


@pytest.mark.parametrize(
    ("raw", "text", "lead"),
    [
        ("3. ***Công an xã:*** tuần tra.", "3. Công an xã: tuần tra.", "Công an xã:"),
        ("1. *Đề nghị* **Hội Nông dân**: làm.", "1. Đề nghị Hội Nông dân: làm.", "Đề nghị Hội Nông dân"),
        ("- *Công an xã:* tuần tra.", "- Công an xã: tuần tra.", "Công an xã:"),
        ("2. _Trạm Y tế_: trực.", "2. Trạm Y tế: trực.", "Trạm Y tế"),
        ("**_1. Phòng Kinh tế_**", "1. Phòng Kinh tế", "Phòng Kinh tế"),
        ("**_4._ _Đoàn xã_**", "4. Đoàn xã", "Đoàn xã"),
        ("_**Công an xã:**_ tuần tra.", "Công an xã: tuần tra.", "Công an xã:"),
        ("- *(Có biểu kèm theo)*", "- *(Có biểu kèm theo)*", ""),
    ],
)
def test_marks_of_every_kind_at_a_clauses_head_are_emphasis(raw: str, text: str, lead: str) -> None:
    marked = read_marks(raw)

    assert (marked.text, marked.lead) == (text, lead)


def test_a_sign_behind_a_backslash_is_that_sign() -> None:
    text = (
        "II\\. TỔ CHỨC THỰC HIỆN\n\n**1\\. Công an xã**\n\n\\- Tuần tra.\n\n2\\) Trạm Y tế xã\n\n\\+ Trực.\n"
    )
    reading = body(text)

    assert [(unit.name, [duty.text for duty in unit.duties]) for unit in reading.units] == [
        ("Công an xã", ["Tuần tra."]),
        ("Trạm Y tế xã", ["Trực."]),
    ]


def test_paths_name_the_clause() -> None:
    paths = _paths(
        "III. NHIỆM VỤ\n\n1. Một\n\na) Hai\n\n- Ba\n\n+ Bốn\n\n- Năm\n\n2. Sáu\n\n2.1. Bảy\n\nĐoạn tám.\n\nIV. HẾT"
    )

    assert paths["III.1.a"] == "a) Hai"
    assert paths["III.1.a.-1.+1"] == "+ Bốn"
    assert paths["III.1.a.-2"] == "- Năm"
    assert paths["III.2.1"] == "2.1. Bảy"
    assert paths["III.2.1.¶1"] == "Đoạn tám."


def test_a_paragraph_cut_by_a_page_break_is_joined_and_the_join_shown() -> None:
    text = "KẾ HOẠCH\n\nI. MỤC TIÊU\n\nTổ chức tuyên truyền thường xuyên qua hệ thống\n\n2\n\nloa phát thanh.\n\nHết."
    reading = read_plan(text)

    (joined,) = [passage for passage in reading.passages if passage.joins]
    assert joined.text == "Tổ chức tuyên truyền thường xuyên qua hệ thống loa phát thanh."
    assert text[joined.joins[0] :].startswith("loa phát thanh")
    assert [warning.passage for warning in reading.warnings if warning.code == "broken_paragraph"] == [
        joined.id
    ]


def test_hard_wrapped_lines_are_one_paragraph_without_a_warning() -> None:
    reading = body("I. MỤC\nTIÊU\n\n- Làm tốt việc của\nỦy ban nhân dân xã\nvà các thôn.")

    assert "- Làm tốt việc của Ủy ban nhân dân xã và các thôn." in {
        passage.text for passage in reading.passages
    }
    assert not [warning for warning in reading.warnings if warning.code == "broken_paragraph"]


def test_a_dash_carried_over_by_the_wrap_opens_no_clause() -> None:
    reading = body("I. MỤC TIÊU\n\n- Phát triển kinh tế\n- xã hội của địa phương.\n\n- Giữ gìn trật tự.")

    assert "- Phát triển kinh tế - xã hội của địa phương." in {passage.text for passage in reading.passages}


def test_offsets_point_into_the_files_own_text() -> None:
    text = "KẾ HOẠCH\r\n\r\n**I. MỤC\r\nTIÊU**\r\n\r\n- Đạt 90%.\r\n"

    heading = next(passage for passage in read_plan(text).passages if passage.path == "I")

    assert text[heading.start : heading.end] == "**I. MỤC\r\nTIÊU**"
    assert heading.text == "I. MỤC TIÊU"


def test_decomposed_letters_are_read_like_composed_ones() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám bệnh.")
    reading = read_plan(text)

    assert [unit.name for unit in reading.units] == ["Trạm Y tế"]
    assert reading.passages[-1].end == len(text)


def test_closing_parts_are_not_clauses() -> None:
    kinds = {
        p.kind
        for p in body("I. MỤC TIÊU\n\nLàm.\n\nNơi nhận:\n- Lưu VT.\n\nTM. BAN\n\nPHỤ LỤC\nBảng").passages
    }

    assert {"recipients", "signature", "annex", "title"} <= kinds


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("MỤC ĐÍCH, YÊU CẦU", "purpose"),
        ("QUAN ĐIỂM, MỤC TIÊU", "objectives"),
        ("NHIỆM VỤ, GIẢI PHÁP, PHÂN CÔNG TRÁCH NHIỆM", "tasks"),
        ("NỘI DUNG, HÌNH THỨC TỔ CHỨC THỰC HIỆN", "tasks"),
        ("PHÂN CÔNG, TỔ CHỨC THỰC HIỆN", "organisation"),
        ("KINH PHÍ THỰC HIỆN", "budget"),
        ("CHẾ ĐỘ THÔNG TIN, BÁO CÁO", "other"),
        ("LỜI NÓI ĐẦU", None),
    ],
)
def test_a_heading_says_what_its_section_is_about(heading: str, kind: str | None) -> None:
    assert classify(heading) == kind


def test_a_task_that_speaks_of_carrying_out_opens_no_list_of_organisations() -> None:
    reading = body(
        "I. NHIỆM VỤ\n\n1. Công tác tuyên truyền\n\n1.1. Ban hành kế hoạch\n\n- Một.\n\n"
        "1.2. Tổ chức thực hiện công tác tuyên truyền\n\n- Hai.\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Ba."
    )

    assert [len(group.tasks) for group in reading.task_groups] == [2]


def test_clauses_that_became_nothing_are_left_over() -> None:
    reading = body("I. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\nTrên đây là Kế hoạch.")

    left = [passage for passage in reading.passages if passage.id in reading.leftovers]
    assert [passage.text for passage in left] == ["Trên đây là Kế hoạch."]
    assert isinstance(left[0], Passage)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Làm một. Làm hai.", 2),
        ("Làm một; Làm hai.", 1),
        ("Đạt mức độ 3. Phấn đấu tiếp.", 2),
        ("Gặp TS. Nam và ThS. Hòa.", 1),
        ("Phong trào “Học. Hành. Làm” lan rộng.", 1),
        ("Loa, đài... Tăng thời lượng.", 2),
        ("Theo quy định (khoản 1. Điều 2) hiện hành.", 1),
        ("Đạt 99,9% và 26.120 cây.", 1),
    ],
)
def test_sentences_are_split_with_care(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_an_order_amid_the_tasks_does_not_end_the_plan() -> None:
    reading = body(
        "I. NHIỆM VỤ\n\n1. Lãnh đạo\n\nTăng cường tuyên truyền.\n\nYêu cầu người đứng đầu cấp ủy nêu gương.\n\n"
        "Ghi các chỉ tiêu vào kế hoạch hằng năm.\n\n2. Nguồn lực\n\nBố trí vốn cho trường học.\n"
    )

    assert [len(group.tasks) for group in reading.task_groups] == [3, 1]


def test_the_line_under_the_number_of_a_part_is_its_title() -> None:
    reading = body(
        "PHẦN THỨ HAI\n\nNHIỆM VỤ, GIẢI PHÁP\n\nI. Tuyên truyền\n\n1. Phát tờ rơi.\n\nII. Ra quân\n\n1. Đợt một.\n\n"
        "PHẦN THỨ BA\nTỔ CHỨC THỰC HIỆN\n\nI. Phòng Kinh tế\n\n- Chủ trì.\n\nII. Công an xã\n\n- Tuần tra."
    )

    assert [group.heading for group in reading.task_groups] == ["I. Tuyên truyền", "II. Ra quân"]
    assert [unit.name for unit in reading.units] == ["Phòng Kinh tế", "Công an xã"]
    assert reading.leftovers == ()
    assert {p.path: p.text for p in reading.passages}["BA"] == "PHẦN THỨ BA TỔ CHỨC THỰC HIỆN"


def test_phan_lon_opens_no_part() -> None:
    assert find_marker("Phần lớn các hộ đã ký cam kết.") is None
