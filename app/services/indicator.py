"""What is measured, who reports it, and what is to be reached."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.events import (
    IndicatorAdded,
    IndicatorChanged,
    IndicatorOwnersSet,
)
from app.models import (
    Indicator,
    IndicatorOwner,
    Passage,
    Plan,
    Submission,
    SubmissionVersion,
    Unit,
    UnitGroupMember,
)
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.definition import (
    RULES,
    Direction,
    Measure,
    Measuring,
    check_measuring,
    columns_of,
    define,
    settle_rules,
)
from app.services.expectation import expect_submissions, open_periods, reporters_of
from app.services.row_ending import waive_row
from app.services.target import TargetInput, check_target, new_target
from app.text import capitalised, fold
from app.work import Work

indicators, owners = columns(Indicator), columns(IndicatorOwner)
units, members, passages = columns(Unit), columns(UnitGroupMember), columns(Passage)
submissions, versions = columns(Submission), columns(SubmissionVersion)

NO_LONGER_ASKED = "Không còn được giao báo cáo chỉ tiêu này."


class IndicatorInput(Measuring):
    """An indicator to add. `decimals` is by measure when left out; `owners` are units or groups."""

    plan: UUID
    statement: str = Field(min_length=1, max_length=4_000)
    measure: Measure
    name: str | None = Field(default=None, min_length=1, max_length=300)
    passage: UUID | None = None
    direction: Direction = "up"
    coverage: dict[str, Any] | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)
    targets: list[TargetInput] = Field(default_factory=list, max_length=40)
    owners: list[UUID] = Field(default_factory=list, max_length=200)


class IndicatorChange(Measuring):
    """Fields of an indicator to change; those left out stay. The statement is verbatim and cannot be changed."""

    name: str = Field(default="", min_length=1, max_length=300)
    measure: Measure = "percent"
    direction: Direction = "up"
    decimals: int = Field(default=2, ge=0, le=6)


def list_indicators(
    work: Work,
    *,
    plan: UUID | None = None,
    unit: UUID | None = None,
    key: bool | None = None,
    q: str = "",
    after: UUID | None = None,
    limit: int = 100,
) -> list[Indicator]:
    """In the order they were added. `unit`: those it reports today, by itself or as a member of a group; `key`: only
    the key ones, or only the others."""
    statement = visible(work, Indicator).order_by(indicators.id).limit(limit)
    if plan is not None:
        statement = statement.where(indicators.plan_id == plan)
    if unit is not None:
        statement = statement.where(_is_reported_by(work, unit))
    if key is not None:
        statement = statement.where(indicators.is_key.is_(key))
    if after is not None:
        statement = statement.where(indicators.id > after)
    words = [indicators.folded.contains(word, autoescape=True) for word in fold(q).split()]
    return list(work.session.scalars(statement.where(*words)))


def get_indicator(work: Work, indicator_id: UUID) -> Indicator:
    return find(work, Indicator, indicator_id)


def list_owners(work: Work, indicator_ids: Sequence[UUID]) -> dict[UUID, list[Unit]]:
    """Owning units and groups of each indicator, in the order they were given."""
    found: dict[UUID, list[Unit]] = {indicator_id: [] for indicator_id in indicator_ids}
    rows = work.session.execute(
        visible(work, IndicatorOwner, owners.indicator_id, Unit)
        .join(units, units.id == owners.unit_id)
        .where(owners.indicator_id.in_(indicator_ids))
        .order_by(owners.id)
    )
    for indicator_id, unit in rows:
        found[indicator_id].append(unit)
    return found


def add_indicator(work: Work, given: IndicatorInput) -> Indicator:
    """Add an indicator with its targets and owners. On an issued plan, open periods expect its figures at once."""
    plan = find(work, Plan, given.plan)
    work.require(Permission.INDICATOR_MANAGE, plan.locality_id)
    if plan.state not in ("draft", "issued"):
        raise Conflict("Kế hoạch đã kết thúc nên không thêm chỉ tiêu được nữa.", code="plan_closed")
    for target in given.targets:
        check_target(target)
    if len({target.horizon for target in given.targets}) < len(given.targets):
        raise Invalid.field("targets", "Mỗi năm chỉ có một mục tiêu. Bỏ mục tiêu trùng năm.")
    _check_passage(work, plan, given.passage)
    chosen = _units(work, plan.locality_id, given.owners)
    _check_not_ended(work, chosen, "owners")
    indicator = _new_indicator(work, plan, given, _next_ordinal(work, plan.id))
    settle_rules(indicator, given.model_dump(include=set(RULES)))
    check_measuring(work, indicator, columns_of(given.model_dump(exclude_unset=True)))

    work.add(indicator)
    work.add(*(new_target(indicator, target) for target in given.targets))
    work.add(*(_new_owner(indicator, unit) for unit in chosen))
    define(work, indicator)
    _expect_now(work, plan, indicator)
    work.record(IndicatorAdded(locality_id=plan.locality_id, subject_id=indicator.id, code=indicator.code))
    return indicator


def change_indicator(
    work: Work, indicator_id: UUID, change: IndicatorChange, version: int | None
) -> Indicator:
    """What says nothing new changes nothing: no definition, no version, no event."""
    indicator = _to_manage(work, indicator_id)
    typed = change.model_dump(exclude_unset=True)
    work.check_seen(indicator, version, **typed)
    changed = _said_anew(indicator, typed)
    if not changed:
        return indicator
    if "measure" in changed and _has_figures(work, indicator.id):
        raise Conflict(
            "Chỉ tiêu đã có số liệu nên không đổi được cách đo. Hãy lập chỉ tiêu mới.", code="has_figures"
        )
    check_measuring(work, indicator, changed)

    indicator.version += 1
    indicator.folded = _folded(indicator.name, indicator.statement)
    define(work, indicator)
    work.record(
        IndicatorChanged(
            locality_id=indicator.locality_id,
            subject_id=indicator.id,
            code=indicator.code,
            changed=tuple(sorted(changed)),
        )
    )
    return indicator


def _said_anew(indicator: Indicator, typed: Mapping[str, Any]) -> set[str]:
    """Columns that are other than before once all that was typed is set, and the rules that follow from it."""
    said = columns_of(typed)
    before = {name: getattr(indicator, name) for name in (*said, *RULES)}
    for name, value in said.items():
        if value != before[name]:
            setattr(indicator, name, value)
    settle_rules(indicator, typed)
    return {name for name, value in before.items() if getattr(indicator, name) != value}


def set_owners(work: Work, indicator_id: UUID, unit_ids: Sequence[UUID], version: int | None) -> list[Unit]:
    """Say who reports the figure. In open periods new owners are expected to report at once; those no longer asked
    are let off what they have not sent. The same units again change nothing. A unit that has ended is not newly
    given it; one that ended since may stay until the office decides (decision 0028)."""
    indicator = _to_manage(work, indicator_id)
    work.check_seen(indicator, version)
    chosen = _units(work, indicator.locality_id, unit_ids)
    before = {
        owner.unit_id: owner
        for owner in work.session.scalars(select(owners).where(owners.indicator_id == indicator.id))
    }
    if before.keys() == {unit.id for unit in chosen}:
        return chosen
    _check_not_ended(work, [unit for unit in chosen if unit.id not in before], "units")

    indicator.version += 1
    for unit_id in before.keys() - {unit.id for unit in chosen}:
        work.session.delete(before[unit_id])
    work.add(*(_new_owner(indicator, unit) for unit in chosen if unit.id not in before))
    _expect_now(work, work.get(Plan, indicator.plan_id), indicator)
    _let_off(work, indicator)
    names = ", ".join(unit.name for unit in chosen) or "chưa có đơn vị nào"
    work.record(IndicatorOwnersSet(locality_id=indicator.locality_id, subject_id=indicator.id, names=names))
    return chosen


def _to_manage(work: Work, indicator_id: UUID) -> Indicator:
    indicator = find(work, Indicator, indicator_id)
    work.require(Permission.INDICATOR_MANAGE, indicator.locality_id)
    return indicator


def _is_reported_by(work: Work, unit_id: UUID) -> Any:
    groups = (
        select(members.group_id)
        .where(members.unit_id == unit_id, members.valid_from <= work.today)
        .where(or_(members.valid_to.is_(None), members.valid_to >= work.today))
    )
    owned = or_(owners.unit_id == unit_id, owners.unit_id.in_(groups))
    return exists().where(owners.indicator_id == indicators.id, owned)


def _check_passage(work: Work, plan: Plan, passage_id: UUID | None) -> None:
    """The source sentence must be of this plan's own document."""
    if passage_id is None:
        return
    found = select(passages.id).where(passages.id == passage_id, passages.document_id == plan.document_id)
    if work.session.scalar(found) is None:
        raise Invalid.field("passage", "Đoạn văn bản này không thuộc văn bản của kế hoạch. Chọn đoạn khác.")


def _units(work: Work, locality_id: UUID, unit_ids: Sequence[UUID]) -> list[Unit]:
    """The chosen units in their order, each once; all of them in the indicator's own locality."""
    rows = work.session.scalars(
        visible(work, Unit).where(units.id.in_(unit_ids), units.locality_id == locality_id)
    )
    found = {unit.id: unit for unit in rows}
    if set(unit_ids) - found.keys():
        raise NotFound("Có đơn vị không thuộc địa phương này. Chọn lại đơn vị báo cáo.")
    return [found[unit_id] for unit_id in dict.fromkeys(unit_ids)]


def _check_not_ended(work: Work, chosen: Sequence[Unit], field: str) -> None:
    ended = [unit.name for unit in chosen if unit.has_ended(work.today)]
    if ended:
        names = ", ".join(ended)
        raise Invalid.field(
            field, f"{names} đã thôi hoạt động nên không giao báo cáo được nữa. Chọn đơn vị khác."
        )


def _next_ordinal(work: Work, plan_id: UUID) -> int:
    newest = select(func.max(indicators.ordinal)).where(indicators.plan_id == plan_id)
    return (work.session.scalar(newest) or 0) + 1


def _new_indicator(work: Work, plan: Plan, given: IndicatorInput, ordinal: int) -> Indicator:
    name = capitalised(given.name or given.statement[:300])
    typed = given.model_dump(exclude={"plan", "passage", "name", "decimals", "targets", "owners"})
    return Indicator(
        **columns_of(typed),
        locality_id=plan.locality_id,
        plan_id=plan.id,
        passage_id=given.passage,
        ordinal=ordinal,
        code=f"CT-{ordinal:02d}",
        name=name,
        decimals=_decimals(given),
        folded=_folded(name, given.statement),
        created_at=work.now,
    )


def _decimals(given: IndicatorInput) -> int:
    if given.decimals is not None:
        return given.decimals
    return 0 if given.measure in ("count", "level", "yes_no", "text") else 2


def _folded(name: str, statement: str) -> str:
    return fold(statement) if fold(name) in fold(statement) else fold(f"{name} {statement}")


def _new_owner(indicator: Indicator, unit: Unit) -> IndicatorOwner:
    return IndicatorOwner(locality_id=indicator.locality_id, indicator_id=indicator.id, unit_id=unit.id)


def _has_figures(work: Work, indicator_id: UUID) -> bool:
    sent = (
        select(versions.id)
        .join(submissions, submissions.id == versions.submission_id)
        .where(submissions.indicator_id == indicator_id)
    )
    return work.session.scalars(sent.limit(1)).first() is not None


def _expect_now(work: Work, plan: Plan, indicator: Indicator) -> None:
    if plan.state == "issued":
        for period in open_periods(work, plan.locality_id):
            expect_submissions(work, [indicator], period)


def _let_off(work: Work, indicator: Indicator) -> None:
    """Waive what units that no longer report the indicator have not sent in open periods."""
    still = reporters_of(work, [indicator.id])[indicator.id]
    open_ids = [period.id for period in open_periods(work, indicator.locality_id)]
    rows = work.session.scalars(
        select(submissions)
        .where(submissions.indicator_id == indicator.id, submissions.period_id.in_(open_ids))
        .where(submissions.state == "expected", submissions.unit_id.not_in(still))
        .order_by(submissions.id)
        .with_for_update()
    )
    for row in rows:
        waive_row(work, row, NO_LONGER_ASKED, " vì không còn phải báo cáo số liệu này")
