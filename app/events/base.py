"""Things that can happen, past tense: one frozen dataclass each.

`subject_kind`/`subject_id` say what it happened to, `unit_id` whose board it belongs to (units read only
their own), `facts()` what is kept beside it, `sentence` what a person reads in a timeline.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    subject_kind: ClassVar[str]
    sentence: ClassVar[str]

    locality_id: UUID
    subject_id: UUID
    unit_id: UUID | None = None

    def facts(self) -> dict[str, Any]:
        kept = asdict(self)
        for shared in ("locality_id", "subject_id", "unit_id", "subject_kind"):
            kept.pop(shared, None)
        return {name: _plain(value) for name, value in kept.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def kind_of(event: type[Event]) -> str:
    """AssignmentReported → assignment_reported."""
    return "".join("_" + c.lower() if c.isupper() else c for c in event.__name__).lstrip("_")
