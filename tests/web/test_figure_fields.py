"""Figures as people type them."""

from decimal import Decimal

import pytest

from app.errors import Invalid
from app.models import Indicator
from app.services.standing import Figure
from app.services.submission import FigureInput
from app.web.figure_fields import is_unchanged, read_figure, typed_parts
from app.web.forms import Form

D = Decimal


def indicator(measure):
    return Indicator(
        code="CT-01", name="x", statement="x", measure=measure, unit_label=None, ordinal=1, folded="x"
    )


def typed(**parts):
    return Form({name: [text] for name, text in parts.items()})


@pytest.mark.parametrize(
    ("measure", "parts", "field", "value"),
    [
        ("percent", {"value": "99,9"}, "value", D("99.9")),
        ("percent", {"value": "99,9 %"}, "value", D("99.9")),
        ("count", {"value": "26.120"}, "value", D(26120)),
        ("percent", {"value": "９９，５％"}, "value", D("99.5")),
        ("percent", {"value": "99\u00a0%"}, "value", D(99)),
        ("money", {"value": "−1.234,5"}, "value", D("-1234.5")),
        ("percent", {"numerator": "1.234", "denominator": "2.000"}, "denominator", D(2000)),
        ("level", {"level": "2"}, "level", 2),
        ("yes_no", {"flag": "no"}, "flag", False),
        ("text", {"note": " Đang rà soát "}, "note", "Đang rà soát"),
    ],
)
def test_what_people_type_is_read_as_meant(measure, parts, field, value):
    assert getattr(read_figure(typed(**parts), indicator(measure)), field) == value


@pytest.mark.parametrize(
    ("measure", "parts", "field", "said"),
    [
        ("percent", {"value": "99.9"}, "value", "99,9 hay 999"),
        ("percent", {"value": "abc"}, "value", "không phải là số"),
        ("level", {"level": "2,5"}, "level", "số nguyên"),
        ("level", {"level": "9.999"}, "level", "quá"),
        ("yes_no", {"flag": "maybe"}, "flag", "Hãy chọn"),
        ("count", {"value": "1" * 30}, "value", "quá dài"),
        ("percent", {"value": "0,123456789"}, "value", "Không quá 8 chữ số sau dấu phẩy"),
        ("percent", {"value": "1,234.5"}, "value", "không phải là số"),
        ("count", {"value": "12%"}, "value", "không tính bằng %"),
        ("ratio", {"value": "50 %"}, "value", "không tính bằng %"),
        ("percent", {"numerator": "5％", "denominator": "10"}, "numerator", "không tính bằng %"),
    ],
)
def test_what_cannot_be_read_is_asked_back_at_its_field(measure, parts, field, said):
    with pytest.raises(Invalid) as refused:
        read_figure(typed(**{f"k.{name}": text for name, text in parts.items()}), indicator(measure), "k.")
    assert said in refused.value.errors[f"k.{field}"]


def test_blank_fields_are_no_figure():
    assert read_figure(typed(value="  ", note=""), indicator("percent")) is None
    assert read_figure(typed(level="2"), indicator("percent")) is None


@pytest.mark.parametrize(
    ("measure", "figure"),
    [
        ("percent", Figure(value=D("92.5"), numerator=D(1234), denominator=D(2000), note="EMIS")),
        ("percent", Figure(value=D("99.9"))),
        ("level", Figure(level=2)),
        ("yes_no", Figure(flag=False)),
    ],
)
def test_a_figure_filled_in_and_not_touched_is_unchanged(measure, figure):
    parts = typed_parts(figure)
    assert is_unchanged(read_figure(typed(**parts), indicator(measure)), figure)
    assert not is_unchanged(FigureInput(note="khác"), figure)
    assert not is_unchanged(FigureInput(note="khác"), None)
