"""Reporting periods, and the schemes they come from: data, not code."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule
from app.models.task import CYCLES


class PeriodScheme(Row, table=True):
    """How a locality cuts the year. `rules` maps a cycle to where its periods start and end
    (see app/services/period.py) and says how many days after its end a period is due and locked."""

    __tablename__ = "period_scheme"
    __table_args__ = (key_within_locality(), UniqueConstraint("locality_id", "code"))

    code: str = Field(max_length=30)
    name: str = Field(max_length=100)
    rules: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Period(Row, table=True):
    """One period of one scheme. Labels sort and read: 2026-03, 2026-Q1, 2026-H1, 2026-9M, 2026, SY2026."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("scheme_id", "label"),
        one_of("cycle", *CYCLES),
        one_of("state", "open", "closed"),
        rule("span", "ends_on >= starts_on AND due_on >= starts_on AND locks_on >= due_on"),
        inside("scheme_id", "period_scheme"),
    )

    scheme_id: UUID
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
    version: int = 1
