"""Limits that stop a figure, and doubts that a note must answer."""

from decimal import Decimal

import pytest

from app.errors import Invalid
from app.services.figures import build_indicator_page
from app.services.period import PeriodInput, open_period
from app.services.submission import SubmissionInput, get_submission, send_submission
from app.services.submission_list import list_versions
from tests.factories import add_indicator, add_plan

BY_PARTS = {"measure": "count", "unit_label": "hộ", "decimals": 0, "target": None}


@pytest.fixture
def make(stage, cast, working):
    """Indicators of one plan, all reported by the school cell, in two open periods of one year."""
    plan = add_plan(stage, cast.commune)

    def made(code="CT-01", **more):
        indicator = add_indicator(stage, plan, code, owners=(cast.school_cell,), **more)
        stage.commit()
        return indicator

    return made


@pytest.fixture
def send(working, cast):
    def sent(indicator, period="2026-Q4", **parts):
        with working(cast.an) as work:
            open_period(work, PeriodInput(label=period))
        with working(cast.binh) as work:
            given = SubmissionInput(indicator=indicator.id, unit=cast.school_cell.id, period=period, **parts)
            version = send_submission(work, given)
            return version.submission_id, version.doubts

    return sent


def refused(send, indicator, **parts):
    with pytest.raises(Invalid) as error:
        send(indicator, **parts)
    return error.value.errors


def test_a_figure_outside_its_limits_is_refused(make, send):
    indicator = make(range_from=Decimal(10), range_to=Decimal(90))
    assert "thấp hơn mức thấp nhất có thể là 10%" in refused(send, indicator, value="9.99")["value"]
    assert "cao hơn" in refused(send, indicator, numerator="95", denominator="100")["numerator"]
    assert send(indicator, value="90")[1] is None


def test_a_jump_needs_a_note_and_is_kept_for_who_decides(make, send, working, cast):
    indicator = make(jump_limit=Decimal(20))
    send(indicator, period="2026-Q3", value="50")
    assert "thay đổi quá 20%" in refused(send, indicator, value="61")["note"]
    assert send(indicator, value="60")[1] is None
    row_id, doubts = send(indicator, value="61", note="Mới rà soát lại.")
    assert doubts == ["jump"]
    with working(cast.an) as work:
        newest, before = list_versions(work, row_id)
        assert (newest.doubts, before.doubts, get_submission(work, row_id).state) == (["jump"], None, "sent")


def test_what_counts_to_date_does_not_fall_within_a_year(make, send):
    indicator = make(**BY_PARTS)
    send(indicator, period="2025-Q4", value="40")
    assert send(indicator, period="2026-Q3", value="12")[1] is None
    assert "ít hơn" in refused(send, indicator, value="11")["note"]
    assert send(indicator, value="11", note="Trừ một hộ tính trùng.")[1] == ["falls"]


def test_an_earlier_figure_to_date_is_compared_with_the_later_one_that_was_sent(make, send):
    indicator = make(**BY_PARTS)
    send(indicator, period="2026-Q3", value="10")
    send(indicator, value="12")
    assert send(indicator, period="2026-Q3", value="12")[1] is None
    said = refused(send, indicator, period="2026-Q3", value="13")["note"]
    assert "Số lũy kế 13 hộ nhiều hơn số đã gửi sau đó của Quý IV/2026 (12 hộ)." in said
    assert send(indicator, period="2026-Q3", value="13", note="Quý IV sẽ gửi lại.")[1] == ["falls"]
    assert send(indicator, period="2025-Q4", value="40")[1] is None, "another year counts for itself"
    assert send(make("CT-02", value_basis="in_period", **BY_PARTS), value="1")[1] is None


def test_a_share_may_fall_while_its_numerator_grows(make, send):
    indicator = make()
    send(indicator, period="2026-Q3", numerator="9", denominator="10")
    assert send(indicator, numerator="10", denominator="20")[1] is None
    said = refused(send, indicator, numerator="8", denominator="8")
    assert said.keys() == {"note"}
    assert "Tử số lũy kế 8 ít hơn Quý III/2026 (90% (9/10))." in said["note"]


def test_figures_in_the_period_may_fall(make, send):
    indicator = make(value_basis="in_period", **BY_PARTS)
    send(indicator, period="2026-Q3", value="12")
    assert send(indicator, value="3")[1] is None


def test_parts_that_do_not_give_the_whole_are_asked_about_when_all_are_there(make, send):
    whole = make("CT-10", adds_up=True, **BY_PARTS)
    first, second = (make(f"CT-1{n}", part_of_id=whole.id, **BY_PARTS) for n in (1, 2))
    assert send(whole, value="30")[1] is None
    assert send(first, value="10")[1] is None
    assert (
        "Các thành phần cộng lại được 25 hộ, chỉ tiêu tổng là 30 hộ"
        in refused(send, second, value="15")["note"]
    )
    assert send(second, value="20")[1] is None
    assert send(first, value="11", note="Đang đối chiếu.")[1] == ["parts"]


def test_a_unit_without_data_says_why_and_is_not_counted_as_zero(make, send, working, cast):
    indicator = make(**BY_PARTS)
    assert "note" in refused(send, indicator, no_data=True)
    assert "value" in refused(send, indicator, no_data=True, value="3", note="Chưa rõ")
    send(indicator, no_data=True, note="Huyện chưa giao số liệu gốc.")
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.rolled.reported, period.rolled.expected, period.rolled.value) == (0, 1, None)
        assert (period.cells[0].state, period.cells[0].shown) == ("sent", "Không có số liệu")
