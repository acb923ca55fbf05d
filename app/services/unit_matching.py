"""Which existing unit a read organisation may be. Only an equal name decides by itself; likeness is shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import exists, or_

from app.models import Unit, UnitGroupMember
from app.models.base import columns
from app.services._scope import visible
from app.text import compare_key, fold
from app.work import Work

LEAST_LIKENESS = 70
MOST_SHOWN = 3

units, members = columns(Unit), columns(UnitGroupMember)

# Short forms met in plans; names are folded before they are looked for.
_SHORT_FORMS = tuple(
    (re.compile(rf"\b{short}\b"), whole)
    for short, whole in (
        ("ubmttq|mttq|ubmt", "uy ban mat tran to quoc"),
        ("ubnd", "uy ban nhan dan"),
        ("hdnd", "hoi dong nhan dan"),
        ("ubkt", "uy ban kiem tra"),
        ("btv", "ban thuong vu"),
        ("lhpn", "lien hiep phu nu"),
        ("ccb", "cuu chien binh"),
        ("tncs|tn", "thanh nien"),
        ("vh-xh|vhxh", "van hoa xa hoi"),
        ("ttpvhcc", "trung tam phuc vu hanh chinh cong"),
        ("vp", "van phong"),
        ("tdp", "to dan pho"),
    )
)
# Words that nearly every name has say nothing about whether two names mean the same body.
_SAY_NOTHING = re.compile(
    r"\b(?:xa|phuong|dac khu|thi tran|viet nam|ho chi minh|cong san|cac|cua|va|o|tai)\b|[-,/()]"
)


@dataclass(frozen=True, slots=True)
class Match:
    """`score` 0 to 100; `is_exact`: a name or alias of the unit is the same."""

    unit_id: UUID
    name: str
    score: int
    is_exact: bool
    is_group: bool


class UnitNames:
    """The names by which a locality's units are known today. `with_members`: groups somebody belongs to."""

    def __init__(self, rows: Iterable[Unit], with_members: frozenset[UUID] = frozenset()) -> None:
        self._units = {unit.id: unit for unit in rows}
        self.with_members = with_members
        self._by_key: dict[str, set[UUID]] = {}
        self._folded: dict[tuple[UUID, str], str] = {}
        for unit in self._units.values():
            for name in filter(None, (unit.name, unit.short_name, *unit.aliases)):
                self._by_key.setdefault(compare_key(name), set()).add(unit.id)
                self._folded[unit.id, name] = _likeness_key(name)

    def named(self, name: str) -> Unit | None:
        """The one unit of that name; None when there is none, or when two could be meant."""
        found = self._by_key.get(compare_key(name), set())
        return self._units[next(iter(found))] if len(found) == 1 else None

    def name_of(self, unit_id: UUID) -> str:
        """Its name, or that it is gone."""
        unit = self._units.get(unit_id)
        return unit.name if unit else "đơn vị đã thôi hoạt động"

    def is_empty_group(self, unit_id: UUID) -> bool:
        unit = self._units.get(unit_id)
        return unit is not None and unit.is_group and unit_id not in self.with_members

    def all(self) -> list[Unit]:
        return list(self._units.values())

    def like(self, name: str) -> tuple[Match, ...]:
        """Units of that name; where there is none, those of a similar name, the likeliest first."""
        same = self._by_key.get(compare_key(name), set())
        scores = dict.fromkeys(same, 100)
        found = process.extract(
            _likeness_key(name),
            {} if same else self._folded,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=LEAST_LIKENESS,
            limit=10,
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
    lasts = or_(members.valid_to.is_(None), members.valid_to >= work.today)
    belongs = exists().where(members.group_id == units.id, members.valid_from <= work.today, lasts)
    rows = work.session.execute(
        visible(work, Unit, units, belongs.label("has_members"))
        .where(units.locality_id == locality_id, today)
        .order_by(units.name, units.id)
    ).all()
    return UnitNames(
        [unit for unit, _ in rows], frozenset(unit.id for unit, has_members in rows if has_members)
    )


def _likeness_key(name: str) -> str:
    """Folded, short forms written out, without the words every name has; the folded name when nothing is left."""
    folded = fold(name)
    key = folded
    for short, whole in _SHORT_FORMS:
        key = short.sub(whole, key)
    return " ".join(_SAY_NOTHING.sub(" ", key).split()) or folded
