"""The clerk's side of the demo: taking a plan's text in, deciding what was read, issuing."""

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models import Candidate, Indicator
from app.models.base import columns
from app.services.candidate import (
    AcceptanceInput,
    DecisionInput,
    accept_all,
    decide_candidate,
    list_candidates,
)
from app.services.candidate_fields import IndicatorFields, Party, TaskFields, UnitFields
from app.services.coverage import get_coverage, set_aside_passage
from app.services.demo.places import Place
from app.services.demo.sample import Story, read_plan
from app.services.document import plan_of, upload_document
from app.services.indicator import IndicatorChange, change_indicator
from app.services.issuing import issue_plan
from app.services.plan import PlanChange, change_plan
from app.services.unit_matching import names_of_units
from app.work import Work

indicators = columns(Indicator)

# Said of a figure once the plan is issued: intake does not ask for them.
SAID_LATER = (
    "numerator_name",
    "denominator_name",
    "direction",
    "is_key",
    "baseline",
    "baseline_label",
    "jump_limit",
    "data_source",
)


def take_in_plan(work: Work, place: Place) -> UUID:
    """Upload the sample text and put right what the text itself does not say; the document's id."""
    name = place.story["plan_file"]
    document = upload_document(work, name=name, data=read_plan(name), locality_id=place.locality_id)
    plan = plan_of(work, document.id)
    issued_on = date.fromisoformat(place.story["plan_issued_on"])
    reporting = place.story.get("reporting", {})
    kept_by_clock = {name: reporting[name] for name in ("scheme", "cycle") if name in reporting}
    change_plan(work, plan.id, PlanChange(issued_on=issued_on, **kept_by_clock), plan.version)
    return document.id


def decide_on_plan(work: Work, place: Place, document_id: UUID) -> None:
    """Tasks and figures as the story has them, everything else as it was read; what is then left is no task."""
    _match_organisations(work, place, document_id)
    tasks = list_candidates(work, document_id, kinds=["task"])
    for number, (_, of_group) in enumerate(groupby(tasks, lambda row: row.reading["section"]), start=1):
        rows = list(of_group)
        for told in place.story["tasks"]:
            if told["task_group"] == number:
                _edit(work, rows[told["task"] - 1], task=_task_fields(told, place))
    figures = list_candidates(work, document_id, kinds=["indicator"])
    for told in place.story["indicators"]:
        _edit(work, figures[told["indicator"] - 1], indicator=_indicator_fields(told, place))
    accept_all(work, document_id, AcceptanceInput())
    for passage in get_coverage(work, document_id).unused:
        set_aside_passage(work, passage.id, passage.version, set_aside=True)


def issue_decided_plan(work: Work, place: Place, document_id: UUID) -> None:
    """Issue, which opens the quarter of the day when no period is open; then say what is measured more closely."""
    plan = plan_of(work, document_id)
    issue_plan(work, plan.id, plan.version)
    in_order = select(indicators).where(indicators.plan_id == plan.id).order_by(indicators.ordinal)
    made = list(work.session.scalars(in_order))
    for told in place.story["indicators"]:
        said = {name: told[name] for name in SAID_LATER if name in told}
        if "verifier" in told:
            said["verifier"] = place.units[told["verifier"]]
        indicator = made[told["indicator"] - 1]
        if said:
            change_indicator(work, indicator.id, IndicatorChange(**said), indicator.version)


def _match_organisations(work: Work, place: Place, document_id: UUID) -> None:
    """An equal name matches by itself; of a name that was read a little differently a clerk picks the likest."""
    names = names_of_units(work, place.locality_id)
    for row in list_candidates(work, document_id, kinds=["unit"]):
        likest = next(iter(names.like(row.reading["name"])), None)
        if likest is not None and not likest.is_exact:
            _edit(work, row, unit=UnitFields(unit_id=likest.unit_id))


def _edit(work: Work, candidate: Candidate, **fields: Any) -> None:
    decide_candidate(work, candidate.id, candidate.version, DecisionInput(action="edit", **fields))


def _task_fields(told: Story, place: Place) -> TaskFields:
    return TaskFields(
        kind=told["kind"],
        due_on=told["due_on"],
        expected_product=told["expected_product"],
        lead=Party(unit_id=place.units[told["lead"]]),
        cooperate=[Party(unit_id=place.units[code]) for code in told["cooperate"]],
        completion=told.get("completion", "each"),
    )


def _indicator_fields(told: Story, place: Place) -> IndicatorFields:
    corrected = {name: told["correction"][name] for name in ("comparator", "value") if "correction" in told}
    return IndicatorFields(
        name=told["name"],
        measure=told["measure"],
        cycle=told["cycle"],
        owners=[Party(unit_id=place.units[code]) for code in told["owners"]],
        **corrected,
    )
