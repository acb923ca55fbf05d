"""Many figures at once, by natural key: each by the rules of one, in as many statements as one."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from app.errors import Conflict, Forbidden, NotFound, NotSignedIn
from app.models import EventRow, Period, Submission, SubmissionVersion
from app.permissions import NOBODY
from app.services.assignment import ReasonInput
from app.services.draft import DraftInput, get_draft, save_draft
from app.services.event import verify_history
from app.services.submission import SubmissionInput, accept_submission, return_submission, send_submission
from app.services.submission_batch import BatchInput, send_submissions
from app.services.submission_list import list_versions
from app.services.waive_request import WaiveRequestInput, raise_waive_request
from tests.factories import add_indicator, add_period, add_plan, add_submission

COUNT = {"measure": "count", "unit_label": "hộ", "decimals": 0, "target": None}


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    add_indicator(stage, plan, "CT-01", owners=(cast.school_cell,))
    add_indicator(stage, plan, "CT-02", owners=(cast.school_cell, cast.village_cell), **COUNT)
    stage.commit()
    return plan


@pytest.fixture
def send(working, cast, plan):
    """Each item of the school cell in Q4 unless it says otherwise; `code` names the indicator of the plan."""

    def sent(*items, actor=None, all_or_nothing=False):
        usual = {"plan": plan.code, "unit": "CB-MN", "period": "2026-Q4"}
        given = BatchInput(items=[{**usual, **item} for item in items], all_or_nothing=all_or_nothing)
        with working(actor or cast.binh) as work:
            return [_said(one) for one in send_submissions(work, given)]

    return sent


def _said(one):
    if one.error:
        return one.error.code
    return "unchanged" if one.is_unchanged else one.last.number


def share(value, **more):
    return {"indicator": "CT-01", "value": value, **more}


def count(value, **more):
    return {"indicator": "CT-02", "value": value, **more}


def test_figures_are_sent_by_their_natural_keys(send, working, cast, plan):
    assert send(share("99.5"), count("12")) == [1, 1]
    with working(cast.binh) as work:
        kept = work.session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.value)).all()
        assert [row.value for row in kept] == [Decimal(12), Decimal("99.5")]
        told = work.session.scalars(select(EventRow).order_by(EventRow.number)).all()
        assert [(row.kind, row.unit_id) for row in told] == [("submission_sent", cast.school_cell.id)] * 2
        assert list(verify_history(work.session)) == []


def test_what_was_sent_already_is_unchanged_and_makes_no_version(send, working, cast):
    assert send(share("99.5", note="Đủ"), count("12")) == [1, 1]
    assert send(share("99.50", note="Đủ"), count("13")) == ["unchanged", 2]
    with working(cast.an) as work:
        accept_submission(work, _row(work, "99.5"))
        return_submission(work, _row(work, "13"), ReasonInput(reason="Kiểm tra lại"))
    assert send(share("99.5", note="Đủ"), count("13")) == ["unchanged", "unchanged"]
    assert send(share("99.6"), count("14")) == ["illegal_step", 3]


def _row(work, value):
    found = select(SubmissionVersion.submission_id).where(SubmissionVersion.value == Decimal(value))
    return work.session.scalars(found).one()


def test_a_refused_item_says_why_and_leaves_the_others_sent(send):
    assert send(share("101"), count("12"), {"indicator": "CT-09", "value": "1"}) == [
        "invalid",
        1,
        "not_found",
    ]


def test_all_or_nothing_sends_nothing_when_one_is_refused(send, working, cast):
    assert send(share("90"), count("1.5"), all_or_nothing=True) == ["held_back", "invalid"]
    with working(cast.an) as work:
        assert work.session.scalar(select(func.count()).select_from(SubmissionVersion)) == 0
    assert send(share("90"), count("1"), all_or_nothing=True) == [1, 1]


def test_a_figure_named_twice_is_sent_once(send):
    assert send(count("1"), count("2")) == [1, "invalid"]


def test_a_code_without_its_plan_says_nothing(send):
    assert send(share("90", plan=None), count("1")) == ["invalid", 1]


def test_an_indicator_and_a_unit_are_named_by_id_as_well(send, working, cast, stage, plan):
    other = add_indicator(stage, plan, "CT-03", owners=(cast.school_cell,), **COUNT)
    stage.commit()
    item = {"indicator": str(other.id), "plan": str(plan.id), "unit": str(cast.school_cell.id), "value": "3"}
    assert send(item, {**item, "plan": "KH-99"}) == [1, "not_found"]


def test_another_units_figure_is_forbidden_and_another_communes_unknown(send, cast, stage):
    elsewhere = add_indicator(stage, add_plan(stage, cast.other_commune), owners=(cast.other_unit,))
    stage.commit()
    said = send(
        count("1"),
        count("1", unit="CB-T1"),
        {"indicator": str(elsewhere.id), "plan": None, "unit": "CB-1", "value": "1"},
        count("1", unit="CB-1"),
        count("1", unit="KHONG-CO"),
        count("1", period="2031"),
    )
    assert said == [1, "forbidden", "not_found", "not_found", "not_found", "not_found"]


def test_who_may_send_nothing_of_it_is_told_so_at_once(send, cast):
    for actor in (cast.an, cast.chi, cast.giang, cast.hoa):
        with pytest.raises(Forbidden):
            send(share("90"), actor=actor)
    with pytest.raises(NotFound):
        send(share("90"), actor=cast.dung)
    with pytest.raises(NotSignedIn):
        send(share("90"), actor=NOBODY)


def test_a_closed_period_and_a_unit_that_does_not_report_are_refused(send, cast, stage, plan):
    add_period(stage, cast.commune, "2026-Q3", state="closed")
    add_indicator(stage, plan, "CT-04", owners=(cast.village_cell,))
    stage.commit()
    not_ours = {"indicator": "CT-04", "value": "90"}
    assert send(count("1", period="2026-Q3"), not_ours, count("1")) == ["period_closed", "not_owner", 1]


@pytest.mark.parametrize("label", ["2026-11", "2026"])
def test_a_figure_goes_to_periods_in_which_its_indicator_reports(send, cast, stage, plan, working, label):
    period = add_period(stage, cast.commune, label)
    quarterly = add_indicator(
        stage, plan, "CT-07", owners=(cast.school_cell,), cycle="quarter", over_periods="sum", **COUNT
    )
    stage.commit()
    other = {"indicator": "CT-07", "period": label, "value": "5"}
    assert send(other, {"indicator": "CT-07", "value": "6"}, count("1")) == ["other_period", 1, 1]
    with working(cast.binh) as work:
        alone = {"indicator": quarterly.id, "unit": cast.school_cell.id, "period": label, "value": 5}
        with pytest.raises(Conflict, match="báo cáo hằng quý"):
            send_submission(work, SubmissionInput(**alone))
    # What the office expects is taken, whatever the cycle was changed to since.
    add_submission(stage, quarterly, cast.school_cell, period, state="expected")
    stage.commit()
    assert send(other) == [1]


def test_doubts_are_answered_item_by_item(send, stage, cast, plan):
    add_period(stage, cast.commune, "2026-Q3")
    add_indicator(stage, plan, "CT-05", owners=(cast.school_cell,), jump_limit=Decimal(10), **COUNT)
    stage.commit()
    odd = {"indicator": "CT-05"}
    assert send({**odd, "value": "100", "period": "2026-Q3"}) == [1]
    assert send({**odd, "value": "200"}, count("1")) == ["invalid", 1]
    assert send({**odd, "value": "200", "note": "Sáp nhập hai thôn"}) == [1]


def test_periods_that_come_together_are_compared_with_each_other(send, stage, cast, plan, working):
    add_period(stage, cast.commune, "2026-Q3")
    add_period(stage, cast.commune, "2026-Q2")
    add_indicator(stage, plan, "CT-05", owners=(cast.school_cell,), jump_limit=Decimal(50), **COUNT)
    stage.commit()

    def quarters(second, third, fourth, **more):
        values = (("2026-Q4", fourth), ("2026-Q2", second), ("2026-Q3", third))
        return send(*({"indicator": "CT-05", "period": p, "value": v, **more} for p, v in values))

    assert quarters("100", "140", "120") == ["invalid", 1, 1]
    assert quarters("100", "140", "300") == ["invalid", "unchanged", "unchanged"]
    # What is refused is not compared with: the fourth quarter is measured by the third that was sent.
    assert quarters("100", "500", "150") == [1, "unchanged", "invalid"]
    assert quarters("160", "160", "160") == [2, 2, 2]
    with working(cast.an) as work:
        periods = {row.id: row.label for row in work.session.scalars(select(Period))}
        kept = work.session.scalars(
            select(SubmissionVersion).where(SubmissionVersion.value == Decimal(160))
        ).all()
        whose = {row.id: periods[work.session.get(Submission, row.submission_id).period_id] for row in kept}
        carried = {whose[row.id]: whose.get(row.carried_from_id) for row in kept}
        assert carried == {"2026-Q2": None, "2026-Q3": "2026-Q2", "2026-Q4": "2026-Q3"}


def test_an_earlier_figure_to_date_is_compared_with_the_later_one_that_comes_with_it(send, stage, cast, plan):
    add_period(stage, cast.commune, "2026-Q3")
    add_period(stage, cast.commune, "2026-Q2")
    add_indicator(stage, plan, "CT-05", owners=(cast.school_cell,), **COUNT)
    stage.commit()

    def quarters(**values):
        return send(*({"indicator": "CT-05", "period": f"2026-{p}", "value": v} for p, v in values.items()))

    assert quarters(Q2="10", Q4="30") == [1, 1]
    assert quarters(Q2="31") == ["invalid"]
    assert quarters(Q4="40", Q2="31") == [2, 2]
    assert quarters(Q2="35", Q4="34") == [3, "invalid"], "of the two the later one is asked about"
    assert quarters(Q3="41") == ["invalid"]
    assert quarters(Q2="41", Q3="38") == ["invalid", 1], "the fourth quarter, which stays, is below"


def test_parts_are_compared_with_the_whole_that_comes_with_them(send, stage, cast, plan):
    mine = {"owners": (cast.school_cell,), **COUNT}
    whole = add_indicator(stage, plan, "CT-10", adds_up=True, **mine)
    for code in ("CT-11", "CT-12"):
        add_indicator(stage, plan, code, part_of_id=whole.id, **mine)
    stage.commit()

    def family(total, first, second):
        values = (("CT-10", total), ("CT-11", first), ("CT-12", second))
        return send(*({"indicator": code, "value": value} for code, value in values))

    assert family("10", "4", "6") == [1, 1, 1]
    # Against what was sent before, the first of these would not add up.
    assert family("12", "5", "7") == [2, 2, 2]
    assert family("13", "5", "7") == ["invalid", "unchanged", "unchanged"]
    assert family("13", "6", "8") == [3, 3, "invalid"]


def test_what_was_asked_and_typed_about_a_figure_ends_with_its_sending(send, working, cast, stage, plan):
    assert send(count("1")) == [1]
    with working(cast.an) as work:
        return_submission(work, row_id := _row(work, "1"), ReasonInput(reason="Kiểm tra lại"))
    with working(cast.binh) as work:
        save_draft(work, Submission, row_id, DraftInput(fields={"value": "2"}), 0)
        raise_waive_request(work, Submission, row_id, WaiveRequestInput(reason="Không có hộ nào"))
    assert send(count("2")) == [2]
    with working(cast.binh) as work:
        assert get_draft(work, Submission, row_id).version == 0
        kinds = [row.kind for row in work.session.scalars(select(EventRow).order_by(EventRow.number))]
        assert kinds[-2:] == ["submission_sent", "question_withdrawn"]
        assert [version.number for version in list_versions(work, row_id)] == [2, 1]


@contextmanager
def counted():
    asked = []
    note = lambda connection, cursor, sql, *more: asked.append(sql)  # noqa: E731 - listened to and let go
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_hundred_figures_take_no_more_statements_than_two(send, stage, cast, plan):
    codes = [f"CT-{number}" for number in range(100, 202)]
    for code in codes:
        add_indicator(stage, plan, code, owners=(cast.school_cell,), **COUNT)
    stage.commit()

    def statements(asked_for, value):
        with counted() as asked:
            assert send(*({"indicator": code, "value": value} for code in asked_for)).count("invalid") == 0
        return len(asked)

    few, many = statements(codes[:2], "1"), statements(codes[2:], "1")
    assert many <= few <= 30
    assert statements(codes, "2") <= few


def test_the_batch_has_an_end():
    item = {"indicator": "CT-01", "plan": "KH-01", "unit": "CB-MN", "period": "2026", "value": "1"}
    with pytest.raises(ValueError, match="at most 500"):
        BatchInput(items=[item] * 501)
