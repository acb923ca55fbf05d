"""Whether a figure can be right: limits that stop it, and doubts that a note must answer before it is sent.

range      outside the limits of the indicator: refused
jump       it moved by more than `jump_limit` percent of the figure of the period before
falls      what counts to date became less within the year, than before or by the figure sent after it
parts      the parts of an indicator that adds up do not give the whole
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.errors import Invalid
from app.models import Indicator, Period
from app.services.definition import AMOUNTS
from app.services.earlier_answers import FigureOfPeriod
from app.services.standing import HUNDRED, Figure, show_amount, show_figure, total
from app.text import format_number


@dataclass(frozen=True, slots=True)
class Doubt:
    """`code`: jump, falls or parts. `sentence` says what is odd."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Family:
    """An indicator that adds up, how many parts it has, and the values of all of them that count, one unit's in one
    period, by indicator."""

    whole: Indicator
    parts: int
    values: Mapping[UUID, Decimal | None]


def check_range(indicator: Indicator, figure: Figure) -> None:
    """Invalid when the figure is outside what the office says is possible."""
    number = figure.number
    if number is None:
        return
    field = "level" if figure.level is not None else "value" if figure.numerator is None else "numerator"
    lowest, highest = indicator.range_from, indicator.range_to
    if lowest is not None and number < lowest:
        _refuse(
            field, figure, indicator, f"thấp hơn mức thấp nhất có thể là {show_amount(lowest, indicator)}"
        )
    if highest is not None and number > highest:
        _refuse(field, figure, indicator, f"cao hơn mức cao nhất có thể là {show_amount(highest, indicator)}")


def _refuse(field: str, figure: Figure, indicator: Indicator, what: str) -> None:
    raise Invalid.field(
        field, f"{show_figure(figure, indicator)} {what}. Kiểm tra lại, hoặc đề nghị Văn phòng sửa giới hạn."
    )


def doubts_about(
    indicator: Indicator,
    period: Period,
    figure: Figure,
    before: FigureOfPeriod | None,
    after: FigureOfPeriod | None,
    family: Family | None,
) -> tuple[Doubt, ...]:
    """What must be explained in a note; nothing for a unit that says it has no data. `before` and `after`: its figures
    of the periods next to this one. `family`: the whole and its parts, where the indicator is one of them."""
    if figure.no_data or figure.number is None:
        return ()
    found: list[Doubt] = []
    if before is not None and not before.figure.no_data:
        found += _jump(indicator, before.figure, figure, before.period_name)
        if before.ends_on.year == period.ends_on.year:
            found += _fall(indicator, before.figure, figure, before.period_name)
    has_fallen = any(doubt.code == "falls" for doubt in found)
    if after is not None and after.ends_on.year == period.ends_on.year and not has_fallen:
        found += _exceeds(indicator, figure, after)
    return (*found, *_parts(indicator, figure, family))


def answer_doubts(doubts: Sequence[Doubt], figure: Figure) -> None:
    """Invalid on the note while it says nothing."""
    if doubts and not (figure.note or "").strip():
        odd = " ".join(doubt.sentence for doubt in doubts)
        raise Invalid.field("note", f"{odd} Nếu số liệu đúng, ghi rõ lý do vào ghi chú rồi gửi lại.")


def _jump(indicator: Indicator, before: Figure, now: Figure, period_name: str) -> list[Doubt]:
    old, new, limit = before.number, now.number, indicator.jump_limit
    if limit is None or old is None or new is None or abs(new - old) * HUNDRED <= limit * abs(old):
        return []
    shown = show_amount(limit, _Percent())
    return [
        Doubt(
            "jump",
            f"{show_figure(now, indicator)} thay đổi quá {shown} so với {period_name} "
            f"({show_figure(before, indicator)}).",
        )
    ]


@dataclass(frozen=True, slots=True)
class _Percent:
    measure: str = "percent"
    unit_label: str | None = "%"
    decimals: int = 2


def _fall(indicator: Indicator, before: Figure, now: Figure, period_name: str) -> list[Doubt]:
    """Of a share only its numerator counts up; the share itself may well fall."""
    if not _is_less(indicator, now, before):
        return []
    new, old = _show_counted_up(indicator, now), show_figure(before, indicator)
    return [Doubt("falls", f"{new} ít hơn {period_name} ({old}).")]


def _exceeds(indicator: Indicator, now: Figure, after: FigureOfPeriod) -> list[Doubt]:
    """A figure corrected, or sent late, when a later one is there."""
    if not _is_less(indicator, after.figure, now):
        return []
    new, later = _show_counted_up(indicator, now), show_figure(after.figure, indicator)
    return [Doubt("falls", f"{new} nhiều hơn số đã gửi sau đó của {after.period_name} ({later}).")]


def _is_less(indicator: Indicator, one: Figure, other: Figure) -> bool:
    """Of what counts to date; without data there is nothing to compare."""
    less, more = _counted_up(indicator, one), _counted_up(indicator, other)
    return indicator.value_basis == "to_date" and less is not None and more is not None and less < more


def _counted_up(indicator: Indicator, figure: Figure) -> Decimal | None:
    return figure.value if indicator.measure in AMOUNTS else figure.numerator


def _show_counted_up(indicator: Indicator, figure: Figure) -> str:
    """ "Số lũy kế 12 hộ", "Tử số lũy kế 9": what is compared, where a share beside it might go the other way."""
    if figure.numerator is None:
        return f"Số lũy kế {show_figure(figure, indicator)}"
    return f"Tử số lũy kế {format_number(figure.numerator)}"


def _parts(indicator: Indicator, figure: Figure, family: Family | None) -> list[Doubt]:
    """Once the whole and every part of it are there; the last one to come in is asked about."""
    if family is None or indicator.measure not in AMOUNTS:
        return []
    values = {**family.values, indicator.id: figure.value}
    whole = values.pop(family.whole.id, None)
    parts = [value for value in values.values() if value is not None]
    if whole is None or len(parts) < family.parts or total(parts) == whole:
        return []
    summed, said = show_amount(total(parts), family.whole), show_amount(whole, family.whole)
    return [Doubt("parts", f"Các thành phần cộng lại được {summed}, chỉ tiêu tổng là {said}.")]
