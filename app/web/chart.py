"""Charts of figures over periods, as places for a template to draw. They say nothing that words do not say too.

Across, periods stand side by side in percent of the width, so that a chart fits a phone and a desk; upwards, in pixels.
A target is a mark at its level beside the periods, with its year: no line leads there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.models import Indicator
from app.services.figures import IndicatorPage, PeriodFigures
from app.services.standing import Goal
from app.text import format_number
from app.web.scale import Scale, Stroke, between, scale_of, strokes_between

DRAWN = ("percent", "count", "ratio", "level", "money")
MOST_PERIODS, MOST_GOALS, MOST_LABELS, MOST_VALUES = 8, 3, 5, 5
TOP, BOTTOM = 28.0, 200.0
LEFT, RIGHT = 14.0, 76.0
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE, SPARK_PERIODS = 96.0, 28.0, 5.0, 12
_LABEL_HEIGHT = 34.0
_SIGNS = {"gt": ">", "gte": "≥", "lt": "<", "lte": "≤", "maintain": "=", "reach": "", "achieve": ""}
_PARTS_OF_YEAR = {"H1": "6T", "9M": "9T"}
_YEAR = re.compile(r"(SY)?(\d{4})(?:-(Q\d|H1|9M|\d\d))?")


@dataclass(frozen=True, slots=True)
class Point:
    """One period. `y` is None where there is no figure; `whole`: every unit that was asked has reported."""

    x: float
    y: float | None
    label: str
    count: str
    value: str
    words: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A target or the baseline; up to `y_to` where it is a span. `label_y` keeps labels apart. `pull`: the way that is
    better, up, down or ""."""

    y: float
    y_to: float | None
    label_y: float
    label: str
    year: str
    pull: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`words`: the same, one sentence each."""

    points: tuple[Point, ...]
    strokes: tuple[Stroke, ...]
    ticks: tuple[tuple[float, str], ...]
    goals: tuple[Mark, ...]
    baseline: Mark | None
    baseline_x: float
    unit: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spark:
    """A chart as small as a word, in pixels. `points`: across, upwards, and whether every unit asked has reported."""

    points: tuple[tuple[float, float, bool], ...]
    strokes: tuple[Stroke, ...]
    words: str


def chart_of(page: IndicatorPage) -> Chart | None:
    """None for words and for yes or no, and while no period has one figure of all its units."""
    it = page.indicator
    periods = of_one_length(page.periods, MOST_PERIODS)
    numbers = [_number(period) for period in periods]
    known = [number for number in numbers if number is not None]
    if it.measure not in DRAWN or not known:
        return None
    goals = [goal for goal in periods[-1].how.goals if goal.value is not None][:MOST_GOALS]
    ends = [value for goal in goals for value in (goal.value, goal.value_to) if value is not None]
    baseline = it.baseline if periods[-1].how.unit_label == it.unit_label else None
    start = [] if baseline is None else [baseline]
    scale = scale_of([*known, *ends, *start], it.measure, TOP, BOTTOM)
    across = _across(len(periods) + len(start))
    places = across[len(start) :]
    return Chart(
        points=_points(periods, numbers, places, scale),
        strokes=strokes_between(places, [scale.height(number) for number in numbers], it.measure),
        ticks=tuple((scale.at(tick), _amount(tick, it.measure)) for tick in scale.ticks),
        goals=_marks(goals, scale, it.measure, it.direction),
        baseline=None if baseline is None else _baseline(it, baseline, scale),
        baseline_x=across[0],
        unit="" if it.measure == "percent" else periods[-1].how.unit_label or "",
        words=tuple(_words(page, periods)),
    )


def spark_of(periods: Sequence[PeriodFigures], measure: str) -> Spark | None:
    """Of periods, the newest first. None where there is nothing to draw."""
    shown = of_one_length(periods, SPARK_PERIODS)
    numbers = [_number(period) for period in shown]
    known = [number for number in numbers if number is not None]
    if measure not in DRAWN or not known:
        return None
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(1, len(shown) - 1)
    places = [round(SPARK_EDGE + index * step, 1) for index in range(len(shown))]
    low, high = min(known), max(known)
    heights = [
        None if number is None else between(number, low, high, SPARK_HEIGHT - SPARK_EDGE, SPARK_EDGE)
        for number in numbers
    ]
    points = tuple(
        (x, y, period.rolled.reported == period.rolled.expected)
        for x, y, period in zip(places, heights, shown, strict=True)
        if y is not None
    )
    words = "; ".join(period_words(period) for period in shown)
    return Spark(points, strokes_between(places, heights, measure), words)


def of_one_length(periods: Sequence[PeriodFigures], most: int) -> list[PeriodFigures]:
    """The newest periods of one cycle and scale, the oldest first: a month's figure and a year's do not belong on one
    line, nor do millions and billions. The cycle is the one most figures were sent in, the scale the newest one."""
    sent = [period for period in periods if _number(period) is not None]
    if not sent:
        return []
    cycles = [period.cycle for period in sent]
    chosen = max(dict.fromkeys(cycles), key=cycles.count)
    scale = next(period.how.scale for period in sent if period.cycle == chosen)
    alike = (period for period in periods if period.cycle == chosen and period.how.scale == scale)
    return [*alike][:most][::-1]


def period_words(period: PeriodFigures) -> str:
    """ "Quý III/2026: 92,5% (37/40), 5/5 đơn vị"."""
    rolled = period.rolled
    if not rolled.reported:
        said_nothing = any(cell.figure is not None and cell.figure.no_data for cell in period.cells)
        said = "không có số liệu" if said_nothing else "chưa có đơn vị nào báo cáo"
    else:
        said = period.shown or "không gộp thành một con số"
    return f"{period.name}: {said}, {rolled.reported}/{rolled.expected} đơn vị"


def short_period(label: str) -> str:
    """2026-Q3 → "Q3/26", 2026-03 → "T3/26", 2026-H1 → "6T/26", 2026 → "2026", SY2026 → "2026-27"."""
    found = _YEAR.fullmatch(label)
    if found is None:
        return label[:7]
    school, year, part = found.groups()
    if part is None:
        return f"{year}-{(int(year) + 1) % 100:02d}" if school else year
    if part.isdigit():
        part = f"T{int(part)}"
    return f"{_PARTS_OF_YEAR.get(part, part)}/{year[2:]}"


def _points(
    periods: Sequence[PeriodFigures], numbers: Sequence[Decimal | None], places: Sequence[float], scale: Scale
) -> tuple[Point, ...]:
    """Labels for every period while there is room, else for every second or third, for the newest always."""
    every = -(-len(periods) // MOST_LABELS)
    points = []
    for index, (period, number, x) in enumerate(zip(periods, numbers, places, strict=True)):
        is_labelled = (len(periods) - 1 - index) % every == 0
        shows_value = number is not None and (len(periods) <= MOST_VALUES or index == len(periods) - 1)
        rolled, how = period.rolled, period.how
        points.append(
            Point(
                x=x,
                y=scale.height(number),
                label=short_period(period.label) if is_labelled else "",
                count=f"{rolled.reported}/{rolled.expected}" if is_labelled else "",
                value=_amount(number, how.measure, how.decimals)
                if shows_value and number is not None
                else "",
                words=period_words(period),
                whole=rolled.reported == rolled.expected,
            )
        )
    return tuple(points)


def _across(columns: int) -> list[float]:
    width = (RIGHT - LEFT) / columns
    return [round(LEFT + width * (index + 0.5), 2) for index in range(columns)]


def _marks(goals: Sequence[Goal], scale: Scale, measure: str, direction: str) -> tuple[Mark, ...]:
    """Highest first; a label that would lie on the one above moves down."""
    marks: list[Mark] = []
    for y, goal in sorted(((scale.height(goal.value) or TOP, goal) for goal in goals), key=lambda it: it[0]):
        free = marks[-1].label_y + _LABEL_HEIGHT if marks else TOP
        year = f"năm {goal.horizon}" if goal.horizon else ""
        label = _goal_in_short(goal, measure)
        marks.append(Mark(y, scale.height(goal.value_to), max(y, free), label, year, _pull(goal, direction)))
    return tuple(marks)


def _goal_in_short(goal: Goal, measure: str) -> str:
    value = "" if goal.value is None else _amount(goal.value, measure)
    if goal.value_to is not None:
        return f"{value}–{_amount(goal.value_to, measure)}"
    return f"{_SIGNS[goal.comparator]} {value}".strip()


def _pull(goal: Goal, direction: str) -> str:
    if goal.comparator in ("lt", "lte") or (goal.comparator == "reach" and direction == "down"):
        return "down"
    return "up" if goal.comparator in ("gt", "gte", "reach") else ""


def _baseline(it: Indicator, value: Decimal, scale: Scale) -> Mark:
    y = scale.at(value)
    return Mark(y, None, y, _amount(value, it.measure, it.decimals), it.baseline_label or "")


def _words(page: IndicatorPage, periods: Sequence[PeriodFigures]) -> Iterator[str]:
    if page.around.baseline:
        yield f"Xuất phát: {page.around.baseline}"
    yield from (period_words(period) for period in periods)
    for goal in page.goals:
        yield f"Mục tiêu: {goal.shown}" + (f" đến năm {goal.horizon}" if goal.horizon else "")


def _number(period: PeriodFigures) -> Decimal | None:
    return period.figure.number if period.figure is not None else None


def _amount(value: Decimal, measure: str, decimals: int | None = None) -> str:
    """Without its unit, which stands at the head of the axis."""
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{format_number(value)}%" if measure == "percent" else format_number(value)
