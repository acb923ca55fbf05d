"""Figures as people type them: "99,9" and "26.120" are read as meant, "99.9" is asked back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.errors import Invalid
from app.models import Indicator
from app.services.measures import PARTS_OF_MEASURE, is_misplaced_percent, read_level
from app.services.standing import Figure, typed_numbers
from app.services.submission import FigureInput
from app.text import AmbiguousNumber, NotANumber, format_number, parse_number
from app.web.forms import Form, checked

_NUMBERS = ("value", "numerator", "denominator", "level")
FLAGS = {"yes": True, "no": False}


def read_figure(form: Form, indicator: Indicator, key: str = "") -> FigureInput | None:
    """The figure typed into the fields `<key><part>`; None when all are blank. Invalid names each wrong field."""
    asked = (*PARTS_OF_MEASURE[indicator.measure], "note", "no_data")
    typed = {part: form.value(key + part).strip() for part in asked}
    given = {part: text for part, text in typed.items() if text}
    if not given:
        return None
    errors: dict[str, str] = {}
    values = {part: _read(part, text, key, errors) for part, text in given.items()}
    for part, text in given.items():
        if part in _NUMBERS and is_misplaced_percent(part, text, indicator):
            errors.setdefault(key + part, f"“{text}” có dấu %, mà ô này không tính bằng %. Hãy nhập lại số.")
    if errors:
        raise Invalid("Có con số chưa đọc được, xem các ô báo lỗi bên dưới.", errors=errors)
    try:
        return checked(FigureInput, values)
    except Invalid as error:
        named = {key + name: text for name, text in error.errors.items()}
        raise Invalid(error.message, errors=named) from error


def typed_parts(figure: Figure | None) -> dict[str, str]:
    """A figure the way it would be typed, to fill its fields in."""
    if figure is None:
        return {}
    shown = typed_numbers(figure)
    if figure.flag is not None:
        shown["flag"] = "yes" if figure.flag else "no"
    if figure.no_data:
        shown["no_data"] = "yes"
    return shown | ({"note": figure.note} if figure.note else {})


def is_unchanged(given: FigureInput, figure: Figure | None) -> bool:
    """Whether what was typed is what was already sent: a returned figure nobody touched is not sent again."""
    if figure is None:
        return False
    kept = typed_parts(figure)
    return all(
        _shown(part, getattr(given, part)) == kept.get(part)
        for part in ("value", "numerator", "denominator", "level", "flag", "note", "no_data")
    )


def _read(part: str, text: str, key: str, errors: dict[str, str]) -> Any:
    try:
        return _READERS[part](text)
    except (AmbiguousNumber, NotANumber) as error:
        errors[key + part] = str(error)
        return None


def _flag(text: str) -> bool:
    if text not in FLAGS:
        raise NotANumber("Hãy chọn “Đạt” hoặc “Chưa đạt”.")
    return FLAGS[text]


_READERS: dict[str, Callable[[str], Any]] = {
    "value": parse_number,
    "numerator": parse_number,
    "denominator": parse_number,
    "level": read_level,
    "flag": _flag,
    "note": str,
    "no_data": lambda text: text == "yes",
}


def _shown(name: str, part: Any) -> str | None:
    if part is None or isinstance(part, str):
        return part or None
    if name == "no_data":
        return "yes" if part else None
    if isinstance(part, bool):
        return "yes" if part else "no"
    return format_number(Decimal(part))
