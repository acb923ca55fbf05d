import pytest

from app.documents.organisations import find_organisation, is_group_name, is_organisation_name
from tests.documents.plans import assignments, body


@pytest.mark.parametrize(
    ("clause", "name", "rest"),
    [
        ("Văn phòng Đảng ủy: theo dõi chung.", "Văn phòng Đảng ủy", "theo dõi chung."),
        ("Trung tâm Chính trị xã mở lớp bồi dưỡng.", "Trung tâm Chính trị xã", "mở lớp bồi dưỡng."),
        ("Sở Xây dựng chủ trì thẩm định.", "Sở Xây dựng", "chủ trì thẩm định."),
        ("Ban chỉ đạo chuyển đổi số xã theo dõi.", "Ban chỉ đạo chuyển đổi số xã", "theo dõi."),
        (
            "Đảng ủy Ủy ban nhân dân xã lãnh đạo thực hiện.",
            "Đảng ủy Ủy ban nhân dân xã",
            "lãnh đạo thực hiện.",
        ),
        (
            "Các cơ quan, đơn vị, tổ chức có liên quan tổ chức thực hiện tốt.",
            "Các cơ quan, đơn vị, tổ chức có liên quan",
            "tổ chức thực hiện tốt.",
        ),
        (
            "Hội đồng phối hợp phổ biến giáo dục pháp luật xã chủ trì cuộc thi.",
            "Hội đồng phối hợp phổ biến giáo dục pháp luật xã",
            "chủ trì cuộc thi.",
        ),
        (
            "Ban Quản lý dự án đầu tư xây dựng xã lập hồ sơ.",
            "Ban Quản lý dự án đầu tư xây dựng xã",
            "lập hồ sơ.",
        ),
        ("Phòng Kinh tế (cơ quan thường trực): tổng hợp.", "Phòng Kinh tế", "tổng hợp."),
        ("Trách nhiệm của Phòng Kinh tế: tổng hợp.", "Phòng Kinh tế", "tổng hợp."),
        ("Đồng thời, giao Công an tỉnh chủ trì rà soát.", "Công an tỉnh", "chủ trì rà soát."),
    ],
)
def test_a_name_ends_where_its_duty_begins(clause: str, name: str, rest: str) -> None:
    found = find_organisation(clause)

    assert found is not None
    assert (found.name, found.rest) == (name, rest)


@pytest.mark.parametrize(
    ("clause", "is_requested"),
    [
        ("Đề nghị Hội Nông dân xã vận động hội viên.", True),
        ("Giao Hội Nông dân xã vận động hội viên.", False),
        ("Hội Nông dân xã vận động hội viên.", False),
    ],
)
def test_a_request_is_told_from_an_order(clause: str, *, is_requested: bool) -> None:
    found = find_organisation(clause)

    assert found is not None
    assert found.name == "Hội Nông dân xã"
    assert found.is_requested is is_requested


@pytest.mark.parametrize(
    "clause",
    [
        "Kinh phí thực hiện: từ ngân sách.",
        "Chế độ báo cáo: trước ngày 15.",
        "Tổ chức quán triệt Nghị quyết.",
        "Ban hành kế hoạch cụ thể.",
        "Phòng, chống ma túy là việc của toàn dân.",
        "Các nhiệm vụ trên phải hoàn thành.",
        "Hội nghị sơ kết: tháng 6.",
        "Báo cáo Ủy ban nhân dân xã kết quả.",
    ],
)
def test_what_names_nobody_is_no_organisation(clause: str) -> None:
    assert find_organisation(clause) is None


def test_a_name_alone_is_a_heading_and_a_sentence_is_not() -> None:
    assert is_organisation_name("Ban công tác Mặt trận các thôn trên địa bàn xã")
    assert not is_organisation_name("Phòng Kinh tế chủ trì, phối hợp với Công an xã")


@pytest.mark.parametrize(
    ("name", "is_group"),
    [
        ("Các chi bộ thôn", True),
        ("Ủy ban Mặt trận Tổ quốc xã và các đoàn thể", True),
        ("Ủy ban nhân dân xã, phường", True),
        ("Ủy ban nhân dân các xã, phường, đặc khu", True),
        ("Hiệu trưởng các trường học trên địa bàn", True),
        ("Bí thư chi bộ, Trưởng các thôn", True),
        ("Sở, ban, ngành, đoàn thể cấp tỉnh", True),
        ("Chi bộ trường học", True),
        ("Chi bộ thôn Tân Lập", False),
        ("Công an xã", False),
        ("Ban Quản lý các khu công nghệ cao", False),
        ("Viện kiểm sát nhân dân tỉnh, Tòa án nhân dân tỉnh", False),
        ("Đảng ủy các cơ quan Đảng phường", False),
    ],
)
def test_an_open_or_plural_set_is_a_group(name: str, *, is_group: bool) -> None:
    assert is_group_name(name) is is_group


@pytest.mark.parametrize(
    "heading",
    [
        "TỔ CHỨC THỰC HIỆN",
        "PHÂN CÔNG NHIỆM VỤ",
        "TRÁCH NHIỆM CỦA CÁC ĐƠN VỊ",
        "KINH PHÍ VÀ TỔ CHỨC THỰC HIỆN",
    ],
)
def test_the_list_is_found_under_its_many_headings(heading: str) -> None:
    units = assignments("1. Công an xã\n\n- Tuần tra.\n\n2. Trạm Y tế\n\n- Khám bệnh.", heading=heading)

    assert [unit.name for unit in units] == ["Công an xã", "Trạm Y tế"]


def test_a_list_of_organisations_is_found_under_a_heading_about_tasks() -> None:
    units = assignments(
        "1. Công an xã\n\n- Tuần tra.\n\n2. Trạm Y tế\n\n- Khám bệnh.", heading="NHIỆM VỤ CỤ THỂ"
    )

    assert [unit.name for unit in units] == ["Công an xã", "Trạm Y tế"]


def test_list_items_are_duties_and_what_is_nested_belongs_to_them() -> None:
    (unit,) = assignments("1. Công an xã\n\n- Tuần tra:\n\n+ Ban ngày.\n\n+ Ban đêm.\n\n- Trực ban.")

    assert [duty.text for duty in unit.duties] == ["Tuần tra:", "Trực ban."]
    assert len(unit.duties[0].details) == 2


def test_each_sentence_of_a_paragraph_is_a_duty() -> None:
    (unit,) = assignments("1. Công an xã tuần tra các điểm nóng; lập sổ theo dõi. Báo cáo hằng tuần.")

    assert [duty.text for duty in unit.duties] == [
        "tuần tra các điểm nóng; lập sổ theo dõi.",
        "Báo cáo hằng tuần.",
    ]


def test_general_clauses_give_nobody_a_duty() -> None:
    units = assignments(
        "1. Công an xã\n\n- Tuần tra.\n\n2. Chế độ báo cáo: Các đơn vị báo cáo trước ngày 20.\n\n"
        "Ủy ban nhân dân xã yêu cầu các đơn vị thực hiện nghiêm.\n\nTrên đây là Kế hoạch của Ủy ban nhân dân xã."
    )

    assert [unit.name for unit in units] == ["Công an xã"]


def test_an_order_away_from_the_list_is_a_task_the_unit_leads() -> None:
    reading = body(
        "II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\nGiao Công an xã theo dõi chung.\n\n"
        "Giao Trạm Y tế xã trực cấp cứu."
    )

    assert [(unit.name, [duty.text for duty in unit.duties]) for unit in reading.units] == [
        ("Công an xã", ["Tuần tra."]),
        ("Trạm Y tế xã", ["trực cấp cứu."]),
    ]
    ((task,),) = [group.tasks for group in reading.task_groups]
    assert (task.text, task.lead) == ("Giao Công an xã theo dõi chung.", ("Công an xã",))


def test_a_heading_of_unknown_words_among_organisations_is_taken_for_one() -> None:
    units = assignments(
        "1. Công an xã\n\n- Tuần tra.\n\n2. Trạm Y tế\n\n- Khám bệnh.\n\n3. Thầy thuốc thôn\n\n- Phát thuốc."
    )

    assert [unit.name for unit in units][-1] == "Thầy thuốc thôn"


def test_a_reporting_section_in_the_list_makes_no_organisation() -> None:
    reading = body(
        "II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\n2. Chế độ thông tin, báo cáo\n\n"
        "Các chi bộ, cơ quan báo cáo kết quả về Đảng ủy. Văn phòng Đảng ủy tổng hợp."
    )

    assert [unit.name for unit in reading.units] == ["Công an xã"]
    (leftover,) = [p.text for p in reading.passages if p.id in reading.leftovers]
    assert leftover.startswith("Các chi bộ, cơ quan báo cáo")


def test_sentences_of_a_paragraph_go_to_the_organisations_they_begin_with() -> None:
    units = assignments(
        "Giao Phòng Kinh tế là cơ quan đầu mối theo dõi. Báo cáo hằng tháng. Công an xã bảo đảm an ninh. "
        "Các thôn tuyên truyền nhân dân."
    )

    assert [(unit.name, [duty.text for duty in unit.duties]) for unit in units] == [
        ("Phòng Kinh tế", ["là cơ quan đầu mối theo dõi.", "Báo cáo hằng tháng."]),
        ("Công an xã", ["bảo đảm an ninh."]),
        ("Các thôn", ["tuyên truyền nhân dân."]),
    ]


def test_names_joined_by_semicolons_before_a_colon_are_one_head() -> None:
    (unit,) = assignments(
        "1. Các đảng ủy trực thuộc Tỉnh ủy; các ban đảng, Mặt trận Tổ quốc tỉnh: Căn cứ chức năng xây dựng kế hoạch; "
        "hoàn thành trong năm. Định kỳ báo cáo."
    )

    assert unit.name == "Các đảng ủy trực thuộc Tỉnh ủy; các ban đảng, Mặt trận Tổ quốc tỉnh"
    assert (unit.is_group, len(unit.duties)) == (True, 2)


def test_the_place_somebody_looks_after_is_no_part_of_the_name() -> None:
    (unit,) = assignments(
        "1. Các đồng chí Ủy viên Ban Thường vụ Đảng ủy theo địa bàn được phân công phụ trách trực tiếp chỉ đạo chi bộ."
    )

    assert unit.name == "Các đồng chí Ủy viên Ban Thường vụ Đảng ủy"
    assert len(unit.duties) == 1


def test_a_sentence_without_a_known_verb_is_no_organisation_without_duties() -> None:
    reading = body(
        "II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\n"
        "2. Các tổ an ninh ở những nơi xa trung tâm vẫn như những năm trước."
    )

    assert [unit.name for unit in reading.units] == ["Công an xã"]
    assert len(reading.leftovers) == 1


def test_a_sentence_about_things_stays_with_the_organisation_before_it() -> None:
    (unit,) = assignments("Phòng Kinh tế chủ trì theo dõi. Các khó khăn, vướng mắc phản ánh về xã.")

    assert (unit.name, len(unit.duties)) == ("Phòng Kinh tế", 2)


def test_a_list_under_inspection_names_its_organisations() -> None:
    units = assignments(
        "1. Công an xã\n\n- Tuần tra.\n\n2. Công tác kiểm tra, giám sát\n\n"
        "- Ủy ban Kiểm tra Đảng ủy: xây dựng kế hoạch kiểm tra.\n\n- Các chi bộ tự kiểm tra."
    )

    assert [unit.name for unit in units] == ["Công an xã", "Ủy ban Kiểm tra Đảng ủy", "Các chi bộ"]
