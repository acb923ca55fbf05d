"""What every input of people and systems holds to."""

import importlib
import pkgutil
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import AfterValidator, TypeAdapter, ValidationError

import app.api
import app.services
from app.services.submission import FigureInput
from app.services.typed import Day, EndDay, PastDay, Typed
from app.text import plain_decimal


def inputs(model: type[Typed] = Typed) -> set[type[Typed]]:
    for package in (app.api, app.services):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    return _beneath(model)


def _beneath(model: type[Typed]) -> set[type[Typed]]:
    return {model}.union(*(_beneath(one) for one in model.__subclasses__()))


def _has_bare_day(annotation: Any, metadata: list[Any]) -> bool:
    """A day that no limit of years stands beside."""
    if annotation in (date, datetime):
        return not any(isinstance(one, AfterValidator) for one in metadata)
    base, *beside = get_args(annotation) if hasattr(annotation, "__metadata__") else (None,)
    if base is not None:
        return _has_bare_day(base, beside)
    return any(_has_bare_day(part, []) for part in get_args(annotation))


def test_every_day_of_every_input_has_a_limit_of_years():
    found = {
        f"{model.__name__}.{name}"
        for model in inputs()
        for name, field in model.model_fields.items()
        if _has_bare_day(field.annotation, field.metadata)
    }
    assert found == set()


def test_a_bare_day_would_be_seen():
    assert _has_bare_day(date | None, [])
    assert _has_bare_day(list[date], [])
    assert not _has_bare_day(Day | None, [])


@pytest.mark.parametrize(
    ("kind", "day", "is_taken"),
    [
        (Day, "2000-01-01", True),
        (Day, "2100-12-31", True),
        (Day, "1999-12-31", False),
        (Day, "2101-01-01", False),
        (PastDay, "1945-09-02", True),
        (PastDay, "1899-12-31", False),
        (EndDay, "9999-12-31", False),
    ],
)
def test_years_within_which_days_are_taken(kind, day, is_taken):
    adapter = TypeAdapter(kind)
    if is_taken:
        assert adapter.validate_python(day) == date.fromisoformat(day)
    else:
        with pytest.raises(ValidationError, match="Năm phải từ"):
            adapter.validate_python(day)


@pytest.mark.parametrize("value", ["1_000.5", "٣", "1e3", "NaN", "", 10**15, -(10**17)])
def test_what_is_no_plain_number_is_refused(value):
    with pytest.raises(ValidationError):
        FigureInput(value=value)


@pytest.mark.parametrize("value", ["-1.5", "+2", "0.00000001", "12345678901234567890", 10**15 - 1, 99.9])
def test_a_plain_number_is_taken(value):
    assert FigureInput(value=value).value == Decimal(str(value))


@pytest.mark.parametrize(
    ("value", "written"),
    [("0.00000001", "0.00000001"), ("90.0", "90"), ("93.75000000", "93.75"), ("-0", "0"), ("1E+3", "1000")],
)
def test_a_number_is_written_without_exponent_or_zeros(value, written):
    assert plain_decimal(Decimal(value)) == written
