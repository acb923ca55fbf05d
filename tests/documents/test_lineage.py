"""Which superior documents a plan says it carries out."""

from datetime import date

from app.documents.reading import read_plan
from app.documents.values import ImplementedRead


def test_the_title_and_the_preamble_name_what_is_carried_out() -> None:
    found = _implemented(
        "thực hiện Nghị quyết số 71-NQ/TW của Bộ Chính trị",
        "Thực hiện Nghị quyết số 71- NQ/TW, ngày 22/8/2025 của Bộ Chính trị về giáo dục; Chương trình hành động số "
        "02-CTr/TU, ngày 20 tháng 10 năm 2025 của Ban Thường vụ Thành ủy thực hiện Nghị quyết số 71-NQ/TW, Đảng ủy "
        "xây dựng kế hoạch như sau:",
    )

    assert found == [
        ImplementedRead("71-NQ/TW", "nghi_quyet", "Bộ Chính trị", date(2025, 8, 22)),
        ImplementedRead("02-CTr/TU", "chuong_trinh_hanh_dong", "Ban Thường vụ Thành ủy", date(2025, 10, 20)),
    ]


def test_laws_and_requests_are_a_basis_and_not_carried_out() -> None:
    found = _implemented(
        "chăm sóc sức khỏe",
        "Căn cứ Luật số 15/2023/QH15; Nghị định số 96/2023/NĐ-CP của Chính phủ; Nghị quyết số 282/NQ-CP ngày 15/9/2025 "
        "của Chính phủ. Xét đề nghị của Sở Y tế tại Tờ trình số 512/TTr-SYT, UBND tỉnh ban hành Kế hoạch như sau:",
    )

    assert [one.number for one in found] == ["282/NQ-CP"]


def test_documents_named_further_down_are_references_only() -> None:
    reading = read_plan(
        "KẾ HOẠCH\nphòng bệnh\n\nThực hiện Kế hoạch số 35-KH/TU của Tỉnh ủy, xã xây dựng kế hoạch như sau:\n\n"
        "I. MỤC TIÊU\n\n- Thực hiện Nghị quyết số 20-NQ/TW."
    )

    assert [one.number for one in reading.document.implements] == ["35-KH/TU"]
    assert reading.document.references == ("35-KH/TU", "20-NQ/TW")


def test_a_day_no_calendar_has_is_left_out() -> None:
    (found,) = _implemented(
        "tuyên truyền", "Thực hiện Chỉ thị số 05-CT/TW ngày 31/02/2026, xã lập kế hoạch như sau:"
    )

    assert (found.number, found.date) == ("05-CT/TW", None)


def _implemented(title: str, preamble: str) -> list[ImplementedRead]:
    reading = read_plan(f"KẾ HOẠCH\n{title}\n\n{preamble}\n\nI. MỤC TIÊU\n\n- Làm tốt.")
    return list(reading.document.implements)
