"""What is to be reached: targets of an indicator, one per horizon. They are never added up.

A target is part of its indicator's definition: changing one raises the indicator's version too.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import TargetEnded, TargetSet
from app.models import Indicator, Target
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.definition import define
from app.services.standing import HUNDRED, ZERO, show_goal
from app.services.typed import Typed
from app.work import Work

indicators, targets = columns(Indicator), columns(Target)

Comparator = Literal["gt", "gte", "lt", "lte", "reach", "between", "achieve", "maintain"]


class TargetInput(Typed):
    """What is to be reached by the end of `horizon` (a year, or null where the document states none)."""

    comparator: Comparator
    value: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    value_to: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    horizon: int | None = Field(default=None, ge=2000, le=2100)


def list_targets(work: Work, indicator_ids: Sequence[UUID]) -> dict[UUID, list[Target]]:
    """Targets of each indicator, the nearest horizon first, one without a year last."""
    return _by_indicator(work, visible(work, Target), indicator_ids)


def list_known_targets(work: Work, indicator_ids: Sequence[UUID]) -> dict[UUID, list[Target]]:
    """The same of indicators the reader knows of without having a role where they are (decision 0032)."""
    return _by_indicator(work, select(targets), indicator_ids)


def _by_indicator(
    work: Work, statement: Select[Any], indicator_ids: Sequence[UUID]
) -> dict[UUID, list[Target]]:
    found: dict[UUID, list[Target]] = {indicator_id: [] for indicator_id in indicator_ids}
    rows = work.session.scalars(
        statement.where(targets.indicator_id.in_(indicator_ids)).order_by(
            targets.horizon.is_(None), targets.horizon, targets.id
        )
    )
    for target in rows:
        found[target.indicator_id].append(target)
    return found


def page_targets(
    work: Work,
    *,
    indicator: UUID | None = None,
    plan: UUID | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[Target]:
    """In the order they were set."""
    statement = visible(work, Target).order_by(targets.id).limit(limit)
    if indicator is not None:
        statement = statement.where(targets.indicator_id == indicator)
    if plan is not None:
        of_plan = select(indicators.id).where(indicators.plan_id == plan)
        statement = statement.where(targets.indicator_id.in_(of_plan))
    if after is not None:
        statement = statement.where(targets.id > after)
    return list(work.session.scalars(statement))


def get_target(work: Work, target_id: UUID) -> Target:
    return find(work, Target, target_id)


def set_target(work: Work, indicator_id: UUID, given: TargetInput) -> Target:
    """Add a target. Conflict when the indicator already has one of that horizon: change that one."""
    indicator = find(work, Indicator, indicator_id)
    work.require(Permission.INDICATOR_MANAGE, indicator.locality_id)
    check_target(given)
    _check_horizon_free(work, indicator.id, given.horizon, None)

    target = new_target(indicator, given)
    indicator.version += 1
    work.add(target)
    define(work, indicator)
    work.record(_target_set(target))
    return target


def change_target(work: Work, target_id: UUID, given: TargetInput, version: int | None) -> Target:
    """What says nothing new changes nothing: no definition, no version, no event."""
    target = find(work, Target, target_id)
    work.require(Permission.INDICATOR_MANAGE, target.locality_id)
    said = given.model_dump()
    work.check_seen(target, version, **said)
    check_target(given)
    _check_horizon_free(work, target.indicator_id, given.horizon, target.id)
    if all(getattr(target, name) == value for name, value in said.items()):
        return target

    for name, value in said.items():
        setattr(target, name, value)
    target.version += 1
    _define_anew(work, target)
    work.record(_target_set(target))
    return target


def end_target(work: Work, target_id: UUID) -> None:
    """The target is gone; that it was there stays in the history."""
    target = find(work, Target, target_id)
    work.require(Permission.INDICATOR_MANAGE, target.locality_id)

    work.session.delete(target)
    _define_anew(work, target)
    work.record(
        TargetEnded(locality_id=target.locality_id, subject_id=target.indicator_id, horizon=target.horizon)
    )


def _define_anew(work: Work, target: Target) -> None:
    indicator = work.get(Indicator, target.indicator_id)
    indicator.version += 1
    define(work, indicator)


def check_target(given: TargetInput) -> None:
    if given.value is None and given.comparator not in ("achieve", "maintain"):
        raise Invalid.field("value", "Mục tiêu này cần một con số. Hãy nhập giá trị cần đạt.")
    if (given.comparator == "between") != (given.value_to is not None):
        raise Invalid.field(
            "value_to", "“Trong khoảng” cần cả hai đầu; các kiểu khác chỉ có một giá trị. Hãy nhập lại."
        )
    if given.value is not None and given.value_to is not None and given.value_to <= given.value:
        raise Invalid.field("value_to", "Đầu trên của khoảng phải lớn hơn đầu dưới. Hãy nhập lại.")


def doubt_of(indicator: Indicator, target: Target) -> str | None:
    """What is odd about a target of a share: a part does not pass its whole. Nothing is stopped by it; a limit that
    reaches there says that it is meant."""
    highest = max(value for value in (target.value, target.value_to, ZERO) if value is not None)
    is_share = indicator.measure == "percent" and indicator.denominator_name
    if not is_share or (indicator.range_to is not None and indicator.range_to > HUNDRED):
        return None
    if highest > HUNDRED:
        return (
            "Tỷ lệ của một phần trong tổng số không quá 100 %. Xem lại câu gốc và mục tiêu. Nếu vượt được thật, "
            "đặt “Số liệu cao nhất có thể” lên trên 100 %."
        )
    if highest == HUNDRED and target.comparator in ("gt", "gte"):
        shown = show_goal(target, indicator)
        return f"“{shown}” không thể hoặc khó xảy ra; có lẽ là “đạt 100%”. Xem lại câu gốc và mục tiêu."
    return None


def new_target(indicator: Indicator, given: TargetInput) -> Target:
    return Target(locality_id=indicator.locality_id, indicator_id=indicator.id, **given.model_dump())


def _check_horizon_free(work: Work, indicator_id: UUID, horizon: int | None, but: UUID | None) -> None:
    same_year = targets.horizon.is_(None) if horizon is None else targets.horizon == horizon
    taken = work.session.scalars(
        select(targets.id).where(targets.indicator_id == indicator_id, same_year)
    ).first()
    if taken is not None and taken != but:
        year = f"đến năm {horizon}" if horizon else "không ghi năm"
        raise Conflict(f"Chỉ tiêu đã có mục tiêu {year}. Hãy sửa mục tiêu đó.", code="target_taken")


def _target_set(target: Target) -> TargetSet:
    return TargetSet(
        locality_id=target.locality_id,
        subject_id=target.indicator_id,
        comparator=target.comparator,
        value=target.value,
        value_to=target.value_to,
        horizon=target.horizon,
    )
