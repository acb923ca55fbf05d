"""Figures in a spreadsheet: the expected rows of a unit's period, or of everybody's, to fill in (decision 0033)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.documents.figure_sheet import LineToFill, SheetToFill, write_figure_sheet
from app.errors import NotFound
from app.models import Indicator, Period, Submission, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.earlier_answers import list_earlier_figures_of_units
from app.services.figure_sending import ASKED_AGAIN
from app.services.measures import PARTS_OF_MEASURE
from app.services.period_dates import due_day_of
from app.services.period_form import unit_and_period
from app.services.standing import Figure, goal_of_year, show_figure, show_goal, typed_numbers
from app.services.states import LEFT_OUT, actions_from
from app.services.submission_list import figure_of_row, joined, submission_columns
from app.services.target import list_targets
from app.text import format_date
from app.work import Work

submissions, indicators, periods = columns(Submission), columns(Indicator), columns(Period)

FLAGS = {True: "Đạt", False: "Chưa đạt"}
# Beside the figure itself, what every measure takes.
_ALWAYS = ("no_data", "note")
_HOW_TO = "Chỉ điền các ô trắng. Dòng chưa có gì để báo cáo thì để trống. Không đổi tên cột, không thêm dòng."
_HOW = {
    "percent": "Tỷ lệ phần trăm: nhập tử số và mẫu số, hoặc nhập tỷ lệ ở ô Số liệu.",
    "ratio": "Tỷ số: nhập tử số và mẫu số, hoặc nhập tỷ số ở ô Số liệu.",
    "count": "Số lượng: nhập một con số.",
    "money": "Số tiền: nhập một con số.",
    "level": "Mức độ: nhập số nguyên, ví dụ 2.",
    "yes_no": "Ghi Đạt hoặc Chưa đạt ở ô Số liệu.",
    "text": "Ghi bằng lời ở ô Ghi chú.",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A figure that is expected: `own` is what was sent in this period, `last` in the last one before. `is_open`: it
    can still be sent. `came_back`: why the office wants it anew."""

    id: UUID
    indicator: Indicator
    unit_id: UUID
    unit_name: str
    is_open: bool
    came_back: str
    goal: str
    own: Figure | None
    last: Figure | None
    last_period: str

    @property
    def asked(self) -> tuple[str, ...]:
        """The cells this figure is filled into; none once it was accepted or the period closed."""
        if not self.is_open:
            return ()
        parts = PARTS_OF_MEASURE[self.indicator.measure]
        value = ("value",) if {"value", "level", "flag"} & set(parts) else ()
        return *value, *(part for part in parts if part in ("numerator", "denominator")), *_ALWAYS

    @property
    def sent(self) -> str:
        """What was sent in this period, in words."""
        return show_figure(self.own, self.indicator) if self.own is not None else ""

    @property
    def before(self) -> str:
        """ "100 hộ (Quý III/2026)"."""
        return f"{show_figure(self.last, self.indicator)} ({self.last_period})" if self.last else ""


@dataclass(frozen=True, slots=True)
class NamedSheet:
    name: str
    data: bytes


def list_sheet_rows(work: Work, period: Period, unit_id: UUID | None = None) -> list[SheetRow]:
    """What the actor may see of the period's figures, in the order of plans. Six queries, however many rows."""
    rows = _rows(work, period, unit_id)
    asked = sorted({row.indicator_id for row in rows})
    of_id = {i.id: i for i in work.session.scalars(visible(work, Indicator).where(indicators.id.in_(asked)))}
    goals = list_targets(work, asked)
    earlier = list_earlier_figures_of_units(work, {row.unit_id for row in rows}, period, asked)
    found = []
    for row in rows:
        indicator = of_id[row.indicator_id]
        goal = goal_of_year(goals[indicator.id], period.ends_on.year)
        before = earlier.get((row.unit_id, indicator.id))
        found.append(
            SheetRow(
                row.id,
                indicator,
                row.unit_id,
                row.unit_name,
                _is_open(row, period),
                row.state_reason or "" if row.state in ASKED_AGAIN else "",
                show_goal(goal, indicator) if goal else "",
                figure_of_row(row),
                figure_of_row(before) if before is not None else None,
                before.period_name if before is not None else "",
            )
        )
    return found


def get_unit_sheet(work: Work, unit_id: UUID, period_id: UUID, *, with_last: bool = False) -> NamedSheet:
    """What was sent in this period stands in its cells, and `with_last` what was sent in the one before where nothing
    was yet. 404 unless the actor may read this unit's figures."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.SUBMISSION_READ, unit.locality_id, unit.id)
    lines = [line_of(row, _to_start_with(row, with_last)) for row in list_sheet_rows(work, period, unit.id)]
    due_on = due_day_of(work, period, unit.id)
    data = _written(period, due_on, unit, unit.name, lines)
    return NamedSheet(f"so-lieu-{period.label}-{unit.code}.xlsx", data)


def get_period_sheet(work: Work, period_id: UUID, *, with_last: bool = False) -> NamedSheet:
    """Every unit's figures, for whoever reads the whole locality."""
    period: Period | None = work.session.scalars(visible(work, Period).where(periods.id == period_id)).first()
    if period is None:
        raise NotFound
    work.require(Permission.SUBMISSION_READ, period.locality_id)
    lines = [line_of(row, _to_start_with(row, with_last)) for row in list_sheet_rows(work, period)]
    data = _written(period, period.due_on, None, "mọi đơn vị", lines)
    return NamedSheet(f"so-lieu-{period.label}.xlsx", data)


def write_refused_sheet(work: Work, unit: Unit, period: Period, refused: Sequence[LineToFill]) -> NamedSheet:
    """What was not taken, with the reasons beside it: to mend and to send again."""
    due = _due(due_day_of(work, period, unit.id))
    notes = (f"Sửa các dòng dưới đây theo cột Lý do chưa nhận. {due}", _HOW_TO)
    title = f"Số liệu chưa nhận, {period.name}, {unit.name}"
    data = write_figure_sheet(SheetToFill(title, notes, period.id, unit.id, refused, with_reasons=True))
    return NamedSheet(f"so-lieu-chua-nhan-{period.label}-{unit.code}.xlsx", data)


def line_of(row: SheetRow, filled: Mapping[str, str], reason: str = "") -> LineToFill:
    """The row as a line of a sheet."""
    indicator = row.indicator
    statement = f"\n({indicator.statement})" if indicator.statement != indicator.name else ""
    shown = {
        "code": indicator.code,
        "name": indicator.name + statement,
        "unit_name": row.unit_name,
        "how": _how(indicator)
        if not row.came_back
        else f"Văn phòng trả lại: {row.came_back}\n{_how(indicator)}",
        "goal": row.goal,
        "before": row.before,
    }
    choices = tuple(FLAGS.values()) if indicator.measure == "yes_no" else ()
    return LineToFill(str(row.id), shown, filled, row.asked, choices, reason)


def _rows(work: Work, period: Period, unit_id: UUID | None) -> Sequence[Any]:
    statement = joined(visible(work, Submission, *submission_columns())).where(
        submissions.period_id == period.id, submissions.state.not_in(LEFT_OUT)
    )
    if unit_id is not None:
        statement = statement.where(submissions.unit_id == unit_id)
    order = (submissions.unit_id, indicators.plan_id, indicators.ordinal, indicators.id)
    return work.session.execute(statement.order_by(*order)).all()


def _is_open(row: Any, period: Period) -> bool:
    takes_figures = period.state == "open" or row.state in ASKED_AGAIN
    return takes_figures and "send" in actions_from("submission", row.state)


def _how(indicator: Indicator) -> str:
    is_told = indicator.measure not in ("percent", "level") and indicator.unit_label
    label = f" Đơn vị tính: {indicator.unit_label}." if is_told else ""
    names = (("Tử số", indicator.numerator_name), ("Mẫu số", indicator.denominator_name))
    parts = "".join(f" {part}: {name}." for part, name in names if name)
    return f"{_HOW[indicator.measure]}{label}{parts}"


def _written(
    period: Period, due_on: date, unit: Unit | None, whose: str, lines: Sequence[LineToFill]
) -> bytes:
    title = f"Số liệu {period.name}, {whose}"
    notes = (f"Kỳ: {period.name}. Đơn vị: {whose}. {_due(due_on)}", _HOW_TO)
    return write_figure_sheet(SheetToFill(title, notes, period.id, unit.id if unit else None, lines))


def _due(due_on: date) -> str:
    return f"Hạn báo cáo {format_date(due_on)}."


def _to_start_with(row: SheetRow, with_last: bool) -> dict[str, str]:
    if row.own is not None or not with_last or not row.asked:
        return _as_typed(row.own)
    if row.last is None or row.last.no_data:
        return {}
    last = _as_typed(row.last)
    # What explained a figure explained it then; a figure told in words is its note.
    return last if row.indicator.measure == "text" else {k: v for k, v in last.items() if k != "note"}


def _as_typed(figure: Figure | None) -> dict[str, str]:
    if figure is None:
        return {}
    typed = typed_numbers(figure)
    if "level" in typed:
        typed["value"] = typed.pop("level")
    if figure.flag is not None:
        typed["value"] = FLAGS[figure.flag]
    if figure.no_data:
        typed["no_data"] = "x"
    return typed | ({"note": figure.note} if figure.note else {})
