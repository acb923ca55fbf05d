"""A plan with a spreadsheet of tasks: from upload to issued work with deadlines and carriers."""

from datetime import date

import pytest
from sqlalchemy import select

from app.documents.reading import read_source
from app.documents.sheet import read_sheet
from app.documents.sources import Source, join_sources
from app.documents.template import annex_template
from app.models import Candidate, Indicator, IndicatorOwner, Passage, Responsibility, Target, Task, Unit
from app.services.candidate import AcceptanceInput, accept_all
from app.services.coverage import get_coverage
from app.services.document import SentFile, plan_of, upload_files
from app.services.issuing import issue_plan
from app.services.proposal import propose
from tests.factories import add_unit
from tests.plans import PLAN

ROWS = [
    ["I", "Tuyên truyền"],
    ["1", "Đăng tin về Nghị quyết", "Ban Xây dựng Đảng xã", "Các chi bộ thôn", "Hằng tháng", "Tin, bài"],
    ["II", "Cơ sở vật chất"],
    [
        "2",
        "Sửa mái trường",
        "Công an xã",
        "Ban Xây dựng Đảng xã; Phòng Chưa có",
        "Quý IV/2026- Quý II/2027",
        "Mái mới",
    ],
    ["3", "Rà soát quỹ đất cho trường", "Ủy ban Mặt trận Tổ quốc xã", "", "30/6/2027", ""],
    ["4", "Giữ trường lớp sạch", "Phòng Chưa có", "", "Thường xuyên", ""],
]


def upload(working, actor, kind="tasks", rows=ROWS):
    annex = annex_template(kind, 2026, rows)
    source = join_sources([("ke-hoach.txt", Source("txt", PLAN)), ("phu-luc.xlsx", read_sheet(annex))])
    with working(actor) as work:
        return upload_files(
            work,
            [SentFile("ke-hoach.txt", PLAN.encode()), SentFile("phu-luc.xlsx", annex)],
            read=(source, read_source(source)),
        )


@pytest.fixture
def issued(working, cast, stage):
    """The plan of tests/plans.py with the annex above, accepted as read and issued by An."""
    add_unit(stage, cast.commune, "CAX", "Công an xã")
    stage.commit()
    document = upload(working, cast.an)
    with working(cast.an) as work:
        accept_all(work, document.id, AcceptanceInput())
    with working(cast.an) as work:
        plan = plan_of(work, document.id)
        return issue_plan(work, plan.id, plan.version, with_unused=True)


def tasks_of(working, actor):
    """(kind, cycle, due_on, product, section, [(unit, role)]) by title."""
    with working(actor) as work:
        names = {unit.id: unit.name for unit in work.session.scalars(select(Unit))}
        given = list(work.session.scalars(select(Responsibility).order_by(Responsibility.id)))
        return {
            task.title: (
                (task.kind, task.cycle, task.due_on, task.expected_product, task.section),
                {(names[one.unit_id], one.role) for one in given if one.task_id == task.id},
            )
            for task in work.session.scalars(select(Task))
        }


def test_tasks_of_an_annex_are_issued_with_deadlines_and_carriers(working, cast, issued):
    tasks = tasks_of(working, cast.an)

    assert tasks["Đăng tin về Nghị quyết"] == (
        ("standing", "month", None, "Tin, bài", "I. Tuyên truyền"),
        {("Ban Xây dựng Đảng xã", "lead"), ("Các chi bộ thôn", "cooperate")},
    )
    assert tasks["Sửa mái trường"] == (
        ("dated", None, date(2027, 6, 30), "Mái mới", "II. Cơ sở vật chất"),
        {("Công an xã", "lead"), ("Ban Xây dựng Đảng xã", "cooperate")},
    )
    assert tasks["Rà soát quỹ đất cho trường"] == (
        ("dated", None, date(2027, 6, 30), None, "II. Cơ sở vật chất"),
        {("Ủy ban Mặt trận Tổ quốc xã", "lead")},
    )
    assert tasks["Giữ trường lớp sạch"] == (("standing", None, None, None, "II. Cơ sở vật chất"), set())


def test_a_name_nobody_bears_is_kept_for_the_clerk_to_see(working, cast, issued):
    with working(cast.an) as work:
        rows = work.session.scalars(select(Candidate).where(Candidate.kind == "task"))
        read = {row.reading["text"]: row.reading for row in rows}

    assert read["Giữ trường lớp sạch"]["lead"] == ["Phòng Chưa có"]
    assert read["Giữ trường lớp sạch"]["deadline"]["raw"] == "Thường xuyên"


def test_short_forms_of_names_mean_the_units_they_stand_for(working, cast, stage):
    add_unit(stage, cast.commune, "VP", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã")
    stage.commit()
    rows = [["1", "Trực cơ quan", "VP HĐND và UBND xã", "Ban xây dựng đảng xã; UBMTTQ xã", "6/2027"]]
    document = upload(working, cast.an, rows=rows)
    with working(cast.an) as work:
        accept_all(work, document.id, AcceptanceInput())
    with working(cast.an) as work:
        plan = plan_of(work, document.id)
        issue_plan(work, plan.id, plan.version, with_unused=True)

    assert tasks_of(working, cast.an)["Trực cơ quan"][1] == {
        ("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã", "lead"),
        ("Ban Xây dựng Đảng xã", "cooperate"),
        ("Ủy ban Mặt trận Tổ quốc xã", "cooperate"),
    }


def test_each_row_of_tasks_is_to_be_used_and_headings_are_not(working, cast):
    document = upload(working, cast.an)

    with working(cast.an) as work:
        waiting = {passage.text for passage in get_coverage(work, document.id).waiting}
        kinds = {row.kind for row in work.session.scalars(select(Passage)) if row.path.startswith("B1.")}

    assert any(text.startswith("2 | Sửa mái trường") for text in waiting)
    assert not any("Cơ sở vật chất" in text for text in waiting)
    assert kinds == {"table_head", "table_group", "table_row"}


def test_indicators_of_an_annex_are_issued_with_a_target_a_year(working, cast):
    rows = [["1", "Trường đạt chuẩn", "trường", "3", "4", "5", "-", "", "≥ 6", "Ban Xây dựng Đảng xã"]]
    document = upload(working, cast.an, kind="indicators", rows=rows)
    with working(cast.an) as work:
        accept_all(work, document.id, AcceptanceInput())
    with working(cast.an) as work:
        plan = plan_of(work, document.id)
        issue_plan(work, plan.id, plan.version, with_unused=True)

    with working(cast.an) as work:
        made = {
            one.id for one in work.session.scalars(select(Indicator)) if one.statement == "Trường đạt chuẩn"
        }
        targets = [one for one in work.session.scalars(select(Target)) if one.indicator_id in made]
        owners = list(
            work.session.scalars(select(IndicatorOwner).where(IndicatorOwner.indicator_id.in_(made)))
        )
    assert len(owners) == 3
    assert sorted((one.horizon, one.comparator, int(one.value)) for one in targets) == [
        (2026, "reach", 4),
        (2027, "reach", 5),
        (2030, "gte", 6),
    ]


@pytest.mark.parametrize(
    ("deadline", "proposed"),
    [
        ({"kind": "date", "to": "2026-06-30"}, {"kind": "dated", "due_on": "2026-06-30"}),
        (
            {"kind": "range", "from": "2026-01-01", "to": "2027-12-31"},
            {"kind": "dated", "due_on": "2027-12-31"},
        ),
        ({"kind": "cycle", "cycle": "quarter"}, {"kind": "standing", "cycle": "quarter"}),
        ({"kind": "standing"}, {"kind": "standing"}),
        ({"kind": "unknown"}, {"kind": "standing"}),
        (None, {"kind": "standing"}),
    ],
)
def test_a_deadline_of_a_table_decides_when_a_task_is_due(deadline, proposed):
    found = propose("task", {"text": "Sửa mái trường", "deadline": deadline})

    assert {name: found[name] for name in ("kind", "due_on", "cycle") if name in found} == proposed


def test_words_decide_where_the_deadline_of_a_table_is_unclear():
    found = propose(
        "task", {"text": "Sửa mái, hoàn thành trước ngày 30/6/2027.", "deadline": {"kind": "unknown"}}
    )

    assert (found["kind"], found["due_on"]) == ("dated", "2027-06-30")
