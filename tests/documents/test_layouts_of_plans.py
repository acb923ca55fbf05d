"""Where parts begin and paragraphs end in the layouts that offices use."""

import pytest

from app.documents.reading import read_plan
from app.documents.values import Reading

DUTIES = "\nII. TỔ CHỨC THỰC HIỆN\n1. Công an xã\n- Tuần tra.\n"


def _indented() -> Reading:
    return read_plan(
        "KẾ HOẠCH\nthực hiện Nghị quyết số 68-NQ/TW của Bộ Chính trị\n-----\n\n"
        "     Thực hiện Nghị quyết số 68-NQ/TW, ngày 04/5/2025 của Bộ Chính trị về phát\n"
        "triển kinh tế tư nhân, Ban Thường vụ Đảng ủy ban hành Kế hoạch như sau:\n"
        "I- TỔ CHỨC THỰC HIỆN\n"
        "     1- Các chi bộ trực thuộc Đảng ủy xã tổ chức nghiên cứu, học tập, quán triệt;\n"
        "xây dựng kế hoạch thực hiện trong quý IV năm nay. Chỉ đạo đảng viên gương mẫu.\n"
        "Định kỳ báo cáo Ban Thường vụ Đảng ủy.\n"
        "     2- Văn phòng Đảng ủy theo dõi, đôn đốc; tổng hợp kết quả, báo cáo Ban Thường\n"
        "vụ Đảng ủy theo quy định.\n"
    )


def test_a_line_of_dashes_ends_the_title() -> None:
    assert _indented().document.title == "KẾ HOẠCH thực hiện Nghị quyết số 68-NQ/TW của Bộ Chính trị"


def test_a_preamble_in_tight_lines_is_no_title() -> None:
    reading = read_plan(
        "KẾ HOẠCH\nTriển khai Chương trình phát triển văn hóa\n"
        "Thực hiện Kế hoạch số 12-KH/TU ngày 01/02/2026 của Ban Thường vụ Tỉnh ủy về triển khai\n"
        "Chương trình phát triển văn hóa, Ban Thường vụ Đảng ủy xã xây dựng kế hoạch như sau:\n"
        "I. MỤC TIÊU\n- Làm tốt.\n" + DUTIES
    )

    assert reading.document.title == "KẾ HOẠCH Triển khai Chương trình phát triển văn hóa"


def test_a_title_may_begin_like_a_preamble() -> None:
    reading = read_plan("KẾ HOẠCH\nThực hiện Nghị quyết số 57-NQ/TW\n\nI. MỤC TIÊU\n\n- Làm tốt.\n" + DUTIES)

    assert reading.document.title == "KẾ HOẠCH Thực hiện Nghị quyết số 57-NQ/TW"


def test_a_wrapped_line_goes_on_behind_a_semicolon_and_a_full_stop() -> None:
    cells, office = _indented().units

    assert [duty.text for duty in cells.duties] == [
        "tổ chức nghiên cứu, học tập, quán triệt; xây dựng kế hoạch thực hiện trong quý IV năm nay.",
        "Chỉ đạo đảng viên gương mẫu.",
        "Định kỳ báo cáo Ban Thường vụ Đảng ủy.",
    ]
    assert office.name == "Văn phòng Đảng ủy"


def test_a_plan_attached_to_a_decision_is_read_and_the_decision_is_its_header() -> None:
    reading = read_plan(
        "ỦY BAN NHÂN DÂN\nTỈNH LỘC SƠN\n\nSố: 18/QĐ-UBND\n\nLộc Sơn, ngày 30 tháng 6 năm 2025\n\nQUYẾT ĐỊNH\n\n"
        "Ban hành Kế hoạch giảm nghèo\n\nCăn cứ Nghị quyết số 05/NQ-HĐND ngày 10 tháng 6 năm 2025 của Hội đồng nhân "
        "dân tỉnh;\n\nQUYẾT ĐỊNH:\n\nĐiều 1. Ban hành kèm theo Quyết định này Kế hoạch giảm nghèo.\n\nNơi nhận:\n\n"
        "- Như Điều 1;\n\n- Lưu: VT.\n\nKT. CHỦ TỊCH\n\nHồ Văn Nam\n\nKẾ HOẠCH\n\nGiảm nghèo bền vững\n\n"
        "(Ban hành kèm theo Quyết định số 18/QĐ-UBND)\n\nI. MỤC TIÊU\n\n- Năm 2030 đạt 100% hộ có nước sạch.\n"
        + DUTIES
    )

    assert reading.document.kind == "ke_hoach"
    assert (reading.document.number, reading.document.signed_by) == ("18/QĐ-UBND", "Hồ Văn Nam")
    assert reading.document.issuer == "Ủy ban nhân dân tỉnh Lộc Sơn"
    assert reading.document.distribution == ("Như Điều 1", "Lưu: VT")
    assert [one.number for one in reading.document.implements] == ["05/NQ-HĐND"]
    assert [unit.name for unit in reading.units] == ["Công an xã"]
    assert len(reading.indicators) == 1


def test_recipients_and_signature_may_stand_side_by_side_between_tabs() -> None:
    reading = read_plan(
        f"KẾ HOẠCH\ntuần tra\n{DUTIES}\nNơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- UBND tỉnh;\tCHỦ TỊCH\n- Lưu: VT.\tVàng A "
        "Sình\n"
    )

    assert reading.document.distribution == ("UBND tỉnh", "Lưu: VT")
    assert reading.document.signed_by == "Vàng A Sình"


def test_the_office_under_its_superior_is_the_issuer() -> None:
    header = "UBND TỈNH HÒA PHONG\nSỞ GIÁO DỤC VÀ ĐÀO TẠO\n\nSố: 14/KH-SGDĐT\n\n"
    party = "TỈNH ĐOÀN QUẢNG LÂM                 ĐOÀN TNCS HỒ CHÍ MINH\n\nSố: 11-KH/TĐTN\n\n"

    assert read_plan(f"{header}KẾ HOẠCH\nchuyển đổi số\n{DUTIES}").document.issuer == "Sở Giáo dục và Đào tạo"
    assert read_plan(f"{party}KẾ HOẠCH\nhè\n{DUTIES}").document.issuer == "Tỉnh Đoàn Quảng Lâm"


def test_sections_of_unknown_name_are_tasks_where_nothing_else_is() -> None:
    reading = read_plan(
        "KẾ HOẠCH\ntuần tra\n\nI. CÔNG TÁC TUYÊN TRUYỀN\n\n- Phát tờ rơi.\n\n- Treo pano.\n" + DUTIES
    )

    assert [(group.heading, len(group.tasks)) for group in reading.task_groups] == [
        ("I. CÔNG TÁC TUYÊN TRUYỀN", 2)
    ]


def test_a_page_end_does_not_end_a_paragraph() -> None:
    first = "- Tuyên truyền, phổ biến các quy định về an toàn giao thông đến cán bộ, đảng viên của Ban"
    again = "Thường vụ Đảng ủy và Nhân dân toàn xã."
    rest = "- Vận động các hộ dân tham gia giữ gìn trật tự an toàn giao thông trên địa bàn xã."

    (unit,) = read_plan(f"I. TỔ CHỨC THỰC HIỆN\n1. Công an xã\n{first}\n\n2\n\n{again}\n{rest}\n").units

    assert [duty.text for duty in unit.duties] == [f"{first[2:]} {again}", rest[2:]]


def test_a_heading_before_a_page_end_stays_one() -> None:
    heading = "2. Đề nghị các tổ chức chính trị - xã hội xã, tổ chức thành viên"
    duty = "Chỉ đạo đoàn viên, hội viên tích cực tham gia giữ gìn trật tự an toàn giao thông xã."

    units = read_plan(
        f"I. TỔ CHỨC THỰC HIỆN\n1. Công an xã\n- Tuần tra.\n{heading}\n\n2\n\n{duty}\n{duty}\n"
    ).units

    assert units[-1].name == "Các tổ chức chính trị - xã hội xã, tổ chức thành viên"


def test_what_a_wrap_puts_at_a_line_s_start_opens_no_clause() -> None:
    (unit,) = read_plan(
        "I. TỔ CHỨC THỰC HIỆN\n1. Công an xã\n"
        "- Phối hợp với Văn phòng Đảng ủy, các chi bộ, các thôn và Phòng Văn hóa\n"
        "- Xã hội tổ chức học tập, quán triệt, tuyên truyền Nghị quyết số\n"
        "71-NQ/TW đến toàn thể đảng viên và Nhân dân, hoàn thành trong quý\n"
        "II/2026 tại các thôn trên địa bàn xã.\n"
        "- Tuần tra.\n"
    ).units

    assert len(unit.duties) == 2
    assert "Phòng Văn hóa - Xã hội tổ chức" in unit.duties[0].text
    assert unit.duties[0].text.endswith(
        "số 71-NQ/TW đến toàn thể đảng viên và Nhân dân, hoàn thành trong quý II/2026 "
        "tại các thôn trên địa bàn xã."
    )


def test_general_words_behind_a_full_line_are_a_paragraph_of_their_own() -> None:
    line = "1. Văn phòng Đảng ủy theo dõi, đôn đốc, tổng hợp kết quả, báo cáo Ban Thường vụ Đảng ủy."
    last = "Kế hoạch này được phổ biến đến các chi bộ để thực hiện nghiêm túc trong toàn Đảng bộ xã."

    (unit,) = read_plan(f"I. TỔ CHỨC THỰC HIỆN\n{line}\n{last}\n{last}\n").units

    assert [duty.text for duty in unit.duties] == [line.removeprefix("1. Văn phòng Đảng ủy ")]


@pytest.mark.parametrize(
    ("header", "issuer"),
    [
        ("TỈNH ỦY PHÚ SƠN", "Tỉnh ủy Phú Sơn"),
        ("THÀNH ỦY CẢNG BẮC", "Thành ủy Cảng Bắc"),
        ("TỈNH ĐOÀN PHÚ SƠN", "Tỉnh Đoàn Phú Sơn"),
        ("THÀNH ĐOÀN CẢNG BẮC", "Thành Đoàn Cảng Bắc"),
        ("UBND XÃ THỤY HƯNG\nTRƯỜNG THCS THỤY HƯNG", "Trường THCS Thụy Hưng"),
        ("UBND XÃ MƯỜNG LA\nTRƯỜNG TIỂU HỌC VÀ THCS MƯỜNG LA", "Trường tiểu học và THCS Mường La"),
        (
            "HỘI LHPN TỈNH QUẢNG HẢI\nBAN THƯỜNG VỤ HỘI LHPN XÃ MINH CHÂU",
            "Ban Thường vụ Hội LHPN xã Minh Châu",
        ),
        ("ĐẢNG BỘ TỈNH PHÚ SƠN\nĐẢNG ỦY XÃ MINH CHÂU", "Đảng ủy xã Minh Châu"),
    ],
)
def test_the_issuer_is_named_as_it_is_written_in_a_sentence(header: str, issuer: str) -> None:
    reading = read_plan(
        f"{header}\nSố: 08/KH-X\n\nKẾ HOẠCH\nCông tác năm 2026\n\nI. MỤC TIÊU\n- Làm tốt.\n" + DUTIES
    )

    assert reading.document.issuer == issuer


def test_a_title_of_lower_case_lines_reaches_to_the_dashes_under_it() -> None:
    reading = read_plan(
        "ĐẢNG ỦY XÃ ĐÔNG THÀNH\nĐông Thành, ngày 18 tháng 8 năm 2025\n\nKẾ HOẠCH\n"
        "thực hiện Nghị quyết Đại hội đại biểu Đảng bộ xã lần thứ I,\nnhiệm kỳ 2025 - 2030 về nông nghiệp\n-----\n\n"
        "I- MỤC TIÊU\n- Làm tốt.\n" + DUTIES
    )

    assert reading.document.title == (
        "KẾ HOẠCH thực hiện Nghị quyết Đại hội đại biểu Đảng bộ xã lần thứ I, nhiệm kỳ 2025 - 2030 về nông nghiệp"
    )
