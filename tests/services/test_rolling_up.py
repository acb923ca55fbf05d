"""Several figures as one."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.rolling_up import last_of, roll_up
from app.services.standing import Figure, percentage, show_figure

D = Decimal


def share(numerator, denominator):
    n, d = D(numerator), D(denominator)
    return Figure(value=percentage(n, d), numerator=n, denominator=d)


def amount(number):
    return Figure(value=D(number))


SHARES = st.builds(share, st.integers(0, 10**9), st.integers(1, 10**9))
AMOUNTS = st.builds(amount, st.decimals(0, 10**9, places=4))
RULES = {"ratio": ("percent", SHARES), "sum": ("count", AMOUNTS)}


def lists_of(rule):
    measure, figures = RULES[rule]
    return st.tuples(st.just((rule, measure)), st.lists(st.none() | figures, min_size=1, max_size=12))


ANY = st.sampled_from(sorted(RULES)).flatmap(lists_of)


def test_shares_roll_up_as_sums_and_missing_is_not_zero():
    rolled = roll_up("ratio", "percent", [share(1, 2), share(9, 98), None])
    assert (rolled.reported, rolled.expected) == (2, 3)
    assert (rolled.value, rolled.numerator, rolled.denominator) == (D(10), D(10), D(100))


def test_amounts_add_up_and_exactly():
    rolled = roll_up("sum", "money", [amount("0.1"), amount("0.2"), None])
    assert (rolled.reported, rolled.expected, rolled.value) == (2, 3, D("0.3"))


def test_the_greatest_figures_that_can_be_kept_stay_exact():
    most = "99999999999999999999.99999999"
    whole = roll_up("sum", "money", [amount(most)] * 100)
    assert whole.value == D("9999999999999999999999.999999")
    assert show_figure(whole.figure, Money()) == "9.999.999.999.999.999.999.999,999999 đồng"
    assert roll_up("ratio", "ratio", [share(most, most)] * 3).value == D(1)


@dataclass
class Money:
    measure: str = "money"
    unit_label: str = "đồng"
    decimals: int = 6


def test_levels_are_counted_by_who_reaches_the_target():
    rolled = roll_up("met", "level", [Figure(level=2), Figure(level=1), None], [True, False, False])
    assert (rolled.reported, rolled.expected, rolled.met, rolled.value) == (2, 3, 1, None)


@pytest.mark.parametrize(
    ("rule", "measure", "figures"),
    [
        ("ratio", "percent", [share(1, 2), amount(50)]),
        ("none", "count", [amount(3)]),
        ("sum", "count", [Figure(level=1)]),
        ("ratio", "percent", [Figure(note="Trường chưa có số liệu", no_data=True)]),
    ],
)
def test_what_has_no_rule_has_no_value(rule, measure, figures):
    rolled = roll_up(rule, measure, figures)
    assert (rolled.expected, rolled.value) == (len(figures), None)


@given(ANY, st.randoms())
def test_order_does_not_matter(case, random):
    (rule, measure), figures = case
    shuffled = list(figures)
    random.shuffle(shuffled)
    assert roll_up(rule, measure, shuffled) == roll_up(rule, measure, figures)


@given(ANY, st.sampled_from([None, Figure(note="Chưa thống kê", no_data=True)]))
def test_a_missing_unit_never_changes_the_value_but_how_many_reported(case, missing):
    (rule, measure), figures = case
    before, after = roll_up(rule, measure, figures), roll_up(rule, measure, [*figures, missing])
    assert (after.value, after.reported, after.expected) == (
        before.value,
        before.reported,
        before.expected + 1,
    )


@given(st.lists(SHARES, min_size=2, max_size=6), st.lists(SHARES, min_size=1, max_size=6))
def test_shares_of_shares_are_those_of_all_their_parts(some, others):
    all_at_once = roll_up("ratio", "percent", [*some, *others])
    in_two = roll_up(
        "ratio",
        "percent",
        [roll_up("ratio", "percent", some).figure, roll_up("ratio", "percent", others).figure],
    )
    assert (in_two.value, in_two.numerator) == (all_at_once.value, all_at_once.numerator)


@given(st.lists(SHARES, min_size=1, max_size=6), st.decimals(0, 100, places=2))
def test_a_share_without_parts_is_never_mixed_into_a_ratio(shares, bare):
    assert roll_up("ratio", "percent", [*shares, amount(bare)]).value is None


def test_the_last_figure_is_the_newest_that_was_reported():
    assert last_of([amount(1), amount(2), None]) == amount(2)
    assert last_of([None, Figure(note="Chưa có", no_data=True)]) is None
