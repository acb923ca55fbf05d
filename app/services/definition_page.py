"""What stands around an indicator on its page: its whole, its parts, its clause, its earlier definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_

from app.models import Indicator, IndicatorDefinition, Unit
from app.models.base import columns
from app.services._scope import visible
from app.services.standing import show_amount
from app.work import Work

indicators, units = columns(Indicator), columns(Unit)


@dataclass(frozen=True, slots=True)
class DefinitionSeen:
    """`changed`: fields that differ from the definition before."""

    number: int
    defined_at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """`siblings` come of the same clause and are neither whole nor part. `baseline` in words, "" when not stated."""

    whole: Indicator | None
    parts: tuple[Indicator, ...]
    siblings: tuple[Indicator, ...]
    verifier: str | None
    baseline: str
    definitions: tuple[DefinitionSeen, ...]


def look_around(work: Work, indicator: Indicator, defined: Sequence[IndicatorDefinition]) -> Around:
    """`defined`: its definitions, the newest first."""
    near = _near(work, indicator)
    parts = [other for other in near if other.part_of_id == indicator.id]
    return Around(
        whole=next((other for other in near if other.id == indicator.part_of_id), None),
        parts=tuple(parts),
        siblings=tuple(other for other in near if other not in parts and other.id != indicator.part_of_id),
        verifier=name_of_verifier(work, indicator),
        baseline=_baseline(indicator),
        definitions=_seen(defined),
    )


def name_of_verifier(work: Work, indicator: Indicator) -> str | None:
    """The unit the office asks before it accepts a figure; it decides nothing itself (decision 0029)."""
    if indicator.verifier_id is None:
        return None
    name: str | None = work.session.scalar(
        visible(work, Unit, units.name).where(units.id == indicator.verifier_id)
    )
    return name


def _near(work: Work, indicator: Indicator) -> list[Indicator]:
    related = [indicators.part_of_id == indicator.id, indicators.id == indicator.part_of_id]
    if indicator.passage_id is not None:
        related.append(indicators.passage_id == indicator.passage_id)
    found = (
        visible(work, Indicator)
        .where(indicators.plan_id == indicator.plan_id, indicators.id != indicator.id, or_(*related))
        .order_by(indicators.ordinal, indicators.id)
    )
    return list(work.session.scalars(found))


def _baseline(indicator: Indicator) -> str:
    if indicator.baseline is None:
        return ""
    shown = show_amount(indicator.baseline, indicator)
    return f"{shown} ({indicator.baseline_label})" if indicator.baseline_label else shown


def _seen(defined: Sequence[IndicatorDefinition]) -> tuple[DefinitionSeen, ...]:
    before: list[dict[str, Any]] = [*(row.content for row in defined[1:]), {}]
    return tuple(
        DefinitionSeen(row.number, row.defined_at, _changed(row.content, old))
        for row, old in zip(defined, before, strict=True)
    )


def _changed(new: dict[str, Any], old: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, value in new.items() if old and old.get(name) != value)
