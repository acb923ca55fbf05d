"""/chi-tieu/{id}/tong-hop: an indicator's figures as one, and what each number was made of."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.documents.spreadsheet import Sheet
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Indicator, Unit
from app.permissions import Permission as P
from app.services.indicator import get_indicator
from app.services.period import list_periods
from app.services.roll_up import RollUpPage, build_roll_up, latest_period
from app.services.standing import goal_of_year
from app.services.unit import list_units
from app.web.choosing import crumbs_of_indicator
from app.web.downloads import FORMS, AsFile, OneTable, download
from app.web.figure_cells import notes_above, sees_own_alone, told_of
from app.web.pages import frame, html
from app.web.roll_up_sheets import roll_up_sheets
from app.work import Work

router = APIRouter(prefix="/chi-tieu/{indicator_id}/tong-hop", route_class=AnsweredRoute)


@router.get("")
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def show(
    request: Request, work: WorkGiven, indicator_id: UUID, tep: AsFile = "", bang: OneTable = ""
) -> Response:
    indicator = get_indicator(work, indicator_id)
    periods = list_periods(work, locality=indicator.locality_id)
    chosen = _chosen(request, "ky", {str(one.id) for one in periods})
    if not chosen:
        chosen = str(latest_period(work, indicator) or "")
    groups = _groups(work, indicator)
    group = _chosen(request, "nhom", {str(one.id) for one in groups})
    seen = build_roll_up(work, indicator.id, chosen, group=UUID(group) if group else None) if chosen else None
    if seen and tep in FORMS and (sheet := _sheet(work, seen, groups, group, bang)):
        return download([sheet], tep, "tong hop", bang, indicator.code, seen.period.label)
    return html(
        request,
        work,
        "roll_up/page.html",
        frame(request, work, f"Tổng hợp {indicator.code}", crumbs=crumbs_of_indicator(indicator)),
        indicator=indicator,
        seen=seen,
        bars=_bars(seen),
        goal=_goal(seen),
        period_options=[(str(one.id), one.name) for one in periods],
        group_options=[(str(one.id), one.name) for one in groups],
        chosen=chosen,
        group=group,
        own_alone=sees_own_alone(work, indicator.locality_id),
    )


def _chosen(request: Request, name: str, known: set[str]) -> str:
    """What the address asks for, when it is one of those that are offered."""
    asked = request.query_params.get(name, "")
    return asked if asked in known else ""


def _groups(work: Work, indicator: Indicator) -> list[Unit]:
    return [one for one in list_units(work, locality_id=indicator.locality_id, limit=500) if one.is_group]


def _sheet(work: Work, seen: RollUpPage, groups: list[Unit], group: str, place: str) -> Sheet | None:
    """The table of that place on the page; None where there is none."""
    name = next((one.name for one in groups if str(one.id) == group), "")
    notes = notes_above(work, seen.indicator.locality_id, told_of(seen.period), name)
    return roll_up_sheets(seen, notes).get(place)


def _bars(seen: RollUpPage | None) -> bool:
    """Whether a share is drawn: a percentage of which more is better."""
    return seen is not None and seen.how.measure == "percent" and seen.how.direction != "down"


def _goal(seen: RollUpPage | None) -> Decimal | None:
    aim = goal_of_year(seen.how.goals, seen.period.ends_on.year) if seen else None
    return aim.value if aim else None
