"""Rows for tests: functions that insert straight into tables. Set only what the test is about."""

from datetime import UTC, date, datetime
from typing import Any

from app.models import (
    Assignment,
    Document,
    DocumentFile,
    Indicator,
    IndicatorDefinition,
    IndicatorOwner,
    Locality,
    Passage,
    Period,
    PeriodScheme,
    Plan,
    Responsibility,
    StoredFile,
    Submission,
    Target,
    Task,
    Unit,
    UnitGroup,
    UnitGroupMember,
)
from app.services.definition import content_of, usual_over_periods, usual_over_units
from app.services.period_rules import SHIPPED_SCHEMES, span_of_label
from app.text import compare_key, fold

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def put(session: Any, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def add_locality(
    session: Any, code: str, name: str, *, kind: str = "commune", parent: Locality | None = None
) -> Locality:
    locality: Locality = put(
        session,
        Locality(
            code=code,
            name=name,
            folded=fold(name),
            kind=kind,
            parent_id=parent.id if parent else None,
            created_at=LONG_AGO,
        ),
    )
    for scheme, (scheme_name, rules) in SHIPPED_SCHEMES.items():
        put(session, PeriodScheme(locality_id=locality.id, code=scheme, name=scheme_name, rules=rules))
    return locality


def add_unit(
    session: Any, locality: Locality, code: str, name: str, *, kind: str = "division", **more: Any
) -> Unit:
    unit: Unit = put(
        session,
        Unit(
            locality_id=locality.id,
            code=code,
            name=name,
            kind=kind,
            name_key=compare_key(name),
            folded=fold(name),
            valid_from=date(2025, 1, 1),
            created_at=LONG_AGO,
            **more,
        ),
    )
    return unit


def add_group(session: Any, locality: Locality, code: str, name: str, members: list[Unit]) -> Unit:
    group = add_unit(session, locality, code, name, kind="group")
    put(session, UnitGroup(id=group.id, locality_id=locality.id))
    for member in members:
        put(
            session,
            UnitGroupMember(
                locality_id=locality.id, group_id=group.id, unit_id=member.id, valid_from=date(2025, 1, 1)
            ),
        )
    return group


def add_plan(session: Any, locality: Locality, *, code: str = "KH-01", state: str = "issued") -> Plan:
    kept = put(
        session,
        StoredFile(
            locality_id=locality.id,
            sha256="0" * 64,
            size=10,
            name="ke-hoach.txt",
            media_type="text/plain",
            stored_at=LONG_AGO,
        ),
    )
    title = "Kế hoạch phát triển giáo dục"
    document = put(
        session,
        Document(
            locality_id=locality.id,
            stored_file_id=kept.id,
            text="Nội dung",
            title=title,
            folded=fold(title),
            created_at=LONG_AGO,
        ),
    )
    put(
        session,
        DocumentFile(
            locality_id=locality.id,
            document_id=document.id,
            ordinal=1,
            stored_file_id=kept.id,
            format="txt",
            start_at=0,
            end_at=8,
        ),
    )
    put(
        session,
        Passage(
            locality_id=locality.id,
            document_id=document.id,
            ordinal=1,
            key="p1",
            path="IV.1",
            kind="item",
            raw="Nội dung",
            text="Nội dung",
            start_at=0,
            end_at=8,
            in_scope=True,
        ),
    )
    plan: Plan = put(
        session,
        Plan(
            locality_id=locality.id,
            document_id=document.id,
            code=code,
            title=title,
            state=state,
            folded=fold(title),
            created_at=LONG_AGO,
            issued_at=None if state == "draft" else LONG_AGO,
        ),
    )
    return plan


def add_task(session: Any, plan: Plan, code: str = "NV-001", **more: Any) -> Task:
    text = more.pop("text", "Rà soát cơ sở vật chất của các trường học trên địa bàn.")
    task: Task = put(
        session,
        Task(
            locality_id=plan.locality_id,
            plan_id=plan.id,
            ordinal=more.pop("ordinal", 1),
            code=code,
            title=more.pop("title", text[:60]),
            text=text,
            folded=fold(text),
            created_at=LONG_AGO,
            **more,
        ),
    )
    return task


def add_responsibility(session: Any, task: Task, unit: Unit, **more: Any) -> Responsibility:
    given: Responsibility = put(
        session, Responsibility(locality_id=task.locality_id, task_id=task.id, unit_id=unit.id, **more)
    )
    return given


def add_period(session: Any, locality: Locality, label: str = "2026-Q4", **more: Any) -> Period:
    from sqlalchemy import select

    schemes: Any = PeriodScheme
    scheme = session.scalars(
        select(schemes).where(schemes.locality_id == locality.id, schemes.code == "calendar")
    ).one()
    span = span_of_label(scheme.rules, label)
    period: Period = put(
        session,
        Period(
            locality_id=locality.id,
            scheme_id=scheme.id,
            cycle=span.cycle,
            label=span.label,
            name=span.name,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            due_on=span.due_on,
            locks_on=span.locks_on,
            opened_at=LONG_AGO,
            **more,
        ),
    )
    return period


def add_assignment(
    session: Any,
    task: Task,
    unit: Unit,
    *,
    period: Period | None = None,
    responsibility: Responsibility | None = None,
    **more: Any,
) -> Assignment:
    given = responsibility or add_responsibility(session, task, unit)
    assignment: Assignment = put(
        session,
        Assignment(
            locality_id=task.locality_id,
            plan_id=task.plan_id,
            task_id=task.id,
            responsibility_id=given.id,
            unit_id=unit.id,
            period_id=period.id if period else None,
            due_on=more.pop("due_on", period.due_on if period else task.due_on),
            created_at=LONG_AGO,
            **more,
        ),
    )
    return assignment


def add_indicator(
    session: Any, plan: Plan, code: str = "CT-01", *, owners: tuple[Unit, ...] = (), **more: Any
) -> Indicator:
    statement = more.pop("statement", "100% trường học có phòng máy tính")
    target = more.pop("target", {"comparator": "reach", "value": 100, "horizon": 2030})
    measure, basis = more.pop("measure", "percent"), more.pop("value_basis", "to_date")
    indicator: Indicator = put(
        session,
        Indicator(
            locality_id=plan.locality_id,
            plan_id=plan.id,
            ordinal=more.pop("ordinal", 1),
            code=code,
            name=statement[:100],
            statement=statement,
            measure=measure,
            value_basis=basis,
            over_units=more.pop("over_units", usual_over_units(measure)),
            over_periods=more.pop("over_periods", usual_over_periods(measure, basis)),
            unit_label=more.pop("unit_label", "%"),
            folded=fold(statement),
            created_at=LONG_AGO,
            **more,
        ),
    )
    for owner in owners:
        put(
            session, IndicatorOwner(locality_id=plan.locality_id, indicator_id=indicator.id, unit_id=owner.id)
        )
    goals = [Target(locality_id=plan.locality_id, indicator_id=indicator.id, **target)] if target else []
    for goal in goals:
        put(session, goal)
    first = IndicatorDefinition(
        locality_id=plan.locality_id,
        indicator_id=indicator.id,
        number=1,
        content=content_of(indicator, goals),
        defined_at=LONG_AGO,
    )
    put(session, first)
    return indicator


def add_submission(session: Any, indicator: Indicator, unit: Unit, period: Period, **more: Any) -> Submission:
    submission: Submission = put(
        session,
        Submission(
            locality_id=indicator.locality_id,
            indicator_id=indicator.id,
            unit_id=unit.id,
            period_id=period.id,
            due_on=more.pop("due_on", period.due_on),
            created_at=LONG_AGO,
            **more,
        ),
    )
    return submission
