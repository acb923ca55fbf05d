"""When something is to be done, as plans write it: "Quý IV/2025- Quý II/2026", "Thường xuyên", "Trước 15/12 hằng năm".

A month, quarter or year stands for its last day where it is a limit and for its first where a span begins. Words
that name no day stay as they are ("sau khi có hướng dẫn").
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from app.documents.values import DeadlineRead
from app.text import fold

_LONGEST = 400
_BRACKETS = re.compile(r"\([^()]*\)")
# The shortest rhythm first: "báo cáo hằng quý, hằng năm" is due every quarter.
_CYCLES = (
    (
        "month",
        re.compile(r"(?:hang|hang nam|moi|dinh ky|theo) ?thang\b|\bthang, quy\b|ngay \d{1,2} hang thang"),
    ),
    ("quarter", re.compile(r"(?:hang|moi|dinh ky|theo) quy\b|quy, (?:6 thang|nam)\b|1 quy/lan|3 thang/lan")),
    (
        "half_year",
        re.compile(r"(?:dinh ky|hang|moi|theo) (?:0?6|sau) thang\b|0?6 thang,|0?6 thang va|0?6 thang/lan"),
    ),
    ("school_year", re.compile(r"(?:hang|moi) nam hoc\b")),
    ("year", re.compile(r"(?:hang|moi|dinh ky|theo tung|tung) nam\b|nam mot lan|nam/lan|dinh ky nam")),
)
_STANDING = re.compile(
    r"\bthuong (?:xuyen|ky|nien)\b|\blien tuc\b|\bdinh ky\b|\bsuot (?:giai doan|nam)\b|\bcac nam\b"
)
_ONWARD = re.compile(r"\btro di\b|(?:cac|nhung) nam (?:tiep theo|sau|ke tiep)|tiep theo")
_BEGINS = re.compile(r"^(?:bat dau |ke )?tu\b")
_QUARTERS = {"i": 1, "1": 1, "ii": 2, "2": 2, "iii": 3, "3": 3, "iv": 4, "4": 4}
_Q = r"(iv|i{1,3}|[1-4])"
_OF = r"\s?(?:/|-|,|nam|\s){1,3}\s?(?:nam\s)?"
_TO = r"\s?(?:-|,|va|den|den het)\s?"

Span = tuple[date, date]


def read_deadline(raw: str, *, year: int | None = None) -> DeadlineRead:
    """`year` is the one meant where the words name none ("trước 30/11"). Never raises; kind "unknown" at worst."""
    words = fold(raw[:_LONGEST])
    outside = _BRACKETS.sub(" ", words)
    year = year or _only_year(outside)
    spans = _spans(outside, year) or _spans(words, year)
    cycle = next((name for name, pattern in _CYCLES if pattern.search(words)), None)
    first = min((span[0] for span in spans), default=None)
    last = max((span[1] for span in spans), default=None)
    if first and last and first > last:
        first = first.replace(year=last.year - 1)  # "từ tháng 11 đến tháng 3/2027" begins the year before
    raw = raw.strip(" .;")

    if cycle is not None:
        whole = len(spans) > 0 and first is not None and last is not None and (last - first).days > 366
        return DeadlineRead(raw, "cycle", first if whole else None, last if whole else None, cycle)
    if first is None or last is None:
        return DeadlineRead(raw, "standing" if _STANDING.search(words) else "unknown")
    if _ONWARD.search(outside) or (
        _BEGINS.match(outside.strip()) and len(spans) == 1 and first.year == last.year
    ):
        return DeadlineRead(raw, "standing", first)
    if _STANDING.search(outside):
        return DeadlineRead(raw, "standing", first, last)
    if len(spans) > 1 or _is_span(outside):
        return DeadlineRead(raw, "range", first, last)
    return DeadlineRead(raw, "date", None, last)


def _only_year(words: str) -> int | None:
    """ "Từ ngày 01/11 đến ngày 18/11/2026": the one year written is meant for both."""
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", words)}
    return years.pop() if len(years) == 1 else None


def _is_span(words: str) -> bool:
    """One match that names two ends: "2026 - 2030", "Quý I, II/2026"."""
    return any(pattern.search(words) for pattern, _ in _PATTERNS[:_PAIRS])


def _spans(words: str, year: int | None) -> list[Span]:
    """Each stretch of time once, in order of the patterns; what one has read is hidden from the next."""
    found: list[tuple[int, Span]] = []
    for pattern, read in _PATTERNS:
        for match in list(pattern.finditer(words)):
            span = _safely(read, match.groups(), year)
            if span is not None:
                found.append((match.start(), span))
                words = words[: match.start()] + "~" * (match.end() - match.start()) + words[match.end() :]
    return [span for _, span in sorted(found)]


def _safely(read: "_Reader", parts: tuple[str | None, ...], year: int | None) -> Span | None:
    """None for what no calendar has ("31/02/2026", "tháng 13/2026") and for a missing year."""
    try:
        return read([part or "" for part in parts], year)
    except (ValueError, KeyError):
        return None


def _days(parts: list[str], year: int | None) -> Span:
    first, last, month, written = parts
    of = _year(written, year)
    return date(of, int(month), int(first)), date(of, int(month), int(last))


def _day(parts: list[str], year: int | None) -> Span:
    day = date(_year(parts[2] if len(parts) > 2 else "", year), int(parts[1]), int(parts[0]))
    return day, day


def _months(parts: list[str], year: int | None) -> Span:
    of = _year(parts[2] if len(parts) > 2 else "", year)
    return _month([parts[0], str(of)], None)[0], _month([parts[1], str(of)], None)[1]


def _month(parts: list[str], year: int | None) -> Span:
    of, month = _year(parts[1] if len(parts) > 1 else "", year), int(parts[0])
    return date(of, month, 1), date(of, month, monthrange(of, month)[1]) if 1 <= month <= 12 else date.max


def _quarters(parts: list[str], year: int | None) -> Span:
    return _quarter([parts[0], parts[2]], year)[0], _quarter([parts[1], parts[2]], year)[1]


def _quarter(parts: list[str], year: int | None) -> Span:
    last = _QUARTERS[parts[0]] * 3
    of = _year(parts[1] if len(parts) > 1 else "", year)
    return date(of, last - 2, 1), date(of, last, monthrange(of, last)[1])


def _half(parts: list[str], year: int | None) -> Span:
    of = _year(parts[1], year)
    return (date(of, 1, 1), date(of, 6, 30)) if parts[0] == "dau" else (date(of, 7, 1), date(of, 12, 31))


def _school_year(parts: list[str], year: int | None) -> Span:
    return date(int(parts[0]), 9, 1), date(int(parts[1]), 8, 31)


def _years(parts: list[str], year: int | None) -> Span:
    return date(int(parts[0]), 1, 1), date(int(parts[1]), 12, 31)


def _whole_year(parts: list[str], year: int | None) -> Span:
    return date(int(parts[0]), 1, 1), date(int(parts[0]), 12, 31)


def _year(written: str, fallback: int | None) -> int:
    if not written and fallback is None:
        raise ValueError
    return int(written) if written else int(fallback or 0)


_Reader = Callable[[list[str], int | None], Span]
# Spans first, then single times from the most to the least exact.
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (re.compile(r"\b(\d{1,2})\s?(?:-|den|den ngay)\s?(\d{1,2})\s?/\s?(\d{1,2})\s?/\s?(20\d\d)"), _days),
    (re.compile(rf"thang (\d{{1,2}}){_TO}(?:thang )?(\d{{1,2}})(?:\s?/\s?|\s+nam\s+|\s)(20\d\d)"), _months),
    (re.compile(rf"quy {_Q}{_TO}(?:quy )?{_Q}{_OF}(20\d\d)"), _quarters),
    (re.compile(r"nam hoc (20\d\d)\s?-\s?(20\d\d)"), _school_year),
    (re.compile(r"(?<![/\d])(20\d\d)\s?(?:-|den|den nam|den het nam)\s?(?:nam )?(20\d\d)"), _years),
    (re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(20\d\d)"), _day),
    (re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (20\d\d)"), _day),
    (re.compile(r"0?6 thang (dau|cuoi) nam (20\d\d)?"), _half),
    (re.compile(r"(?<![/.-])\b(\d{1,2})\s?[/-]\s?(20\d\d)"), _month),
    (re.compile(r"thang (\d{1,2})(?:,? nam | )(20\d\d)"), _month),
    (re.compile(rf"quy {_Q}{_OF}(20\d\d)"), _quarter),
    (re.compile(r"(?<![/\d])(20\d\d)(?![\d/])"), _whole_year),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})(?![/\d])"), _day),
    (re.compile(r"ngay (\d{1,2}) thang (\d{1,2})(?!\d)"), _day),
    (re.compile(rf"thang (\d{{1,2}}){_TO}(?:thang )?(\d{{1,2}})(?![/\d])"), _months),
    (re.compile(r"(?<!\d )thang (\d{1,2})(?![/\d])"), _month),
    (re.compile(rf"quy {_Q}\b"), _quarter),
)
_PAIRS = 5
