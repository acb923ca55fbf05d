"""How schemes cut the year: pure date arithmetic over the shipped rules (data kept per locality).

A scheme's rules: {"anchor": "MM-DD" the year starts (in the year before when `year_before`),
"cycles": {cycle: [[suffix, first month offset, months], …]}, "due_days": n, "lock_days": n}.
Sources: Nghị định 09/2019/NĐ-CP as provinces apply it (15th to 14th); commune practice (calendar year,
cumulative); the school year 1 September to 31 August.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from app.errors import Invalid

_MONTHS = [[f"{m:02d}", m - 1, 1] for m in range(1, 13)]
_QUARTERS = [[f"Q{q}", 3 * (q - 1), 3] for q in range(1, 5)]
_YEAR_PARTS: dict[str, list[list[Any]]] = {
    "month": _MONTHS,
    "quarter": _QUARTERS,
    "half_year": [["H1", 0, 6]],
    "nine_months": [["9M", 0, 9]],
    "year": [["", 0, 12]],
}
SHIPPED_SCHEMES: dict[str, tuple[str, dict[str, Any]]] = {
    "calendar": (
        "Theo năm dương lịch",
        {"anchor": "01-01", "year_before": False, "cycles": _YEAR_PARTS, "due_days": 10, "lock_days": 30},
    ),
    "administrative": (
        "Theo chế độ báo cáo hành chính (15 đến 14)",
        {"anchor": "12-15", "year_before": True, "cycles": _YEAR_PARTS, "due_days": 3, "lock_days": 20},
    ),
    "school_year": (
        "Theo năm học",
        {
            "anchor": "09-01",
            "year_before": False,
            "cycles": {"school_year": [["SY", 0, 12]]},
            "due_days": 15,
            "lock_days": 45,
        },
    ),
}
_NAMES = {
    "month": "Tháng {part}/{year}",
    "quarter": "Quý {part}/{year}",
    "half_year": "6 tháng đầu năm {year}",
    "nine_months": "9 tháng năm {year}",
    "year": "Năm {year}",
    "school_year": "Năm học {year}-{next}",
}
_ROMAN = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}


@dataclass(frozen=True, slots=True)
class Span:
    """One period a scheme defines: both ends inclusive; due and lock days on working days."""

    cycle: str
    label: str
    name: str
    starts_on: date
    ends_on: date
    due_on: date
    locks_on: date


def spans_of_year(rules: dict[str, Any], year: int) -> list[Span]:
    """Every period the scheme defines for `year`, shortest cycles first."""
    return [
        _span(rules, year, cycle, suffix, offset, months)
        for cycle, parts in rules["cycles"].items()
        for suffix, offset, months in parts
    ]


def span_of_label(rules: dict[str, Any], label: str) -> Span:
    """The period named by its label (2026-03, 2026-Q1, 2026-H1, 2026-9M, 2026, SY2026)."""
    digits = label.removeprefix("SY")[:4]
    if digits.isdigit() and 2000 <= int(digits) <= 2100:
        for span in spans_of_year(rules, int(digits)):
            if span.label == label:
                return span
    raise Invalid.field(
        "label", f"Không có kỳ “{label}”. Viết theo mẫu 2026-03, 2026-Q1, 2026-H1, 2026-9M, 2026 hoặc SY2026."
    )


def is_label(rules: dict[str, Any], label: str) -> bool:
    """Whether a label names a period of the scheme."""
    try:
        span_of_label(rules, label)
    except Invalid:
        return False
    return True


def span_of_day(rules: dict[str, Any], day: date, cycle: str) -> Span:
    """The period of `cycle` that `day` falls into (or the last one of its year when none covers it)."""
    candidates = [s for y in (day.year - 1, day.year, day.year + 1) for s in spans_of_year(rules, y)]
    of_cycle = [s for s in candidates if s.cycle == cycle]
    for span in of_cycle:
        if span.starts_on <= day <= span.ends_on:
            return span
    raise Invalid.field(
        "cycle", "Chế độ báo cáo này không có loại kỳ đó vào ngày hôm nay. Chọn loại kỳ khác."
    )


def working_day(day: date) -> date:
    """The day itself, or the next one that is neither a weekend nor a public holiday in Vietnam."""
    while day.weekday() >= 5 or day in _holidays():
        day += timedelta(days=1)
    return day


def _span(rules: dict[str, Any], year: int, cycle: str, suffix: str, offset: int, months: int) -> Span:
    month, day = (int(part) for part in rules["anchor"].split("-"))
    first = date(year - 1 if rules["year_before"] else year, month, day)
    starts_on = _add_months(first, offset)
    ends_on = _add_months(first, offset + months) - timedelta(days=1)
    label = f"SY{year}" if suffix == "SY" else f"{year}-{suffix}".rstrip("-")
    name = _NAMES[cycle].format(part=_ROMAN.get(suffix, suffix), year=year, next=year + 1)
    return Span(
        cycle,
        label,
        name,
        starts_on,
        ends_on,
        working_day(ends_on + timedelta(days=rules["due_days"])),
        working_day(ends_on + timedelta(days=rules["lock_days"])),
    )


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


@cache
def _holidays() -> Any:
    return holidays.country_holidays("VN")
