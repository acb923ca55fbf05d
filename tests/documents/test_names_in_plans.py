"""Where organisations' names begin and end in the forms that plans use."""

import pytest

from app.documents.organisations import find_organisation, is_group_name
from tests.documents.plans import assignments, body


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        # the capitals of a name are no verbs, and what goes on behind them is none either
        ("Sở Giáo dục và Đào tạo: Chỉ đạo các trường học.", "Sở Giáo dục và Đào tạo"),
        (
            "Trung tâm Văn hóa, Thông tin và Truyền thông phường đưa tin.",
            "Trung tâm Văn hóa, Thông tin và Truyền thông phường",
        ),
        # quotes and brackets belong to the name
        (
            "Ban Chỉ đạo phong trào “Toàn dân đoàn kết xây dựng đời sống văn hóa” xã hướng dẫn các thôn.",
            "Ban Chỉ đạo phong trào “Toàn dân đoàn kết xây dựng đời sống văn hóa” xã",
        ),
        # which units are meant
        (
            "Các đơn vị được giao chủ trì các nhiệm vụ xây dựng kế hoạch.",
            "Các đơn vị được giao chủ trì các nhiệm vụ",
        ),
        # a list behind the colon
        ("Các Sở: Tài chính, Nội vụ, Y tế: theo chức năng phối hợp.", "Các Sở: Tài chính, Nội vụ, Y tế"),
        # an office we know, before a verb we do not
        ("Sở Tài chính rót vốn cho các dự án.", "Sở Tài chính"),
        # words that look like verbs and are none
        (
            "Các đơn vị sự nghiệp công lập thuộc tỉnh rà soát quy chế.",
            "Các đơn vị sự nghiệp công lập thuộc tỉnh",
        ),
        (
            "Các đồng chí Thành ủy viên, lãnh đạo các ban Đảng theo dõi.",
            "Các đồng chí Thành ủy viên, lãnh đạo các ban Đảng",
        ),
        # more heads
        ("Chánh Văn phòng UBND tỉnh chịu trách nhiệm thi hành.", "Chánh Văn phòng UBND tỉnh"),
        ("Thống kê tỉnh cung cấp số liệu.", "Thống kê tỉnh"),
        ("Liên minh Hợp tác xã tỉnh vận động thành viên.", "Liên minh Hợp tác xã tỉnh"),
        ("UB MTTQ Việt Nam phường vận động Nhân dân.", "UB MTTQ Việt Nam phường"),
        ("Ông Lê Văn C - Trưởng Công an xã: bảo đảm an ninh.", "Ông Lê Văn C - Trưởng Công an xã"),
        # what stands before the name
        ("Giao trách nhiệm cho Công an xã tuần tra.", "Công an xã"),
        ("Cơ quan chủ trì: Công an xã tuần tra.", "Công an xã"),
        ("UBND xã giao Công an xã tuần tra.", "Công an xã"),
    ],
)
def test_a_name_ends_where_its_duty_begins(clause: str, name: str) -> None:
    found = find_organisation(clause)

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "clause", ["Cung cấp số liệu cho tỉnh.", "Bà con các thôn hưởng ứng.", "Khoa học phát triển mạnh."]
)
def test_words_that_begin_like_a_name_are_none(clause: str) -> None:
    assert find_organisation(clause) is None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        (
            "Phòng Giáo dục Mầm non, Phòng Giáo dục thường xuyên",
            "Phòng Giáo dục Mầm non, Phòng Giáo dục thường xuyên",
        ),
        ("Các cơ quan tham mưu, giúp việc Đảng ủy", "Các cơ quan tham mưu, giúp việc Đảng ủy"),
        ("Sở Y tế có trách nhiệm:", "Sở Y tế"),
    ],
)
def test_a_heading_is_a_name_up_to_a_verb_that_cannot_be_part_of_it(heading: str, name: str) -> None:
    (unit,) = assignments(f"1. {heading}\n\n- Tuyên truyền.")

    assert unit.name == name


def test_one_party_committee_is_no_group_however_many_it_leads() -> None:
    assert not is_group_name("Đảng ủy Mặt trận Tổ quốc và các đoàn thể tỉnh")
    assert not is_group_name("Đảng ủy các cơ quan Đảng tỉnh")
    assert is_group_name("Đảng ủy các xã, phường")
    assert is_group_name("Các cấp ủy, tổ chức đảng trực thuộc Tỉnh ủy")


def test_a_level_over_named_paragraphs_gathers_them() -> None:
    units = assignments(
        "1. Cấp tỉnh\n\n- Ban Thường trực tỉnh ban hành Kế hoạch.\n\n- Văn phòng chuẩn bị kinh phí.\n\n"
        "2. Các thôn\n\n- Tuyên truyền."
    )

    assert [unit.name for unit in units] == ["Ban Thường trực tỉnh", "Văn phòng", "Các thôn"]


def test_a_name_over_its_own_numbered_parts_gathers_them() -> None:
    units = assignments(
        "1. Hội LHPN tỉnh\n\n1.1. Ban Thường vụ Hội chỉ đạo chung.\n\n1.2. Ban Kinh tế\n\n- Tập huấn.\n\n"
        "1.3. Văn phòng Hội: Bố trí kinh phí.\n\n2. Hội LHPN các xã\n\n- Báo cáo."
    )

    assert [unit.name for unit in units] == [
        "Ban Thường vụ Hội",
        "Ban Kinh tế",
        "Văn phòng Hội",
        "Hội LHPN các xã",
    ]


def test_an_organisation_over_its_people_stays_one() -> None:
    (unit,) = assignments(
        "1. Công an xã\n\n- Lực lượng công an tuần tra.\n\n- Phân công cán bộ trực.\n\n- Báo cáo hằng tuần."
    )

    assert unit.name == "Công an xã"
    assert len(unit.duties) == 3


def test_unknown_words_before_a_colon_among_names_are_a_name() -> None:
    units = assignments(
        "1. Công an xã: Tuần tra.\n\n2. Ban Giám hiệu: Xây dựng kế hoạch.\n\n3. Tổ tư vấn: Tiếp nhận thông tin."
        "\n\n4. Thầy cô coi thi: Trực cổng.\n\n5. Kinh phí: Từ ngân sách."
    )

    assert [unit.name for unit in units] == ["Công an xã", "Ban Giám hiệu", "Tổ tư vấn", "Thầy cô coi thi"]


def test_bold_lines_are_sections_and_names_where_nothing_is_numbered() -> None:
    reading = body(
        "**Mục tiêu**\n\n* Năm 2030 đạt 100% hộ dùng điện.\n\n**Tổ chức thực hiện**\n\n**Ủy ban nhân dân xã**\n\n"
        "* Bố trí kinh phí.\n\n**Văn phòng Đảng ủy**\n\n* Theo dõi."
    )

    assert [unit.name for unit in reading.units] == ["Ủy ban nhân dân xã", "Văn phòng Đảng ủy"]
    assert [indicator.horizon for indicator in reading.indicators] == [2030]


@pytest.mark.parametrize(
    "closing",
    [
        "Yêu cầu Giám đốc các sở nghiêm túc thực hiện.",
        "Nếu có vướng mắc, báo cáo về Sở Y tế.",
        "Kế hoạch này thay Kế hoạch cũ.",
    ],
)
def test_general_words_at_the_end_belong_to_no_unit(closing: str) -> None:
    (unit,) = assignments(f"**1. Sở Y tế:** chủ trì hướng dẫn.\n\n{closing}")

    assert [duty.text for duty in unit.duties] == ["chủ trì hướng dẫn."]
