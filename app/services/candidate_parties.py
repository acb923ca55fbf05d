"""Who is meant by the names a table or a line gives: an organisation of the document, or a unit that is there."""

from collections.abc import Iterable
from typing import Any

from app.models import Candidate
from app.services.unit_matching import UnitNames
from app.text import compare_key


class PartyNames:
    """The names that can be meant in one document. `read`: its organisations."""

    def __init__(self, names: UnitNames, read: Iterable[Candidate]) -> None:
        self._names = names
        self._read: dict[str, str] = {}
        for row in read:
            if row.state != "rejected":
                said = (row.reading["name"], (row.decided or {}).get("name"))
                self._read |= {compare_key(name): str(row.id) for name in said if name}

    def party(self, name: str) -> dict[str, Any] | None:
        """A Party as JSON; None when nobody is known by exactly that name."""
        if (candidate_id := self._read.get(compare_key(name))) is not None:
            return {"unit_id": None, "candidate_id": candidate_id}
        unit = self._names.named(name)
        return {"unit_id": str(unit.id), "candidate_id": None} if unit else None

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

    def unknown(self, reading: dict[str, Any]) -> list[str]:
        """Names that were read and mean nobody known."""
        told = [*(reading.get("lead") or ()), *(reading.get("cooperating") or ())]
        return [name for name in dict.fromkeys(told) if self.party(name) is None]
