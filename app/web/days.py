"""A day as a form's three boxes: <name>_day, <name>_month, <name>_year."""

from datetime import date
from typing import NamedTuple

from app.errors import Invalid
from app.text import NotADate, parse_date
from app.web.forms import Form


class DayBoxes(NamedTuple):
    """What the boxes show: what was typed, else the parts of a stored day."""

    day: str
    month: str
    year: str


def read_day(form: Form, name: str) -> date | None:
    """None when all three boxes are blank; Invalid says how to write a day."""
    parts = [form.value(f"{name}_{part}").strip() for part in DayBoxes._fields]
    if not any(parts):
        return None
    try:
        return parse_date("/".join(parts))
    except NotADate as error:
        raise Invalid.field(name, str(error)) from error


def day_boxes(form: Form, name: str, stored: date | None = None) -> DayBoxes:
    return DayBoxes(
        form.value(f"{name}_day", stored.day if stored else None),
        form.value(f"{name}_month", stored.month if stored else None),
        form.value(f"{name}_year", stored.year if stored else None),
    )
