"""Verbs propose roles; names propose units: first proposals, one test for each rule."""

from datetime import date

import pytest

from app.models import Unit
from app.models.base import new_id
from app.services.roles import reported_through, role_of
from app.services.unit_matching import UnitNames


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Chủ trì, phối hợp với các đơn vị triển khai kế hoạch.", "lead"),
        ("Phối hợp với UBND xã vận động học sinh ra lớp.", "cooperate"),
        ("Phối hợp, làm đầu mối tổng hợp số liệu.", "lead"),
        ("- Tham mưu Ban Thường vụ Đảng ủy ban hành kế hoạch.", "advise"),
        ("Hằng năm tham mưu sơ kết việc thực hiện.", "advise"),
        ("Tập trung lãnh đạo, chỉ đạo các chi bộ.", "direct"),
        ("Tăng cường kiểm tra, giám sát việc thực hiện.", "inspect"),
        ("Theo dõi, đôn đốc các đơn vị.", "monitor"),
        ("Định kỳ tổng hợp, báo cáo kết quả về Đảng ủy.", "report"),
        ("Rà soát quy hoạch, dành quỹ đất cho trường học.", "lead"),
    ],
)
def test_the_first_verb_gives_the_role(text, role):
    assert role_of(text) == role


@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("Báo cáo UBND xã qua Phòng Văn hóa - Xã hội về kết quả.", "Phòng Văn hóa - Xã hội"),
        ("Báo cáo Thường trực Đảng ủy (qua Văn phòng Đảng ủy) trước ngày 15.", "Văn phòng Đảng ủy"),
        ("Báo cáo kết quả hằng quý.", None),
    ],
)
def test_through_whom_reports_go_is_read(text, through):
    assert reported_through(text) == through


def unit(name, **more):
    return Unit(
        id=new_id(), locality_id=new_id(), code="X", name=name, kind="front", name_key=name, folded=name,
        valid_from=date(2025, 1, 1), created_at=None, **more,
    )  # fmt: skip


def test_short_forms_are_likely_and_never_certain():
    front = unit("Ủy ban Mặt trận Tổ quốc Việt Nam xã")
    [match] = UnitNames([front, unit("Công an xã")]).like("UBMTTQ xã")
    assert (match.unit_id, match.is_exact) == (front.id, False)
    assert 70 <= match.score < 100


def test_an_alias_is_certain_and_hides_what_is_only_likely():
    cell, other = unit("Chi bộ thôn Làng", aliases=["CB thôn Làng"]), unit("Chi bộ thôn Lang")
    names = UnitNames([cell, other])
    assert [(m.unit_id, m.score) for m in names.like("cb thôn  làng")] == [(cell.id, 100)]
    assert names.named("Chi bộ thôn Láng") is None
    assert all(not match.is_exact for match in names.like("Chi bộ thôn Láng"))
