"""What may be reported for each measure: pure checks from what was given to a Figure.

percent   numerator and denominator (the share is derived), or the value; 0 to 100 *
ratio     numerator and denominator, or the value; not negative *
count     value, not negative *, whole unless the indicator has decimals
money     value, not negative *
level     level, a whole number
yes_no    flag
text      note

* unless the limits that the office set reach further: growth may be negative, and more than 100 %.

Whatever the measure, a unit may say that it has no figure, and must say why.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from app.errors import Invalid
from app.models import Indicator
from app.services.standing import HUNDRED, ZERO, Figure, Goal, percentage, quotient, rounded
from app.text import NotANumber, format_number, parse_number

TOO_LARGE = Decimal(10) ** 20  # what the tables keep before the point
_PARTS = ("value", "numerator", "denominator", "level", "flag")
PARTS_OF_MEASURE: dict[str, tuple[str, ...]] = {
    "percent": ("value", "numerator", "denominator"),
    "ratio": ("value", "numerator", "denominator"),
    "count": ("value",),
    "money": ("value",),
    "level": ("level",),
    "yes_no": ("flag",),
    "text": (),
}
_ASKED = {
    "percent": "Chỉ tiêu này báo cáo bằng tỷ lệ phần trăm, hoặc bằng tử số và mẫu số.",
    "ratio": "Chỉ tiêu này báo cáo bằng tỷ số, hoặc bằng tử số và mẫu số.",
    "count": "Chỉ tiêu này báo cáo bằng một con số.",
    "money": "Chỉ tiêu này báo cáo bằng số tiền.",
    "level": "Chỉ tiêu này báo cáo bằng mức độ (1, 2, 3 …).",
    "yes_no": "Chỉ tiêu này báo cáo bằng đạt hoặc chưa đạt.",
    "text": "Chỉ tiêu này báo cáo bằng lời. Hãy ghi vào phần ghi chú.",
}


class Given(Protocol):
    """What a unit typed or a system sent."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    flag: bool | None
    note: str | None
    no_data: bool


def read_level(typed: str) -> int:
    """NotANumber says how a level is written."""
    number = parse_number(typed)
    if number != number.to_integral_value():
        raise NotANumber(f"“{typed}” không phải là mức độ. Hãy nhập số nguyên, ví dụ 2.")
    return int(number)


def is_misplaced_percent(part: str, typed: str, indicator: Indicator) -> bool:
    """A share of a hundred where none is asked for: fields of numbers, but for a percentage itself."""
    return typed.endswith(("%", "％")) and (part, indicator.measure) != ("value", "percent")


def figure_of(indicator: Indicator, goals: Sequence[Goal], given: Given) -> Figure:
    """The figure to keep; Invalid names the field that is wrong and what to do."""
    if given.no_data:
        return _nothing(given)
    asked = PARTS_OF_MEASURE[indicator.measure]
    for part in _PARTS:
        if part not in asked and getattr(given, part) is not None:
            raise Invalid.field(part, _ASKED[indicator.measure])
    return _READERS[indicator.measure](indicator, _limit(indicator, goals), given)


def _nothing(given: Given) -> Figure:
    if part := next((part for part in _PARTS if getattr(given, part) is not None), None):
        raise Invalid.field(part, "Đã chọn không có số liệu thì bỏ trống ô này, hoặc bỏ chọn.")
    if not given.note:
        raise Invalid.field("note", "Hãy ghi rõ vì sao kỳ này không có số liệu.")
    return Figure(note=given.note, no_data=True)


def _limit(indicator: Indicator, goals: Sequence[Goal]) -> Decimal | None:
    """A share cannot pass 100 %, unless the document itself asks for more, or the office says that it may."""
    aims = [value for goal in goals for value in (goal.value, goal.value_to)]
    asked = [value for value in (*aims, indicator.range_to) if value is not None]
    return None if indicator.measure != "percent" or any(value > HUNDRED for value in asked) else HUNDRED


def _share(indicator: Indicator, limit: Decimal | None, given: Given) -> Figure:
    if given.numerator is None and given.denominator is None:
        value = _not_below("value", _required("value", given.value, indicator), indicator)
        _check_limit("value", value, limit)
        return Figure(value=value, note=given.note)
    if given.value is not None:
        raise Invalid.field(
            "value", "Chỉ nhập tử số và mẫu số, hoặc chỉ nhập tỷ lệ. Hãy bỏ trống một trong hai."
        )
    numerator = _not_below("numerator", _required("numerator", given.numerator, indicator), indicator)
    denominator = _required("denominator", given.denominator, indicator)
    if denominator <= ZERO:
        raise Invalid.field("denominator", "Mẫu số phải lớn hơn 0. Kiểm tra lại mẫu số.")
    divide = percentage if indicator.measure == "percent" else quotient
    value = divide(numerator, denominator)
    if abs(value) >= TOO_LARGE:
        raise Invalid.field("denominator", "Tử số chia mẫu số ra số quá lớn. Kiểm tra lại hai số này.")
    _check_limit("numerator", value, limit)
    return Figure(value=value, numerator=numerator, denominator=denominator, note=given.note)


def _amount(indicator: Indicator, limit: Decimal | None, given: Given) -> Figure:
    value = _not_below("value", _required("value", given.value, indicator), indicator)
    if indicator.measure == "count" and indicator.decimals == 0 and value != value.to_integral_value():
        raise Invalid.field("value", f"{format_number(value)} không phải số nguyên. Hãy nhập số đếm được.")
    return Figure(value=value, note=given.note)


def _level(indicator: Indicator, limit: Decimal | None, given: Given) -> Figure:
    if given.level is None:
        raise Invalid.field("level", f"Chưa nhập số liệu. {_ASKED['level']}")
    return Figure(level=given.level, note=given.note)


def _flag(indicator: Indicator, limit: Decimal | None, given: Given) -> Figure:
    if given.flag is None:
        raise Invalid.field("flag", f"Chưa nhập số liệu. {_ASKED['yes_no']}")
    return Figure(flag=given.flag, note=given.note)


def _note(indicator: Indicator, limit: Decimal | None, given: Given) -> Figure:
    if not given.note:
        raise Invalid.field("note", f"Chưa nhập số liệu. {_ASKED['text']}")
    return Figure(note=given.note)


_READERS: dict[str, Callable[[Indicator, Decimal | None, Any], Figure]] = {
    "percent": _share,
    "ratio": _share,
    "count": _amount,
    "money": _amount,
    "level": _level,
    "yes_no": _flag,
    "text": _note,
}


def _required(part: str, number: Decimal | None, indicator: Indicator) -> Decimal:
    if number is None:
        wanted = {"numerator": "Còn thiếu tử số.", "denominator": "Còn thiếu mẫu số."}
        raise Invalid.field(part, f"{wanted.get(part, 'Chưa nhập số liệu.')} {_ASKED[indicator.measure]}")
    return number


def _not_below(part: str, number: Decimal, indicator: Indicator) -> Decimal:
    """Not below zero, unless the indicator may be; how far, its limits say."""
    if number < ZERO and (indicator.range_from is None or indicator.range_from >= ZERO):
        raise Invalid.field(part, f"{format_number(number)} nhỏ hơn 0. Kiểm tra lại con số.")
    return number


_LOOK_AT = {"value": "Kiểm tra lại tỷ lệ.", "numerator": "Kiểm tra lại tử số và mẫu số."}


def _check_limit(part: str, value: Decimal, limit: Decimal | None) -> None:
    if limit is None or value <= limit:
        return
    short = rounded(value, 2)
    shown = format_number(short if short > limit else value)
    raise Invalid.field(part, f"{shown} % vượt quá {format_number(limit)} %. {_LOOK_AT[part]}")
