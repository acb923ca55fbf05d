"""Who is meant by the names a table or a line gives: an organisation of the document, or a unit that is there."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from app.documents.carriers import name_key
from app.models import Candidate
from app.services.unit_matching import UnitNames
from app.text import compare_key


class PartyNames:
    """The names that can be meant in one document. `read`: its organisations."""

    def __init__(self, names: UnitNames, read: Iterable[Candidate]) -> None:
        self._names = names
        self._said = [
            (name, str(row.id))
            for row in read
            if row.state != "rejected"
            for name in (row.reading["name"], (row.decided or {}).get("name"))
            if name
        ]
        self._read = {compare_key(name): key for name, key in self._said}

    def party(self, name: str) -> dict[str, Any] | None:
        """A Party as JSON; None when nobody is known by exactly that name, short forms written out."""
        if (candidate_id := self._read.get(compare_key(name))) is not None:
            return {"unit_id": None, "candidate_id": candidate_id}
        if unit := self._names.named(name):
            return {"unit_id": str(unit.id), "candidate_id": None}
        return self._by_short_form(name)

    def _by_short_form(self, name: str) -> dict[str, Any] | None:
        """ "VP HĐND và UBND xã" for the one body of that name; an organisation of the document before a unit."""
        read, there = self._short_forms
        key = name_key(name)
        for field, found in (("candidate_id", read.get(key)), ("unit_id", there.get(key))):
            if found:
                return {"unit_id": None, "candidate_id": None, field: min(found)} if len(found) == 1 else None
        return None

    @cached_property
    def _short_forms(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Keys of organisations of the document, and of units, by names with short forms written out."""
        read: dict[str, set[str]] = {}
        there: dict[str, set[str]] = {}
        for name, key in self._said:
            read.setdefault(name_key(name), set()).add(key)
        for unit in self._names.all():
            for name in filter(None, (unit.name, unit.short_name, *unit.aliases)):
                there.setdefault(name_key(name), set()).add(str(unit.id))
        return read, there

    def proposed(self, reading: dict[str, Any]) -> dict[str, Any]:
        """`lead` and `cooperate` of the names that were read; the second of two leads cooperates."""
        leads = [self.party(name) for name in reading.get("lead") or ()]
        others = [self.party(name) for name in reading.get("cooperating") or ()]
        known = [party for party in leads if party is not None]
        helping = [party for party in [*known[1:], *others] if party is not None and party not in known[:1]]
        found: dict[str, Any] = {"lead": known[0]} if known else {}
        if helping:
            found["cooperate"] = [
                party for place, party in enumerate(helping) if party not in helping[:place]
            ]
        return found

    def owners(self, reading: dict[str, Any]) -> dict[str, Any]:
        """`owners` of a figure: those a table names beside it."""
        found = [self.party(name) for name in reading.get("lead") or ()]
        known = [party for party in found if party is not None]
        return {"owners": known} if known else {}

    def unknown(self, reading: dict[str, Any]) -> list[str]:
        """Names that were read and mean nobody known."""
        told = [*(reading.get("lead") or ()), *(reading.get("cooperating") or ())]
        return [name for name in dict.fromkeys(told) if self.party(name) is None]
