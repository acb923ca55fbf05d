"""Which existing unit a read organisation may be. Only an equal name decides by itself; likeness is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import or_

from app.models import Unit
from app.models.base import columns
from app.services._scope import visible
from app.text import compare_key, fold
from app.work import Work

LEAST_LIKENESS = 60
MOST_SHOWN = 3

units = columns(Unit)


@dataclass(frozen=True, slots=True)
class Match:
    """`score` 0 to 100; `is_exact`: a name or alias of the unit is the same."""

    unit_id: UUID
    name: str
    score: int
    is_exact: bool
    is_group: bool


class UnitNames:
    """The names by which a locality's units are known today."""

    def __init__(self, rows: Iterable[Unit]) -> None:
        self._units = {unit.id: unit for unit in rows}
        self._by_key: dict[str, set[UUID]] = {}
        self._folded: dict[tuple[UUID, str], str] = {}
        for unit in self._units.values():
            for name in filter(None, (unit.name, unit.short_name, *unit.aliases)):
                self._by_key.setdefault(compare_key(name), set()).add(unit.id)
                self._folded[unit.id, name] = fold(name)

    def named(self, name: str) -> Unit | None:
        """The one unit of that name; None when there is none, or when two could be meant."""
        found = self._by_key.get(compare_key(name), set())
        return self._units[next(iter(found))] if len(found) == 1 else None

    def name_of(self, unit_id: UUID) -> str:
        """Its name, or that it is gone."""
        unit = self._units.get(unit_id)
        return unit.name if unit else "đơn vị đã thôi hoạt động"

    def like(self, name: str) -> tuple[Match, ...]:
        """Units of the same or a similar name, the likeliest first."""
        same = self._by_key.get(compare_key(name), set())
        scores = dict.fromkeys(same, 100)
        found = process.extract(
            fold(name), self._folded, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_LIKENESS, limit=10
        )
        for _, score, (unit_id, _) in found:
            likeness = min(int(score), 99)
            scores[unit_id] = max(scores.get(unit_id, 0), likeness)
        ranked = sorted(scores, key=lambda key: (-scores[key], self._units[key].name, key))
        return tuple(self._match(key, scores[key], key in same) for key in ranked[:MOST_SHOWN])

    def _match(self, unit_id: UUID, score: int, is_exact: bool) -> Match:
        unit = self._units[unit_id]
        return Match(unit_id, unit.name, score, is_exact, unit.is_group)


def names_of_units(work: Work, locality_id: UUID) -> UnitNames:
    """Units of the locality that exist today."""
    today = or_(units.valid_to.is_(None), units.valid_to >= work.today)
    rows = visible(work, Unit).where(units.locality_id == locality_id, today).order_by(units.name, units.id)
    return UnitNames(work.session.scalars(rows))
