import pytest

from app.documents.spelling import find_misread, is_possible_syllable
from tests.documents.plans import body


def _codes(text: str) -> list[str]:
    ending = "\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    return [warning.code for warning in body(text + ending).warnings]


@pytest.mark.parametrize(
    "clause",
    [
        "Năm 2030 đạt trên 100% hộ dân.",
        "Năm 2030 đạt ít nhất 100% hộ dân.",
        "Năm 2030 đạt 120% hộ dân.",
        "Năm 2030 đạt 50 - 40% hộ dân.",
    ],
)
def test_an_impossible_figure_is_pointed_out(clause: str) -> None:
    assert _codes(f"I. MỤC TIÊU\n\n- {clause}") == ["impossible_figure"]


@pytest.mark.parametrize(
    "clause", ["Năm 2030 số khách tăng 120%.", "Năm 2030 thu đạt 110% dự toán.", "Năm 2030 đạt 100% hộ."]
)
def test_a_possible_figure_is_not(clause: str) -> None:
    assert _codes(f"I. MỤC TIÊU\n\n- {clause}") == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("về chuyên đổi số", "chuyển đổi"),
        ("phần đầu ít nhất 90%", "phấn đấu"),
        ("cập nhật kip thời", "kịp thời"),
        ("tổ chức quán triểt", "quán triệt"),
        ("trên nền tàng số", "nền tảng"),
        ("Phó chỉ tịch xã", "chủ tịch"),
        ("tỉnh Tuyền Quang", "Tuyên Quang"),
        ("lĩnh vực avf khác", None),
    ],
)
def test_a_likely_misreading_is_pointed_out(text: str, meant: str | None) -> None:
    assert [misread.meant for misread in find_misread(text)] == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "phần đầu của buổi lễ",
        "tâm tư nguyện vọng của Nhân dân",
        "khơi dậy mạnh mẽ phong trào",
        "chủ động bố trí kinh phí",
        "lao động kỹ năng cao, mỗi trường một phòng",
        "công nghệ chip, robot, website, Internet và dữ liệu lớn",
        "khuya khoắt, quyết liệt, nghiêng, thuở, quốc, giặt",
    ],
)
def test_good_vietnamese_is_left_alone(text: str) -> None:
    assert find_misread(text) == []


@pytest.mark.parametrize(
    "syllable", ["kịp", "triệt", "nghiêng", "quyền", "khoẻ", "đ", "giếng", "uống", "yêu", "xoong"]
)
def test_real_syllables_are_possible(syllable: str) -> None:
    assert is_possible_syllable(syllable)


@pytest.mark.parametrize("syllable", ["kip", "triểt", "nghiêp", "đươc", "avf"])
def test_letters_no_syllable_has_are_not(syllable: str) -> None:
    assert not is_possible_syllable(syllable)


def test_a_doubled_word_is_pointed_out_but_not_reduplication() -> None:
    assert _codes("I. YÊU CẦU\n\n- An toàn trong trong các khu.") == ["doubled_word"]
    assert _codes("I. YÊU CẦU\n\n- Dần dần xử lý hành vi vi phạm.") == []


def test_a_missing_and_a_repeated_number_are_pointed_out() -> None:
    assert _codes("I. YÊU CẦU\n\n1. Một.\n\n3. Ba.\n\n3. Bốn.") == ["numbering_gap", "numbering_gap"]
    assert _codes("I. YÊU CẦU\n\nd) Một.\n\nđ) Hai.\n\ne) Ba.") == []


def test_a_reference_with_stray_spaces_is_pointed_out() -> None:
    assert _codes("I. YÊU CẦU\n\n- Theo Kết luận số 132- KL/TW.") == ["reference_spelling"]


def test_a_target_without_a_year_is_listed_once_per_clause() -> None:
    assert _codes("I. MỤC TIÊU\n\n- Đạt 90% hộ; 80% thôn.") == ["target_without_horizon"]


def test_an_organisation_without_duties_is_pointed_out() -> None:
    reading = body("I. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\n2. Trạm Y tế.")

    assert [(w.code, w.excerpt) for w in reading.warnings] == [("organisation_without_duties", "Trạm Y tế")]


def test_warnings_stand_beside_their_clause() -> None:
    reading = body("I. MỤC TIÊU\n\n- Năm 2030 đạt trên 100% hộ dân.")

    warning = next(warning for warning in reading.warnings if warning.code == "impossible_figure")
    assert warning.passage in {passage.id for passage in reading.passages}
    assert warning.excerpt.startswith("Năm 2030")
