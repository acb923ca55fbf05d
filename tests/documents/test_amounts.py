from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.amounts import read_amount


@pytest.mark.parametrize(
    ("cell", "comparator", "value", "value_to", "unit"),
    [
        ("26.120", "reach", "26120", None, None),
        ("26 120", "reach", "26120", None, None),
        ("1.234,5", "reach", "1234.5", None, None),
        ("99,9", "reach", "99.9", None, None),
        ("09", "reach", "9", None, None),
        ("95%", "reach", "95", None, "%"),
        ("≥ 95", "gte", "95", None, None),
        ("> 0,7", "gt", "0.7", None, None),
        ("trên 90", "gt", "90", None, None),
        ("Không quá 5", "lte", "5", None, None),
        ("dưới 1%", "lt", "1", None, "%"),
        ("95% trở lên", "gte", "95", None, "%"),
        ("80-85", "between", "80", "85", None),
        ("40 – 50 %", "between", "40", "50", "%"),
        ("2-3 mô hình", "between", "2", "3", "mô hình"),
        ("12.000 tỷ đồng", "reach", "12000", None, "tỷ đồng"),
        ("Mức độ 2", "reach", "2", None, "mức độ"),
    ],
)
def test_a_cell_gives_its_figure(
    cell: str, comparator: str, value: str, value_to: str | None, unit: str | None
) -> None:
    amount = read_amount(cell)

    assert amount is not None
    assert (amount.comparator, amount.value, amount.unit) == (comparator, Decimal(value), unit)
    assert amount.value_to == (Decimal(value_to) if value_to else None)
    assert not amount.is_doubtful


@pytest.mark.parametrize("cell", ["", "-", "–", "…", "...", " - ", "Không có"])
def test_a_dash_is_no_figure(cell: str) -> None:
    assert read_amount(cell) is None


@pytest.mark.parametrize("cell", ["99.9", "0.7", "8.25"])
def test_a_point_that_groups_nothing_is_read_as_a_decimal_and_doubted(cell: str) -> None:
    amount = read_amount(cell)

    assert amount is not None
    assert (amount.value, amount.is_doubtful) == (Decimal(cell), True)


@pytest.mark.parametrize("cell", ["Đạt chuẩn", "Nhóm 10 tỉnh dẫn đầu", "1/3", "Hoàn thành trong quý I"])
def test_words_are_kept_as_words(cell: str) -> None:
    amount = read_amount(cell)

    assert amount is not None
    assert (amount.comparator, amount.value, amount.words) == ("achieve", None, cell)


def test_a_change_and_its_rhythm_are_told() -> None:
    amount = read_amount("giảm 1 - 1,5%/năm")

    assert amount is not None
    assert (amount.is_change, amount.falls, amount.annual) == (True, True, True)


@given(st.text(max_size=60))
def test_no_cell_breaks_the_reading(cell: str) -> None:
    read_amount(cell)
