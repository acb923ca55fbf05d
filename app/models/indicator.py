"""What is measured, who reports it, and what is to be reached."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, figure, inside, key_within_locality, moment, one_of, rule
from app.models.task import CYCLES

MEASURES = ("percent", "count", "ratio", "level", "yes_no", "money", "text")
COMPARATORS = ("gt", "gte", "lt", "lte", "reach", "between", "achieve", "maintain")
OVER_UNITS = ("ratio", "sum", "met", "none")
OVER_PERIODS = ("ratio", "sum", "last", "none")


class Indicator(Row, table=True):
    """`statement` is verbatim. `unit_label` is the unit of the figure ("%", "phòng học", "mức độ"). `previous_id`: the
    same indicator in the plan that this one amends. `part_of_id`: the indicator it is a part of; where that one
    `adds_up`, its figure is the sum of its parts. `verifier_id`: the unit that vouches for the figures. `baseline` is
    where things stood before, `baseline_label` says when ("năm 2025"). Figures outside `range_from` … `range_to` are
    refused; one that moves by more than `jump_limit` % of the one before is asked about. `over_units` and
    `over_periods`: the only way several figures become one. `definition` is the number of the newest
    IndicatorDefinition."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("plan_id", "code"),
        one_of("measure", *MEASURES),
        one_of("direction", "up", "down", "keep"),
        one_of("value_basis", "in_period", "to_date", "point_in_time"),
        one_of("over_units", *OVER_UNITS),
        one_of("over_periods", *OVER_PERIODS),
        rule("decimals", "decimals BETWEEN 0 AND 6"),
        rule("cycle", f"cycle IS NULL OR cycle IN {CYCLES}"),
        inside("plan_id", "plan"),
        inside("passage_id", "passage"),
    )

    plan_id: UUID
    passage_id: UUID | None = None
    ordinal: int
    code: str = Field(max_length=20)
    name: str = Field(max_length=300)
    statement: str
    measure: str
    direction: str = "up"
    unit_label: str | None = Field(default=None, max_length=60)
    coverage: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    value_basis: str = "to_date"
    numerator_name: str | None = Field(default=None, max_length=300)
    denominator_name: str | None = Field(default=None, max_length=300)
    decimals: int = 2
    cycle: str | None = None
    data_source: str | None = Field(default=None, max_length=300)
    verifier_id: UUID | None = Field(default=None, foreign_key="unit.id")
    is_key: bool = False
    baseline: Decimal | None = figure()
    baseline_label: str | None = Field(default=None, max_length=60)
    range_from: Decimal | None = figure()
    range_to: Decimal | None = figure()
    jump_limit: Decimal | None = figure()
    part_of_id: UUID | None = Field(default=None, foreign_key="indicator.id", index=True)
    adds_up: bool = False
    over_units: str = "none"
    over_periods: str = "last"
    definition: int = 1
    previous_id: UUID | None = Field(default=None, foreign_key="indicator.id", index=True)
    folded: str
    created_at: datetime = moment()
    version: int = 1


class IndicatorDefinition(Row, table=True):
    """What an indicator was from one moment to the next, its targets included: immutable. A sent figure keeps the
    number of the one it was sent under."""

    __tablename__ = "indicator_definition"
    __table_args__ = (
        UniqueConstraint("indicator_id", "number"),
        inside("indicator_id", "indicator"),
    )

    indicator_id: UUID
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)
    defined_at: datetime = moment()
    defined_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class IndicatorOwner(Row, table=True):
    """A unit (or group: each member) that reports the figure."""

    __tablename__ = "indicator_owner"
    __table_args__ = (
        UniqueConstraint("indicator_id", "unit_id"),
        inside("indicator_id", "indicator"),
        inside("unit_id", "unit"),
    )

    indicator_id: UUID
    unit_id: UUID = Field(index=True)


class Target(Row, table=True):
    """What is to be reached by the end of a year; a year the document does not state stays null.
    Targets are never added up."""

    __table_args__ = (
        UniqueConstraint("indicator_id", "horizon"),
        one_of("comparator", *COMPARATORS),
        rule("between", "(comparator = 'between') = (value_to IS NOT NULL)"),
        rule("figure", "value IS NOT NULL OR comparator IN ('achieve', 'maintain')"),
        rule("horizon", "horizon IS NULL OR horizon BETWEEN 2000 AND 2100"),
        inside("indicator_id", "indicator"),
    )

    indicator_id: UUID
    comparator: str
    value: Decimal | None = figure()
    value_to: Decimal | None = figure()
    horizon: int | None = None
    version: int = 1
