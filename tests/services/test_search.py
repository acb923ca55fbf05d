"""One search for everything a person may read."""

import pytest

from app.errors import NotSignedIn
from app.permissions import NOBODY
from app.services.search import MOST_HITS, search
from tests.factories import add_indicator, add_plan, add_task, add_unit


def titles(hits):
    return [hit.title for hit in hits]


def test_text_without_marks_finds_text_with_marks(working, cast, stage):
    stage.add(cast.other_commune)
    add_unit(stage, cast.other_commune, "DU", "Đảng ủy phường")
    stage.commit()
    with working(cast.dung) as work:
        assert titles(search(work, "to dan pho")) == ["Chi bộ tổ dân phố số 1"]
        assert titles(search(work, "dang uy")) == ["Đảng ủy phường"]
        assert titles(search(work, "Đảng uỷ PHƯỜNG")) == ["Đảng ủy phường"]


def test_units_plans_tasks_and_indicators_are_found_at_once(working, cast, stage):
    plan = add_plan(stage, cast.commune)
    add_task(stage, plan, text="Xây dựng trường mầm non đạt chuẩn.")
    add_indicator(stage, plan, statement="100% trường mầm non đạt chuẩn")
    stage.commit()
    with working(cast.binh) as work:
        assert {hit.kind for hit in search(work, "mam non")} == {"unit", "task", "indicator"}
        assert [hit.kind for hit in search(work, "phat trien giao duc")] == ["plan"]
        task = search(work, "xây dựng chuẩn")[0]
        assert (task.kind, task.code, task.within) == ("task", "NV-001", plan.title)


def test_exact_marks_come_first(working, cast, stage):
    for code, name in (("A", "Ban Tu bổ"), ("B", "Ban Từ bỏ"), ("C", "Ban Tử Bộ")):
        add_unit(stage, cast.commune, code, name)
    stage.commit()
    with working(cast.an) as work:
        assert titles(search(work, "từ bỏ"))[0] == "Ban Từ bỏ"
        assert titles(search(work, "Ban Tu bổ"))[0] == "Ban Tu bổ"
        assert len(search(work, "tu bo")) == 3


def test_words_in_one_piece_come_before_words_here_and_there(working, cast, stage):
    plan = add_plan(stage, cast.commune)
    add_task(stage, plan, "NV-001", text="Phối hợp với nhà trường giáo dục học sinh.")
    add_task(stage, plan, "NV-002", ordinal=2, text="Vận động nhân dân tu sửa trường lớp.")
    stage.commit()
    with working(cast.an) as work:
        assert [hit.code for hit in search(work, "nha truong") if hit.kind == "task"] == ["NV-001", "NV-002"]


def test_every_word_must_occur(working, cast):
    with working(cast.an) as work:
        assert titles(search(work, "hoa mam")) == ["Chi bộ Trường Mầm non Hoa Sen"]
        assert search(work, "hoa cúc") == []


@pytest.mark.parametrize("q", ["", "   ", "%", "_", "\\", "'; --"])
def test_signs_of_the_database_find_nothing(working, cast, q):
    with working(cast.an) as work:
        assert search(work, q) == []


def test_hits_are_capped(working, cast, stage):
    for number in range(MOST_HITS + 5):
        add_unit(stage, cast.commune, f"T{number}", f"Thôn {number}")
    stage.commit()
    with working(cast.an) as work:
        assert len(search(work, "thon")) == MOST_HITS


def test_drafts_are_for_the_office_and_other_communes_stay_unseen(working, cast, stage):
    plan = add_plan(stage, cast.commune, state="draft")
    add_task(stage, plan, text="Nhiệm vụ chưa ban hành")
    stage.commit()
    with working(cast.an) as work:
        assert len(search(work, "chua ban hanh")) == 1
    with working(cast.binh) as work:
        assert search(work, "chua ban hanh") == []
    with working(cast.dung) as work:
        assert search(work, "hoa sen") == []
    with working(cast.giang) as work:
        assert len(search(work, "hoa sen")) == 1
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        search(work, "hoa")
