"""Reporting periods, and the schemes they come from: data, not code."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule
from app.models.task import CYCLES

PERIOD_CYCLES = (*CYCLES, "ad_hoc")


class PeriodScheme(Row, table=True):
    """How a locality cuts the year. `rules` maps a cycle to where its periods start and end
    (see app/services/period.py) and says how many days after its end a period is due and locked."""

    __tablename__ = "period_scheme"
    __table_args__ = (key_within_locality(), UniqueConstraint("locality_id", "code"))

    code: str = Field(max_length=30)
    name: str = Field(max_length=100)
    rules: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Period(Row, table=True):
    """One period of one scheme. Labels sort and read: 2026-03, 2026-Q1, 2026-H1, 2026-9M, 2026, SY2026. One that is
    `ad_hoc` has the label and the days its clerk typed. `plan_id`: it is about that plan alone.
    `reminded_on`: the day units were last reminded of it."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("scheme_id", "label"),
        one_of("cycle", *PERIOD_CYCLES),
        one_of("state", "open", "closed"),
        rule("span", "ends_on >= starts_on AND due_on >= starts_on AND locks_on >= due_on"),
        inside("scheme_id", "period_scheme"),
    )

    scheme_id: UUID
    plan_id: UUID | None = Field(default=None, foreign_key="plan.id", index=True)
    cycle: str
    label: str = Field(max_length=20)
    name: str = Field(max_length=100)
    starts_on: date
    ends_on: date
    due_on: date
    locks_on: date
    state: str = "open"
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    reminded_on: date | None = None
    version: int = 1


class PeriodException(Row, table=True):
    """One unit has another due date in one period, with a reason. `reminded_on`: the day it was last reminded of it."""

    __tablename__ = "period_exception"
    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("period_id", "unit_id"),
        inside("period_id", "period"),
        inside("unit_id", "unit"),
    )

    period_id: UUID
    unit_id: UUID
    due_on: date
    reason: str
    decided_at: datetime = moment()
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    reminded_on: date | None = None
    version: int = 1
