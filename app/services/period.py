"""Reporting periods: opening one creates the rows it expects, closing one says what is missing, and one closed too
early is opened again. What the clock does with them: period_clock.py; dates of single units: period_exception.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.events import PeriodClosed, PeriodOpened, PeriodReopened
from app.models import Indicator, Period, PeriodScheme, Plan, Responsibility, Task
from app.models.base import columns
from app.permissions import Permission
from app.services import expectation
from app.services._scope import find, home_locality, visible
from app.services.expectation import expect_submissions
from app.services.fan_out import fan_out
from app.services.group_changes import ask_again, withdraw_groundless
from app.services.period_rules import Span, is_label, span_of_day, span_of_label, spans_of_year, working_day
from app.services.period_standing import count_missing
from app.services.plan_reporting import due_in, list_schemes
from app.services.typed import Day, Typed
from app.text import format_date
from app.work import Work

indicators, periods, schemes = columns(Indicator), columns(Period), columns(PeriodScheme)
plans, given, tasks = columns(Plan), columns(Responsibility), columns(Task)


# How long a period that was opened again takes reports, when nobody says until when.
REOPENED_DAYS = 7


class PeriodInput(Typed):
    """A period to open: named by its label, or the one of today of a cycle. `due_on` overrides the scheme's day.
    One of cycle `ad_hoc` has the label, name and days that are given, and may be about one `plan` alone."""

    scheme: str = Field(default="calendar", max_length=30)
    label: str | None = Field(default=None, max_length=20)
    cycle: str | None = Field(default=None, max_length=20)
    name: str | None = Field(default=None, max_length=100)
    starts_on: Day | None = None
    ends_on: Day | None = None
    due_on: Day | None = None
    locks_on: Day | None = None
    plan: UUID | None = None
    locality: UUID | None = None


class ReopenInput(Typed):
    """`until`: the last day it takes reports; a working day about a week from now when left out."""

    reason: str = Field(min_length=1, max_length=2_000)
    until: Day | None = None


def list_periods(
    work: Work,
    *,
    locality: UUID | None = None,
    state: str | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 200,
) -> list[Period]:
    """Newest first; `after` is (start, id) of the last one seen."""
    statement = visible(work, Period).order_by(periods.starts_on.desc(), periods.id).limit(limit)
    if after is not None:
        same_day = and_(periods.starts_on == after[0], periods.id > after[1])
        statement = statement.where(or_(periods.starts_on < after[0], same_day))
    if locality is not None:
        statement = statement.where(periods.locality_id == locality)
    if state is not None:
        statement = statement.where(periods.state == state)
    return list(work.session.scalars(statement))


def get_period(work: Work, period_id: UUID) -> Period:
    return find(work, Period, period_id)


def open_periods(work: Work, locality_id: UUID) -> list[Period]:
    """Periods that take reports now, the one due first first."""
    work.require(Permission.PLAN_READ, locality_id)
    return expectation.open_periods(work, locality_id)


def suggest_periods(work: Work, locality_id: UUID) -> list[tuple[PeriodScheme, Span]]:
    """Periods of today and those after them that are not there yet, by scheme and start."""
    found: list[tuple[PeriodScheme, Span]] = []
    for scheme in list_schemes(work, locality_id):
        made = set(work.session.scalars(select(periods.label).where(periods.scheme_id == scheme.id)))
        spans = [
            span
            for year in (work.today.year, work.today.year + 1)
            for span in spans_of_year(scheme.rules, year)
            if span.ends_on >= work.today and span.label not in made
        ]
        found += [(scheme, span) for span in _nearest(spans)]
    return found


def period_actions(work: Work, period: Period) -> list[str]:
    if not work.actor.may(Permission.PERIOD_MANAGE, period.locality_id):
        return []
    return ["close", "except"] if period.state == "open" else ["reopen"]


def scheme_codes(work: Work, scheme_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(schemes.id, schemes.code).where(schemes.id.in_(scheme_ids)))
    return {row.id: row.code for row in rows}


def find_period(work: Work, locality_id: UUID, label_or_id: str | UUID) -> Period:
    """The period of that id or label; a label two schemes share means the open one. Never locked. NotFound, or
    Invalid when the label alone does not say which."""
    found: list[Period] = list(
        work.session.scalars(
            visible(work, Period)
            .where(periods.locality_id == locality_id, named_period(label_or_id))
            .order_by(periods.id)
        )
    )
    return the_one_named(found, label_or_id)


def the_one_named(found: Sequence[Period], label_or_id: str | UUID) -> Period:
    """Of the periods of that id or label the one that is meant; raises as `find_period`."""
    if not found:
        raise NotFound(f"Không có kỳ báo cáo “{label_or_id}” ở địa phương này. Hãy mở kỳ trước.")
    open_ones = [period for period in found if period.state == "open"]
    if len(open_ones or found) > 1:
        raise Invalid.field("period", f"Có nhiều kỳ mang nhãn “{label_or_id}”. Hãy nêu mã (id) của kỳ.")
    return (open_ones or found)[0]


def check_period(work: Work, locality_id: UUID, label: str | None) -> None:
    """NotFound when a label is asked for that no period has. Several may share it."""
    if label is None:
        return
    known = visible(work, Period, periods.id).where(
        periods.locality_id == locality_id, periods.label == label
    )
    if work.session.scalars(known.limit(1)).first() is None:
        raise NotFound(f"Không có kỳ báo cáo “{label}” ở địa phương này. Chọn kỳ khác.")


def named_period(label_or_id: str | UUID) -> Any:
    """The condition under which a period is meant by its id or label."""
    try:
        return periods.id == UUID(str(label_or_id))
    except ValueError:
        return periods.label == label_or_id


def open_period(work: Work, wanted: PeriodInput) -> Period:
    """Open a period and create every row it expects. Opening an open one again returns it and adds only the rows
    that are missing. Conflict when it is closed; Invalid names what was given and is otherwise."""
    locality_id = home_locality(work, wanted.locality)
    work.require(Permission.PERIOD_MANAGE, locality_id)
    scheme = _scheme(work, locality_id, wanted.scheme)
    span = _span(work, scheme, wanted)
    period = _period_of(work, scheme, span)
    if period is not None and period.state == "closed":
        raise Conflict(
            f"{period.name} đã đóng. Chọn kỳ khác, hoặc mở lại kỳ đó ở trang của kỳ.", code="period_closed"
        )

    is_new = period is None
    if period is None:
        period = _new_period(work, scheme, span, wanted)
    _check_as_given(period, wanted)
    if is_new:
        work.add(period)
    rows = fan_out(work, _standing_work(work, period), period)
    figures = expect_submissions(work, _indicators_in_force(work, period), period)
    if is_new or rows or figures:
        work.record(
            PeriodOpened(
                locality_id=locality_id,
                subject_id=period.id,
                label=period.label,
                assignments=rows,
                submissions=figures,
            )
        )
    return period


def close_period(work: Work, period_id: UUID, version: int | None = None) -> Period:
    """No more reports from here on; the rows stay as they are, and how many are missing is kept in the history.
    With `version`, Stale says that somebody changed the period meanwhile."""
    period = find(work, Period, period_id)
    work.require(Permission.PERIOD_MANAGE, period.locality_id)
    if period.state == "closed":
        raise Conflict(f"{period.name} đã đóng từ trước. Không cần đóng lại.", code="period_closed")
    work.check_version(period, period.version if version is None else version)

    period.state, period.closed_at = "closed", work.now
    withdraw_groundless(work, period.locality_id, f" vì {period.name} đã đóng, không còn mục nào liên quan")
    missing = count_missing(work, period.id)
    work.record(
        PeriodClosed(
            locality_id=period.locality_id, subject_id=period.id, label=period.label, missing=missing
        )
    )
    return period


def reopen_period(work: Work, period_id: UUID, given: ReopenInput, version: int | None = None) -> Period:
    """A closed period takes reports again until a day; due dates stay, so what comes now is late."""
    period = find(work, Period, period_id)
    work.require(Permission.PERIOD_MANAGE, period.locality_id)
    if period.state == "open":
        raise Conflict(f"{period.name} đang mở. Không cần mở lại.", code="period_open")
    if given.until is not None and given.until < work.today:
        raise Invalid.field("until", "Ngày khóa phải từ hôm nay trở đi. Chọn ngày muộn hơn.")
    work.check_version(period, period.version if version is None else version)

    period.state, period.closed_at = "open", None
    until = given.until or working_day(work.today + timedelta(days=REOPENED_DAYS))
    period.locks_on = max(period.due_on, until)
    ask_again(work, period.locality_id)
    work.record(
        PeriodReopened(
            locality_id=period.locality_id,
            subject_id=period.id,
            label=period.label,
            locks_on=period.locks_on,
            reason=given.reason,
        )
    )
    return period


def _nearest(spans: Sequence[Span]) -> list[Span]:
    """The two nearest of each cycle: the current and the next one."""
    by_cycle: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: span.starts_on):
        by_cycle.setdefault(span.cycle, []).append(span)
    return [span for of_cycle in by_cycle.values() for span in of_cycle[:2]]


def _scheme(work: Work, locality_id: UUID, code: str) -> PeriodScheme:
    """The scheme, locked: two people opening the same period at once get the same one."""
    scheme: PeriodScheme | None = work.session.scalars(
        select(schemes).where(schemes.locality_id == locality_id, schemes.code == code).with_for_update()
    ).first()
    if scheme is None:
        raise Invalid.field(
            "scheme", f"Không có chế độ báo cáo “{code}”. Chọn calendar, administrative hoặc school_year."
        )
    return scheme


def _span(work: Work, scheme: PeriodScheme, wanted: PeriodInput) -> Span:
    if wanted.cycle == "ad_hoc":
        return _typed_span(scheme, wanted)
    if wanted.plan is not None:
        raise Invalid.field("plan", "Chỉ kỳ đột xuất mới mở riêng cho một kế hoạch. Bỏ chọn kế hoạch.")
    if wanted.label:
        return span_of_label(scheme.rules, wanted.label)
    if wanted.cycle:
        return span_of_day(scheme.rules, work.today, wanted.cycle)
    raise Invalid.field("label", "Chưa nêu kỳ. Nhập nhãn như 2026-Q4, hoặc chọn loại kỳ.")


def _typed_span(scheme: PeriodScheme, wanted: PeriodInput) -> Span:
    """A period no scheme defines: everything about it was typed."""
    label, name, due = wanted.label, wanted.name, wanted.due_on
    starts, ends = wanted.starts_on, wanted.ends_on
    if not (label and name and starts and ends and due):
        empty = [n for n in ("label", "name", "starts_on", "ends_on", "due_on") if not getattr(wanted, n)]
        raise Invalid(
            "Kỳ đột xuất cần nhãn, tên, ngày đầu, ngày cuối và hạn báo cáo.",
            errors=dict.fromkeys(empty, "Kỳ đột xuất cần nội dung này. Hãy nhập."),
        )
    if is_label(scheme.rules, label):
        raise Invalid.field(
            "label", f"“{label}” là nhãn của kỳ định kỳ. Đặt nhãn khác, ví dụ {starts.year}-DX1."
        )
    if ends < starts:
        raise Invalid.field("ends_on", "Ngày cuối kỳ không thể trước ngày đầu kỳ. Chọn ngày muộn hơn.")
    locks_on = wanted.locks_on or working_day(due + timedelta(days=REOPENED_DAYS))
    if locks_on < due:
        raise Invalid.field("locks_on", "Ngày khóa không thể trước hạn báo cáo. Chọn ngày muộn hơn.")
    return Span("ad_hoc", label, name, starts, ends, due, locks_on)


def _check_plan(work: Work, locality_id: UUID, plan_id: UUID) -> None:
    known = visible(work, Plan).where(plans.id == plan_id, plans.locality_id == locality_id)
    if work.session.scalars(known.where(plans.state == "issued")).first() is None:
        raise Invalid.field("plan", "Không có kế hoạch đang thực hiện nào như vậy. Chọn kế hoạch khác.")


def _period_of(work: Work, scheme: PeriodScheme, span: Span) -> Period | None:
    found: Period | None = work.session.scalars(
        select(periods).where(periods.scheme_id == scheme.id, periods.label == span.label)
    ).first()
    return found


def _new_period(work: Work, scheme: PeriodScheme, span: Span, wanted: PeriodInput) -> Period:
    due = wanted.due_on or span.due_on
    if due < span.starts_on:
        raise Invalid.field("due_on", "Hạn báo cáo không thể trước ngày đầu kỳ. Chọn ngày muộn hơn.")
    if wanted.plan is not None:
        _check_plan(work, scheme.locality_id, wanted.plan)
    return Period(
        locality_id=scheme.locality_id,
        scheme_id=scheme.id,
        plan_id=wanted.plan,
        cycle=span.cycle,
        label=span.label,
        name=span.name,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        due_on=due,
        locks_on=max(span.locks_on, due),
        opened_at=work.now,
    )


def _check_as_given(period: Period, wanted: PeriodInput) -> None:
    """Nothing that was sent is passed over: it is as the period has it, by its scheme or since it was opened."""
    said = {
        name: getattr(period, "plan_id" if name == "plan" else name)
        for name in ("cycle", "name", "starts_on", "ends_on", "due_on", "locks_on", "plan")
    }
    given = {name: value for name in said if (value := getattr(wanted, name)) is not None}
    if wrong := {name: said[name] for name, value in given.items() if value != said[name]}:
        raise Invalid(
            f"{period.name} đã định khác với nội dung gửi. Bỏ các trường đó, hoặc mở kỳ đột xuất với nhãn khác.",
            errors={name: f"{period.name} đã định là {_shown(value)}." for name, value in wrong.items()},
        )


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return format_date(value)
    return "mọi kế hoạch" if value is None else f"“{value}”"


def _standing_work(work: Work, period: Period) -> list[Responsibility]:
    """Standing tasks of issued plans that report in this period."""
    return list(
        work.session.scalars(
            select(given)
            .join(tasks, tasks.id == given.task_id)
            .join(plans, plans.id == tasks.plan_id)
            .where(plans.locality_id == period.locality_id, plans.state == "issued")
            .where(tasks.kind == "standing", due_in(tasks.cycle, period))
            .order_by(given.id)
        )
    )


def _indicators_in_force(work: Work, period: Period) -> list[Indicator]:
    return list(
        work.session.scalars(
            select(indicators)
            .join(plans, plans.id == indicators.plan_id)
            .where(plans.locality_id == period.locality_id, plans.state == "issued")
            .where(due_in(indicators.cycle, period))
            .order_by(indicators.id)
        )
    )
