"""From what was read to what accepting it would make: pure functions over a candidate's `reading`.

Only what the sentence says becomes a value; a word that hints at a rhythm ("hằng năm") is shown, not obeyed:
a task with a cycle is reported in the periods of that cycle only, and would vanish from all others.
"""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from app.services.unit_kinds import guess_unit_kind, is_asked
from app.text import fold

LONGEST_TITLE = 110
LONGEST_PRODUCT = 1000
_SENTENCE_END = re.compile(r"[.;:](?=\s|$)")
_RHYTHMS = (
    ("month", re.compile(r"\b(?:hang|moi|tung) thang\b")),
    ("quarter", re.compile(r"\b(?:hang|moi|tung) quy\b")),
    ("half_year", re.compile(r"\b(?:6|sau) thang\b")),
    ("school_year", re.compile(r"\b(?:hang|moi|tung) nam hoc\b")),
    ("year", re.compile(r"\b(?:hang|moi|tung) nam\b(?! hoc)")),
)
# Only where the words say that it is a deadline: most dates in a plan are those of the papers it cites.
_DEADLINE = re.compile(
    r"(?:hoàn thành|xong|chậm nhất|trước)\s+(?:là\s+|vào\s+|trong\s+|trước\s+|đến\s+)*"
    r"(?:ngày\s+(?P<day>\d{1,2}/\d{1,2}/\d{4})|tháng\s+(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"|quý\s+(?P<quarter>IV|III|II|I)[/ ]\s*(?:năm\s+)?(?P<quarter_year>\d{4}))",
    re.IGNORECASE,
)
_QUARTERS = {"I": 3, "II": 6, "III": 9, "IV": 12}


def propose(kind: str, reading: dict[str, Any], unit_name: str | None = None) -> dict[str, Any]:
    """Fields of app.services.candidate_fields.FIELDS[kind], as JSON. `unit_name`: whose duty it is."""
    if kind == "unit":
        return {
            "name": reading["name"],
            "is_group": reading["is_group"],
            "kind": guess_unit_kind(reading["name"]),
        }
    if kind == "indicator":
        return _propose_indicator(reading)
    if kind == "milestone":
        return {**_words(reading["text"]), "kind": "milestone", "due_on": f"{reading['year']}-12-31"}
    proposed = {**_words(reading["text"]), **(_told_time(reading) or _time(reading["text"]))}
    if product := reading.get("product"):
        proposed["expected_product"] = product[:LONGEST_PRODUCT]
    if kind == "duty":
        asked = reading.get("requested") or (unit_name is not None and is_asked(unit_name))
        proposed |= {"role": "lead", "completion": "each", "mode": "request" if asked else "assign"}
    return proposed


def title_of(text: str, longest: int = LONGEST_TITLE) -> str:
    """The first clause of a text, cut between words: what a card shows."""
    first = _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip() or text.strip()
    if len(first) <= longest:
        return first
    return first[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,-–") + "…"


def rhythm_of(text: str) -> str | None:
    """The cycle that the words hint at, the shortest when there are several."""
    folded = fold(text)
    return next((cycle for cycle, pattern in _RHYTHMS if pattern.search(folded)), None)


def deadline_of(text: str) -> date | None:
    """The day by which the text says that it must be done; None when it says none."""
    found = _DEADLINE.search(text)
    if found is None:
        return None
    if found["day"]:
        day, month, year = (int(part) for part in found["day"].split("/"))
    elif found["month"]:
        day, month, year = 31, int(found["month"]), int(found["year"])
    else:
        day, month, year = 31, _QUARTERS[found["quarter"].upper()], int(found["quarter_year"])
    if not (1 <= month <= 12 and 1 <= day <= 31 and 2000 <= year <= 2100):
        return None
    return date(year, month, min(day, monthrange(year, month)[1]))


def _words(text: str) -> dict[str, Any]:
    return {"text": text, "title": title_of(text)}


def _told_time(reading: dict[str, Any]) -> dict[str, Any] | None:
    """What a deadline of its own says: the end of a span is when the task is due, a rhythm makes it standing."""
    deadline = reading.get("deadline") or {}
    if deadline.get("kind") in ("date", "range") and deadline.get("to"):
        return {"kind": "dated", "due_on": deadline["to"]}
    if deadline.get("kind") == "cycle":
        return {"kind": "standing", "cycle": deadline["cycle"]}
    return {"kind": "standing"} if deadline.get("kind") == "standing" else None


def _time(text: str) -> dict[str, Any]:
    deadline = deadline_of(text)
    return {"kind": "dated", "due_on": deadline.isoformat()} if deadline else {"kind": "standing"}


def _propose_indicator(reading: dict[str, Any]) -> dict[str, Any]:
    proposed = {name: reading[name] for name in ("statement", "measure", "value", "value_to", "horizon")}
    proposed |= {"comparator": reading["comparator"], "direction": reading["direction"]}
    proposed |= {"unit": reading["unit"], "name": title_of(reading["statement"], 200)}
    return proposed
