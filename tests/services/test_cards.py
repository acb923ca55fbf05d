"""The order of the cards on a board."""

from datetime import date
from types import SimpleNamespace

from app.services.cards import card_of, urgency

TODAY = date(2026, 11, 23)


def card(title, state, due_on, reported_on=None):
    row = SimpleNamespace(
        id=title, code="NV", title=title, role="lead", mode="each", state=state, state_reason=None,
        blocked_reason=None, period_name=None, due_on=due_on, first_due_on=None, extended=0, reported_on=reported_on,
    )  # fmt: skip
    return card_of(row, TODAY)


def test_what_is_urgent_stands_first():
    cards = [
        card("new", "assigned", date(2027, 1, 11)),
        card("sent", "reported", date(2026, 11, 25), date(2026, 11, 20)),
        card("soon", "assigned", date(2026, 11, 26)),
        card("sooner", "acknowledged", date(2026, 11, 24)),
        card("returned", "returned", date(2027, 1, 11)),
        card("overdue", "in_progress", date(2026, 11, 1)),
        card("undated", "assigned", None),
    ]
    in_order = ["overdue", "returned", "sooner", "soon", "new", "undated", "sent"]
    assert [one.title for one in sorted(cards, key=urgency)] == in_order
