"""How an indicator is measured, checked and rolled up; each definition is kept, with its targets, under a number.

What several figures may become is declared, never guessed:
over units      ratio (Σ numerators ÷ Σ denominators), sum, met (how many of them reach the target), none
over periods    ratio, sum, last (the newest one), none
`ratio` is for percentages and ratios, `sum` for counts and money; over periods both only for figures "in the period":
those to date, or of one day, would be counted twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.errors import Invalid, NotFound
from app.models import Indicator, IndicatorDefinition, Target
from app.models.base import columns
from app.services._scope import visible
from app.services.standing import Figure, Standing, goal_of_year, standing_of
from app.services.typed import Typed
from app.services.unit_group import units_of_locality
from app.services.whole_and_parts import ADDABLE, check_family
from app.text import fold
from app.work import Work

definitions, indicators, targets = columns(IndicatorDefinition), columns(Indicator), columns(Target)

Measure = Literal["percent", "count", "ratio", "level", "yes_no", "money", "text"]
Direction = Literal["up", "down", "keep"]
Basis = Literal["in_period", "to_date", "point_in_time"]
Cycle = Literal["month", "quarter", "half_year", "nine_months", "year", "school_year"]
OverUnits = Literal["ratio", "sum", "met", "none"]
OverPeriods = Literal["ratio", "sum", "last", "none"]

RULES = ("over_units", "over_periods")
SHARES, AMOUNTS = ("percent", "ratio"), ADDABLE
Scale = tuple[str, str, str]
# What is kept of an indicator in each definition, beside its targets.
KEPT = (
    "name",
    "measure",
    "direction",
    "unit_label",
    "value_basis",
    "numerator_name",
    "denominator_name",
    "decimals",
    "cycle",
    "data_source",
    "is_key",
    "baseline",
    "baseline_label",
    "range_from",
    "range_to",
    "jump_limit",
    "adds_up",
    "over_units",
    "over_periods",
)


class Measuring(Typed):
    """What may be said of an indicator beside its statement. `baseline` is the value before the plan, of
    `baseline_label` ("năm 2025"). `jump_limit`: percent of the figure before. `over_units`, `over_periods`: by
    measure when left out or null. `part_of`: another indicator of the plan, which `adds_up` when its figure is the
    sum of its parts."""

    unit_label: str | None = Field(default=None, max_length=60)
    value_basis: Basis = "to_date"
    numerator_name: str | None = Field(default=None, max_length=300)
    denominator_name: str | None = Field(default=None, max_length=300)
    cycle: Cycle | None = None
    data_source: str | None = Field(default=None, max_length=300)
    verifier: UUID | None = None
    is_key: bool = False
    baseline: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    baseline_label: str | None = Field(default=None, max_length=60)
    range_from: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    range_to: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    jump_limit: Decimal | None = Field(default=None, gt=0, max_digits=28, decimal_places=8)
    part_of: UUID | None = None
    adds_up: bool = False
    over_units: OverUnits | None = None
    over_periods: OverPeriods | None = None


def columns_of(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, by the columns it goes to; rules that were left open are `settle_rules`' to say."""
    renamed = {"verifier": "verifier_id", "part_of": "part_of_id"}
    said = {name: value for name, value in typed.items() if value is not None or name not in RULES}
    return {renamed.get(name, name): value for name, value in said.items()}


def usual_over_units(measure: str) -> str:
    if measure in SHARES:
        return "ratio"
    if measure in AMOUNTS:
        return "sum"
    return "none" if measure == "text" else "met"


def usual_over_periods(measure: str, value_basis: str) -> str:
    if measure == "text":
        return "none"
    if value_basis != "in_period" or measure not in SHARES + AMOUNTS:
        return "last"
    return "ratio" if measure in SHARES else "sum"


def allowed_over_units(measure: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((usual_over_units(measure), "none" if measure == "text" else "met", "none")))


def allowed_over_periods(measure: str, value_basis: str) -> tuple[str, ...]:
    usual = usual_over_periods(measure, value_basis)
    return tuple(dict.fromkeys((usual, "none" if measure == "text" else "last", "none")))


def settle_rules(indicator: Indicator, typed: Mapping[str, Any]) -> None:
    """Rules that nobody chose, or chose to leave open, follow the measure; Invalid for one it does not allow."""
    measure, basis = indicator.measure, indicator.value_basis
    allowed = {
        "over_units": allowed_over_units(measure),
        "over_periods": allowed_over_periods(measure, basis),
    }
    for name, codes in allowed.items():
        chosen = typed.get(name)
        if chosen is not None and chosen not in codes:
            raise Invalid.field(name, _NOT_ALLOWED[name])
        if chosen is None and (name in typed or getattr(indicator, name) not in codes):
            setattr(indicator, name, codes[0])


_NOT_ALLOWED = {
    "over_units": "Cách đo này không gộp các đơn vị như vậy được. Chọn cách gộp khác, hoặc không gộp.",
    "over_periods": "Chỉ số liệu “trong kỳ” mới cộng qua các kỳ. Chọn kỳ mới nhất, hoặc không gộp.",
}


def check_measuring(work: Work, indicator: Indicator, changed: Collection[str]) -> None:
    """Invalid names the field that does not fit the others. `changed`: columns that were just set."""
    lowest, highest = indicator.range_from, indicator.range_to
    if lowest is not None and highest is not None and highest < lowest:
        raise Invalid.field("range_to", "Mức cao nhất phải từ mức thấp nhất trở lên. Hãy nhập lại.")
    if indicator.baseline_label and indicator.baseline is None:
        raise Invalid.field("baseline", "Hãy nhập con số xuất phát, hoặc bỏ trống phần “tính đến”.")
    verifiers = [indicator.verifier_id] if indicator.verifier_id else []
    found = units_of_locality(work, verifiers, indicator.locality_id)
    if len(found) < len(verifiers):
        raise Invalid.field("verifier", "Đơn vị thẩm định không thuộc địa phương này. Chọn đơn vị khác.")
    if "verifier_id" in changed and any(unit.has_ended(work.today) for unit in found.values()):
        raise Invalid.field("verifier", "Đơn vị thẩm định đã thôi hoạt động. Chọn đơn vị khác.")
    check_family(work, indicator, changed)


def define(work: Work, indicator: Indicator) -> None:
    """Keep the definition as it is now, with the targets, under the next number. The first one of an indicator that is
    only being made is number 1."""
    work.session.flush()
    goals = work.session.scalars(
        select(targets)
        .where(targets.indicator_id == indicator.id)
        .order_by(targets.horizon.is_(None), targets.horizon, targets.id)
    )
    newest = select(definitions.number).where(definitions.indicator_id == indicator.id)
    last = work.session.scalars(newest.order_by(definitions.number.desc()).limit(1)).first()
    indicator.definition = (last or 0) + 1
    work.add(
        IndicatorDefinition(
            locality_id=indicator.locality_id,
            indicator_id=indicator.id,
            number=indicator.definition,
            content=content_of(indicator, list(goals)),
            defined_at=work.now,
            defined_by_id=work.actor.account_id,
        )
    )


def content_of(indicator: Indicator, goals: Sequence[Target]) -> dict[str, Any]:
    """As JSON keeps it: exact numbers as text."""
    said = {name: _plain(getattr(indicator, name)) for name in KEPT}
    whose = {"verifier": _plain(indicator.verifier_id), "part_of": _plain(indicator.part_of_id)}
    aims = [
        {
            "comparator": goal.comparator,
            "value": _plain(goal.value),
            "value_to": _plain(goal.value_to),
            "horizon": goal.horizon,
        }
        for goal in goals
    ]
    return said | whose | {"targets": aims}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as a definition keeps it."""

    comparator: str
    value: Decimal | None
    value_to: Decimal | None
    horizon: int | None


def scale_of(measure: str, value_basis: str, unit_label: str | None) -> Scale:
    """Only figures of one scale are compared, added, or drawn beside each other: millions and billions are not."""
    return measure, value_basis, fold(unit_label or "") if measure in ("ratio", *AMOUNTS) else ""


@dataclass(frozen=True, slots=True)
class Definition:
    """How figures that were sent under it are read."""

    number: int
    measure: str
    direction: str
    unit_label: str | None
    decimals: int
    value_basis: str
    over_units: str
    over_periods: str
    goals: tuple[Aim, ...]

    @property
    def scale(self) -> Scale:
        return scale_of(self.measure, self.value_basis, self.unit_label)


class Kept(Protocol):
    """A row of indicator_definition, or the columns of it that say how figures are read."""

    @property
    def number(self) -> int: ...
    @property
    def content(self) -> dict[str, Any]: ...
    @property
    def defined_at(self) -> datetime: ...


def definition_of(row: Kept) -> Definition:
    return definition_in(row.content, row.number)


def definition_in(said: Mapping[str, Any], number: int = 0) -> Definition:
    """Of content as it is kept."""
    goals = tuple(
        Aim(goal["comparator"], _exact(goal["value"]), _exact(goal["value_to"]), goal["horizon"])
        for goal in said["targets"]
    )
    return Definition(
        number,
        said["measure"],
        said["direction"],
        said["unit_label"],
        said["decimals"],
        said["value_basis"],
        said["over_units"],
        said["over_periods"],
        goals,
    )


class Defined:
    """Every definition of an indicator, to read its figures by."""

    def __init__(self, rows: Sequence[Kept]) -> None:
        self._by_number = {row.number: definition_of(row) for row in rows}
        self._begun = min(row.defined_at for row in rows)
        # Carried over from another plan it is defined twice in one moment.
        self._first = max(row.number for row in rows if row.defined_at == self._begun)

    @property
    def newest(self) -> Definition:
        return self._by_number[max(self._by_number)]

    def of(self, number: int | None, sent_at: datetime | None) -> Definition:
        """The one that a version was sent under; of what is still missing the newest. A figure that came over from the
        plan before (decision 0018) was sent before there was any: it is read by the first."""
        if number is None or sent_at is None:
            return self.newest
        return self._by_number[number if sent_at >= self._begun else self._first]


def standing_under(how: Definition, figure: Figure | None, year: int) -> Standing:
    """Where a figure of `year` stands against the target that was in force for it."""
    return standing_of(figure, goal_of_year(how.goals, year), direction=how.direction, year=year)


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def list_definitions(work: Work, indicator_ids: Sequence[UUID]) -> dict[UUID, list[IndicatorDefinition]]:
    """All definitions of each indicator, the newest first."""
    found: dict[UUID, list[IndicatorDefinition]] = {key: [] for key in indicator_ids}
    rows = work.session.scalars(
        visible(work, IndicatorDefinition)
        .where(definitions.indicator_id.in_(indicator_ids))
        .order_by(definitions.number.desc())
    )
    for row in rows:
        found[row.indicator_id].append(row)
    return found


def list_defined(work: Work, *wanted: Any) -> list[tuple[Indicator, list[Kept]]]:
    """Indicators the actor may see, each beside its definitions, the newest first; `wanted`: conditions on them. One
    statement."""
    statement = (
        visible(work, Indicator, Indicator, definitions.number, definitions.content, definitions.defined_at)
        .join(definitions, definitions.indicator_id == indicators.id)
        .where(*wanted)
        .order_by(indicators.id, definitions.number.desc())
    )
    grouped = groupby(work.session.execute(statement), key=itemgetter(0))
    return [(indicator, list(rows)) for indicator, rows in grouped]


def find_defined(work: Work, indicator_id: UUID) -> tuple[Indicator, list[Kept]]:
    """One of them; 404 unless visible."""
    found = list_defined(work, indicators.id == indicator_id)
    if not found:
        raise NotFound
    return found[0]
