"""Figures: what may be sent, by whom, and what the office decides."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Forbidden, IllegalStep, Invalid, NotFound, Stale
from app.models import EventRow, Submission, SubmissionDecision, SubmissionVersion
from app.services.assignment import ReasonInput
from app.services.deadlines import was_sent_late
from app.services.submission import (
    SubmissionInput,
    accept_submission,
    allowed_actions,
    get_submission,
    reopen_submission,
    return_submission,
    send_submission,
    waive_submission,
)
from tests.factories import add_group, add_indicator, add_period, add_plan
from tests.people import NOW

WHY = ReasonInput(reason="Chưa khớp với biểu thống kê.")


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    return plan


@pytest.fixture
def period(stage, cast):
    period = add_period(stage, cast.commune)
    stage.commit()
    return period


@pytest.fixture
def indicator(stage, cast, plan):
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    return indicator


@pytest.fixture
def send(working, cast, indicator, period):
    def sent(actor=None, now=NOW, **parts):
        given = {"indicator": indicator.id, "unit": cast.school_cell.id, "period": "2026-Q4", **parts}
        with working(actor or cast.binh, now) as work:
            return send_submission(work, SubmissionInput(**given))

    return sent


def events(work):
    return list(work.session.scalars(select(EventRow).order_by(EventRow.number)))


def test_a_share_is_derived_from_its_parts_exactly(send, working, cast):
    version = send(numerator=Decimal(2), denominator=Decimal(3), note="Số liệu ngày 20/11")
    with working(cast.an) as work:
        kept = work.session.get(SubmissionVersion, version.id)
        assert (kept.number, kept.numerator, kept.denominator) == (1, Decimal(2), Decimal(3))
        assert kept.value == Decimal("66.66666667")
        assert (get_submission(work, kept.submission_id).state, kept.note) == ("sent", "Số liệu ngày 20/11")
        assert [(e.kind, e.data["shown"]) for e in events(work)] == [("submission_sent", "66,67% (2/3)")]


def test_figures_are_kept_exactly(send, working, cast):
    version = send(value=Decimal("99.90000001"))
    with working(cast.an) as work:
        assert work.session.get(SubmissionVersion, version.id).value == Decimal("99.90000001")


def test_sending_again_makes_a_new_version(send, working, cast):
    first, second = send(value=Decimal(90)), send(value=Decimal(91))
    assert (second.submission_id, second.number) == (first.submission_id, 2)


def test_a_period_may_be_named_by_its_id(send, period):
    assert send(period=str(period.id), value=Decimal(90)).number == 1


def test_accepting_and_reopening(send, working, cast):
    row_id = send(value=Decimal(90)).submission_id
    with working(cast.an) as work:
        assert accept_submission(work, row_id).state == "accepted"
    with pytest.raises(IllegalStep):
        send(value=Decimal(91))
    with working(cast.an) as work:
        assert reopen_submission(work, row_id, WHY).state_reason == WHY.reason
    assert send(value=Decimal(91)).number == 2
    with working(cast.an) as work:
        accept_submission(work, row_id)
        assert [d.kind for d in work.session.scalars(select(SubmissionDecision))] == ["accepted"] * 2


def test_a_return_carries_its_reason_until_the_next_version(send, working, cast):
    row_id = send(value=Decimal(90)).submission_id
    with working(cast.an) as work:
        row = return_submission(work, row_id, WHY)
        assert (row.state, row.state_reason) == ("returned", WHY.reason)
        assert events(work)[-1].data == {"number": 1, "reason": WHY.reason}
    send(value=Decimal(91))
    with working(cast.an) as work:
        row = get_submission(work, row_id)
        assert (row.state, row.state_reason) == ("sent", None)


def test_an_expected_figure_can_be_waived_and_asked_again(working, cast, indicator, period, stage, send):
    row = Submission(
        locality_id=cast.commune.id,
        indicator_id=indicator.id,
        unit_id=cast.school_cell.id,
        period_id=period.id,
        created_at=NOW,
    )
    stage.add(row)
    stage.commit()
    with working(cast.an) as work:
        assert waive_submission(work, row.id, WHY).state == "waived"
    with pytest.raises(IllegalStep):
        send(value=Decimal(91))
    with working(cast.an) as work:
        assert reopen_submission(work, row.id, WHY).state == "reopened"
    assert send(value=Decimal(91)).submission_id == row.id


def test_late_is_measured_by_the_day_it_was_sent(send, period):
    on_the_day = NOW.replace(year=2027, month=1, day=period.due_on.day, hour=16, minute=59)
    assert not was_sent_late(period.due_on, send(now=on_the_day, value=Decimal(90)).sent_at)
    late = send(now=on_the_day + timedelta(minutes=1), value=Decimal(90))
    assert was_sent_late(period.due_on, late.sent_at)


def test_a_member_of_an_owning_group_reports(working, cast, plan, stage, period):
    cells = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.village_cell])
    shared = add_indicator(stage, plan, "CT-02", owners=(cells,))
    stage.commit()
    with working(cast.hoa) as work:
        version = send_submission(
            work,
            SubmissionInput(indicator=shared.id, unit=cast.village_cell.id, period="2026-Q4", value=5),
        )
        assert get_submission(work, version.submission_id).due_on == period.due_on


def test_actions_follow_state_and_person(send, working, cast):
    row_id = send(value=Decimal(90)).submission_id
    with working(cast.binh) as work:
        assert allowed_actions(work, get_submission(work, row_id), period_open=True) == ["send"]
        assert allowed_actions(work, get_submission(work, row_id), period_open=False) == []
    with working(cast.an) as work:
        row = get_submission(work, row_id)
        assert allowed_actions(work, row, period_open=True) == ["accept", "return", "waive"]
    with working(cast.chi) as work:
        assert allowed_actions(work, get_submission(work, row_id), period_open=True) == []


@pytest.mark.parametrize("name", ["hoa", "an", "chi", "kiem", "quan", "giang"])
def test_nobody_else_sends_for_a_unit(send, cast, name):
    with pytest.raises(Forbidden):
        send(cast.everybody[name], value=Decimal(90))


@pytest.mark.parametrize("name", ["binh", "chi", "kiem", "quan", "giang"])
def test_only_the_office_decides(send, working, cast, name):
    row_id = send(value=Decimal(90)).submission_id
    for decide in (
        lambda work: accept_submission(work, row_id),
        lambda work: return_submission(work, row_id, WHY),
        lambda work: waive_submission(work, row_id, WHY),
    ):
        with pytest.raises(Forbidden), working(cast.everybody[name]) as work:
            decide(work)


@pytest.mark.parametrize("name", ["hoa", "dung"])
def test_others_do_not_know_of_a_units_figure(send, working, cast, name):
    row_id = send(value=Decimal(90)).submission_id
    with pytest.raises(NotFound), working(cast.everybody[name]) as work:
        get_submission(work, row_id)
    with pytest.raises(NotFound), working(cast.everybody[name]) as work:
        accept_submission(work, row_id)


def test_another_communes_indicator_is_not_known(send, cast):
    with pytest.raises(NotFound):
        send(cast.dung, unit=cast.other_unit.id, value=Decimal(1))
    with pytest.raises(NotFound):
        send(unit=cast.other_unit.id, value=Decimal(1))


def test_a_unit_that_was_not_asked_is_told_so(send, cast):
    with pytest.raises(Conflict) as refused:
        send(cast.hoa, unit=cast.village_cell.id, value=Decimal(90))
    assert refused.value.code == "not_owner"


def test_a_closed_period_takes_only_what_was_asked_again(send, working, cast, stage, period, indicator):
    row_id = send(value=Decimal(90)).submission_id
    stage.merge(period).state = "closed"
    stage.commit()
    with pytest.raises(Conflict) as refused:
        send(value=Decimal(91))
    assert refused.value.code == "period_closed"
    with working(cast.an) as work:
        return_submission(work, row_id, WHY)
    assert send(value=Decimal(91)).number == 2


def test_a_plan_that_is_not_in_force_takes_no_figures(send, stage, plan):
    stage.merge(plan).state = "closed"
    stage.commit()
    with pytest.raises(Conflict, match="Kế hoạch"):
        send(value=Decimal(90))


@pytest.mark.parametrize(
    ("measure", "parts", "field", "said"),
    [
        ("percent", {"value": 120}, "value", "120 % vượt quá 100 %. Kiểm tra lại tỷ lệ."),
        ("percent", {"numerator": 6, "denominator": 5}, "numerator", "120 % vượt quá 100 %"),
        ("percent", {"numerator": 6, "denominator": 0}, "denominator", "Mẫu số phải lớn hơn 0"),
        ("percent", {"numerator": 6}, "denominator", "Còn thiếu mẫu số"),
        ("percent", {"numerator": -1, "denominator": 5}, "numerator", "-1 nhỏ hơn 0"),
        ("percent", {"value": 5, "numerator": 1, "denominator": 5}, "value", "Chỉ nhập"),
        ("percent", {"level": 2}, "level", "phần trăm"),
        ("percent", {}, "value", "Chưa nhập số liệu"),
        ("count", {"value": -3}, "value", "nhỏ hơn 0"),
        ("count", {"value": "2.5"}, "value", "2,5 không phải số nguyên"),
        ("count", {"numerator": 1, "denominator": 2}, "numerator", "một con số"),
        ("ratio", {"numerator": "9" * 20, "denominator": "0.00000001"}, "denominator", "số quá lớn"),
        ("percent", {"numerator": "9" * 20, "denominator": "0.00000001"}, "denominator", "số quá lớn"),
        ("level", {}, "level", "mức độ"),
        ("level", {"value": 2}, "value", "mức độ"),
        ("yes_no", {}, "flag", "đạt hoặc chưa đạt"),
        ("text", {}, "note", "bằng lời"),
    ],
)
def test_a_figure_that_cannot_be_names_its_field(
    working, cast, plan, stage, period, measure, parts, field, said
):
    asked = add_indicator(stage, plan, "CT-07", owners=(cast.school_cell,), measure=measure, decimals=0)
    stage.commit()
    with pytest.raises(Invalid) as refused, working(cast.binh) as work:
        send_submission(
            work,
            SubmissionInput(indicator=asked.id, unit=cast.school_cell.id, period="2026-Q4", **parts),
        )
    assert said in refused.value.errors[field]


def test_growth_may_be_negative_or_more_than_everything_where_the_office_says_so(
    working, cast, plan, stage, period
):
    growth = add_indicator(
        stage, plan, "CT-07", owners=(cast.school_cell,), range_from=Decimal(-20), range_to=Decimal(150)
    )
    stage.commit()

    def sent(value):
        with working(cast.binh) as work:
            where = {"indicator": growth.id, "unit": cast.school_cell.id, "period": "2026-Q4"}
            send_submission(work, SubmissionInput(**where, value=value))

    sent("-2.3")
    sent("120")
    for value in ("-21", "151"):
        with pytest.raises(Invalid, match="nhất có thể"):
            sent(value)


@pytest.mark.parametrize(
    ("measure", "parts"),
    [
        ("count", {"value": 26120}),
        ("money", {"value": "1250.5"}),
        ("ratio", {"numerator": 30, "denominator": 12}),
        ("level", {"level": 2}),
        ("yes_no", {"flag": False}),
        ("text", {"note": "Đang rà soát"}),
    ],
)
def test_each_measure_takes_its_own_parts(working, cast, plan, stage, period, measure, parts):
    asked = add_indicator(stage, plan, "CT-07", owners=(cast.school_cell,), measure=measure, decimals=0)
    stage.commit()
    with working(cast.binh) as work:
        given = SubmissionInput(indicator=asked.id, unit=cast.school_cell.id, period="2026-Q4", **parts)
        assert send_submission(work, given).number == 1


def test_a_document_that_asks_for_more_than_100_percent_gets_it(working, cast, plan, stage, period):
    target = {"comparator": "gte", "value": 110, "horizon": 2030}
    asked = add_indicator(stage, plan, "CT-07", owners=(cast.school_cell,), target=target)
    stage.commit()
    with working(cast.binh) as work:
        given = SubmissionInput(indicator=asked.id, unit=cast.school_cell.id, period="2026-Q4", value=120)
        assert send_submission(work, given).value == 120


def test_an_unknown_period_says_what_to_do(send):
    with pytest.raises(NotFound, match="2031-Q1"):
        send(period="2031-Q1", value=Decimal(90))


def test_deciding_on_a_figure_that_was_replaced_is_stale(send, working, cast):
    row_id = send(value=Decimal(90)).submission_id
    with working(cast.an) as work:
        seen = get_submission(work, row_id).version
    send(value=Decimal(91))
    with pytest.raises(Stale), working(cast.an) as work:
        accept_submission(work, row_id, seen)


def test_two_first_figures_at_once_make_two_versions_of_one_row(send):
    threads = [Thread(target=send, kwargs={"value": Decimal(n)}) for n in (90, 91)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert send(value=Decimal(92)).number == 3


def test_sent_versions_cannot_be_changed(send, database):
    version = send(value=Decimal(90))
    with database.write_session() as session:
        session.get(SubmissionVersion, version.id).value = Decimal(99)
        with pytest.raises(IntegrityError, match="append-only"):
            session.flush()
