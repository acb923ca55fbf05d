"""The signs that open a clause ("I.", "2.1.", "a)", "-", "+") and the Markdown marks round words."""

import re
from dataclasses import dataclass

# Ranks order the numbered levels; bullets nest by their own order of appearance (see outline.py).
PART, ROMAN, NUMBER, DOTTED, LETTER, BRACKETED, BULLET = 0, 10, 20, 30, 40, 50, 60

_UPPER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
_PATTERNS = (
    (
        PART,
        re.compile(
            r"(?:Phần|PHẦN)\s+(?:(?i:thứ)\s+)?((?i:nhất|một|hai|ba|bốn|tư|năm|sáu|bảy)|[IVX]{1,5}|\d{1,2}|[A-H])"
            r"\s*[.:\-–]?(?=\s|$)"
        ),
    ),
    (PART, re.compile(rf"([A-H])\s?[.\-–](?=\s*[{_UPPER}]{{2}})")),
    # "II/2026" is a quarter.
    (ROMAN, re.compile(rf"([IVX]{{1,5}})\s?[.\-–/):](?!\s?20\d\d)(?=\s*[{_UPPER}“\"\d*])")),
    (DOTTED, re.compile(r"(\d{1,2}(?:\s?\.\s?\d{1,2}){1,3})\s?[.)/\-–:](?!\d)(?=\s*\D)")),
    (DOTTED, re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?=\s+[{_UPPER}“\"])")),
    (NUMBER, re.compile(r"(\d{1,2})\s?[.)/](?!\d)(?=\s*[^\s\d.,])")),
    # "71-NQ/TW" at a line's start is a document's number that a wrap put there.
    (NUMBER, re.compile(rf"(\d{{1,2}})\s?[-–:](?!\s?[A-ZĐ][A-Za-zĐđ]{{0,7}}\s?[/-])(?=\s*[{_UPPER}])")),
    (NUMBER, re.compile(r"(\d{1,2})\s?\.(?=\s+\d[\d.,]{0,12}\s?(?:%|/\d|[a-zà-ỹđ]))")),
    # "1- 100% thôn …"; "10 - 12%" is a range that a wrap put at a line's start.
    (NUMBER, re.compile(r"(\d{1,2})[-–](?=\s+\d{1,3}\s?%)")),
    (BRACKETED, re.compile(r"\((\d{1,2})\)(?=\s*\S)")),
    (LETTER, re.compile(r"([a-zđ])\s?\)(?=\s*\S)")),
    (LETTER, re.compile(rf"([a-zđ])\.(?=\s+[{_UPPER}])")),
    (LETTER, re.compile(rf"([a-zđ])\s?/(?=\s*[{_UPPER}])")),
    (BRACKETED, re.compile(r"([a-zđ]\.?\d{1,2})[.)](?=\s*\S)")),
    (BRACKETED, re.compile(r"\(([a-zđ]|[ivx]{1,4})\)(?=\s*\S)")),
    (BRACKETED, re.compile(r"([ivx]{2,4})\)(?=\s*\S)")),
    (BULLET, re.compile(r"([-–—−•·●▪■○◦✓✔➢➤❖◆♦►▶→⁃∙‣□☐+\uf000-\uf0ff])(?=\s+\S)")),
    (BULLET, re.compile(rf"([-–—−•●▪+\uf000-\uf0ff])(?=[{_UPPER}“])")),
    (BULLET, re.compile(r"(\*)(?=\s+\S)")),
)
_DASHES = str.maketrans(dict.fromkeys("–—−", "-"))
_BOLD = re.compile(r"\*\*|__")
_BOLD_ITALIC = re.compile(r"(\*\*\*|_\*\*|\*__|__\*)(?=\S)((?:(?!\*\*).){1,2000}?)(?:\*\*\*|\*\*_|__\*|\*__)")
_BOLD_SPAN = re.compile(r"\*\*(?=[^\s*])((?:(?!\*\*).)+)\*\*")
_UNDERSCORED = re.compile(r"(?<!\w)_(?=[^\s_])([^_]+)(?<=[^\s_])_(?!\w)")
# A remark in brackets is no lead-in.
_LEAD_ITALIC = re.compile(r"\*(?=[^\s*(])([^*]{1,300})\*(?!\*)|_(?=[^\s_(])([^_]{1,300})_(?!\w)")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(?=\S)")
_LONGEST_MARKER = 40


@dataclass(frozen=True, slots=True)
class Marker:
    """`label` is what a path shows ("III", "2.1", "b", "-"); `length` counts characters of the text it opens."""

    rank: int
    label: str
    length: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A block's words: `text` without marks, `body` after the marker, `lead` the bold words that open the body."""

    text: str
    marker: Marker | None
    body: str
    lead: str
    is_bold: bool


def find_marker(text: str) -> Marker | None:
    head = text[:_LONGEST_MARKER]
    for rank, pattern in _PATTERNS:
        found = pattern.match(head)
        if found:
            label = re.sub(r"\s", "", found.group(1)).translate(_DASHES)
            return Marker(rank, label, found.end())
    return None


def opens_clause(line: str) -> bool:
    return find_marker(bare(line)) is not None


def bare(line: str) -> str:
    """A line without emphasis at its ends, for looking at what it says. A bullet's star stays."""
    words = _MARKDOWN_HEADING.sub("", line, count=1).replace("**", "").replace("__", "").strip()
    opened = words.lstrip("*_")
    if opened and not opened[0].isspace():
        words = opened
    closed = words.rstrip("*_")
    return (words if closed.endswith(" ") or not closed else closed).strip()


def read_marks(raw: str) -> Marked:
    """Split one unwrapped block into marker, bold lead and body, dropping the marks that carry no words.

    Italics inside a sentence stay as issued: there the asterisk may be the author's own. Those behind the marker
    ("1. *Đề nghị* **Hội Nông dân xã**: …") are a lead-in like bold.
    """
    heading = _MARKDOWN_HEADING.match(raw)
    if heading:
        raw = f"**{raw[heading.end() :].replace('**', '').strip(' *_')}**"
    if "*" not in raw and "_" not in raw:
        text = " ".join(raw.split())
        marker = find_marker(text)
        return Marked(text, marker, text[marker.length :].strip() if marker else text, "", False)
    raw = _in_bold_marks(raw)
    text, flags = _without_marks(raw, _bold_characters(raw))
    marker = find_marker(text)
    begin = marker.length if marker else 0
    begin += len(text[begin:]) - len(text[begin:].lstrip())
    end = begin
    while end < len(text) and (flags[end] or text[end].isspace()):
        end += 1
    lead = text[begin:end].strip()
    body = text[begin:].strip()
    rest = text[end:].strip(" .:;,*")
    return Marked(text.strip(), marker, body, lead, bool(lead) and not rest)


def _in_bold_marks(raw: str) -> str:
    """Bold italics, and italics that open the clause or its words, written as bold."""
    raw = _BOLD_ITALIC.sub(r"**\2**", raw)
    raw = _BOLD_SPAN.sub(lambda span: _UNDERSCORED.sub(r"\1", span.group()), raw)
    place, seen_marker = 0, False
    while place < len(raw):
        bold, italic = _BOLD_SPAN.match(raw, place), _LEAD_ITALIC.match(raw, place)
        marker = None if seen_marker else find_marker(raw[place : place + _LONGEST_MARKER])
        if raw[place].isspace():
            place += 1
        elif bold:
            seen_marker, place = True, bold.end()
        elif italic:
            words = f"**{italic.group(1) or italic.group(2)}**"
            raw = raw[:place] + words + raw[italic.end() :]
            seen_marker, place = True, place + len(words)
        elif marker:
            seen_marker, place = True, place + marker.length
        else:
            break
    return raw


def _bold_characters(raw: str) -> list[bool]:
    flags, on, place = [False] * len(raw), False, 0
    for mark in _BOLD.finditer(raw):
        if on:
            flags[place : mark.start()] = [True] * (mark.start() - place)
        on, place = not on, mark.end()
    return flags


def _without_marks(raw: str, bold: list[bool]) -> tuple[str, list[bool]]:
    """Drop bold marks and the italics that open the block; italics there count as bold (a lead-in)."""
    drop = [False] * len(raw)
    for mark in _BOLD.finditer(raw):
        drop[mark.start()] = drop[mark.start() + 1] = True
    flags = list(bold)
    opening = re.match(r"(?:\*\*)?\s*\*(?=[^\s*])", raw)
    if opening:
        first = opening.end() - 1
        closing = next((i for i in range(first + 1, len(raw)) if raw[i] == "*" and not drop[i]), None)
        if closing is not None:
            drop[first] = drop[closing] = True
            flags[first:closing] = [True] * (closing - first)
    return _collapsed([(c, f) for c, f, d in zip(raw, flags, drop, strict=True) if not d])


def _collapsed(letters: list[tuple[str, bool]]) -> tuple[str, list[bool]]:
    text: list[str] = []
    flags: list[bool] = []
    for letter, flag in letters:
        if letter.isspace():
            if not text or text[-1] == " ":
                continue
            letter = " "
        text.append(letter)
        flags.append(flag)
    return "".join(text), flags
