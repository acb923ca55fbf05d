"""What stands above a table and names it: its title, up to "PHỤ LỤC", and a unit said for all of its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.lines import Line
from app.documents.markers import BULLET, bare, find_marker
from app.documents.zones import is_recipients, is_signature
from app.text import fold

# Opens the line that names a sheet of a workbook.
SHEET = "Trang tính: "
_WIDEST_TITLE, _TITLE_LINES = 300, 12
_UNIT_FOR_ALL = re.compile(r"(?:đvt|đơn vị tính)\s*:\s*([^)]+)", re.IGNORECASE)
_LETTERHEAD = re.compile(r"cong hoa xa hoi|doc lap\s?-|dang cong san")
_ANNEX_LABEL = re.compile(r"(?:phu luc|phu bieu|bieu|bang)\b(?: so)?[\s\w.:/-]{0,12}$")


@dataclass(frozen=True, slots=True)
class Title:
    """`first`: the line it begins on; None without a title."""

    text: str | None = None
    first: int | None = None
    unit: str | None = None


def read_title(lines: Sequence[Line], table: int, taken: set[int]) -> Title:
    """The lines right above a table that read like a title, up to "PHỤ LỤC …"."""
    words: list[str] = []
    label, unit, first = None, None, None
    place = table - 1
    while place >= 0 and table - place <= _TITLE_LINES and place not in taken:
        opened = _aside_start(lines, place)
        text = _title_line(lines[place].text) if opened is None else ""
        if text is None or (words and lines[place + 1].gap > 1 and not text.isupper() and opened is None):
            break
        said = _UNIT_FOR_ALL.search(" ".join(line.text for line in lines[opened or place : place + 1]))
        unit = unit or (said[1].strip(" .*_|") if said else None)
        place = place if opened is None else opened
        first = place if text or opened is not None else first
        if _ANNEX_LABEL.match(fold(text)):
            label = text
            break
        if lines[place].text.startswith(SHEET):
            label = text.removeprefix(SHEET)
            break
        if text and not said:
            words.insert(0, text)
        marker = find_marker(text)
        if marker and marker.rank < BULLET:
            break  # "1. Về đất đai" over a table within the plan
        place -= 1
    return Title(" ".join(words).strip(" *") or label, first, unit)


def _title_line(raw: str) -> str | None:
    """The words of a line that may be part of a title; "" for an ornament; None for anything else."""
    text = bare(raw).strip("| ")
    if not any(letter.isalnum() for letter in text):
        return ""
    if "|" in text or _LETTERHEAD.match(fold(text)):
        return None
    if len(text) > _WIDEST_TITLE or (text.endswith((".", ";", ",", ":")) and not text.isupper()):
        return None
    return text if not is_recipients(raw) and not is_signature(raw) else None


def _aside_start(lines: Sequence[Line], place: int) -> int | None:
    """First line of "(Kèm theo Kế hoạch số … của UBND)" that ends here, also when wrapped; None for others."""
    if not bare(lines[place].text).strip("|*_ ").endswith(")"):
        return None
    for above in range(place, max(place - 5, -1), -1):
        if bare(lines[above].text).strip("|*_ ").startswith("("):
            return above
        if lines[above].gap:
            return None
    return None
