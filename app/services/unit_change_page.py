"""What the pages of changes of units show: the list, what a change would touch, and one change with its to-do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.models import Unit
from app.models import UnitChange as Change
from app.permissions import Permission
from app.services._scope import home_locality
from app.services.handing_over import count_moved
from app.services.handing_proposal import Waiting, list_waiting
from app.services.unit import get_unit
from app.services.unit_change import get_unit_change, links_of_changes, list_unit_changes
from app.services.unit_holdings import Holdings, get_holdings
from app.services.unit_name import names_in_changes
from app.work import Work

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """A change with the units that ended (or were renamed) in it and those that go on, each once. `names`: of a unit
    that was renamed, before and after."""

    change: Change
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]
    names: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ChangeList:
    locality_id: UUID
    changes: tuple[ChangeSeen, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`waiting`: open rows nobody decided on, empty for who may not read the whole locality's work; `moved`: how many
    were handed over."""

    seen: ChangeSeen
    moved: int
    waiting: tuple[Waiting, ...]
    may_decide: bool

    @property
    def ready(self) -> int:
        """How many of the waiting rows have something proposed."""
        return sum(row.proposal in ("hand_over", "cancel") for row in self.waiting)


def build_change_list(work: Work) -> ChangeList:
    place = home_locality(work)
    found = list_unit_changes(work, locality_id=place, limit=MOST_CHANGES)
    may_change = work.actor.may(Permission.UNIT_MANAGE, place)
    return ChangeList(place, tuple(see_changes(work, found)), may_change)


def see_changes(work: Work, found: Sequence[Change]) -> list[ChangeSeen]:
    links = links_of_changes(work, [change.id for change in found])
    renamed = names_in_changes(work, found)
    return [
        ChangeSeen(
            change,
            tuple({before.id: before for before, _ in links[change.id]}.values()),
            tuple({after.id: after for _, after in links[change.id] if after}.values()),
            renamed.get(change.id),
        )
        for change in found
    ]


def build_change_page(work: Work, change_id: UUID) -> ChangePage:
    change = get_unit_change(work, change_id)
    reads_all = work.actor.may(Permission.ASSIGNMENT_READ, change.locality_id)
    return ChangePage(
        seen=see_changes(work, [change])[0],
        moved=count_moved(work, change),
        waiting=tuple(list_waiting(work, change)) if reads_all else (),
        may_decide=work.actor.may(Permission.ASSIGNMENT_DECIDE, change.locality_id),
    )


def list_rows_waiting(work: Work, change_id: UUID) -> list[Waiting]:
    """For who reads the whole locality's work."""
    change = get_unit_change(work, change_id)
    work.require(Permission.ASSIGNMENT_READ, change.locality_id)
    return list_waiting(work, change)


def show_holdings(work: Work, unit_ids: Sequence[UUID]) -> list[Holdings]:
    """What would pass on or wait for a decision if these units ended; for who may change units."""
    found = [get_unit(work, unit_id) for unit_id in unit_ids]
    for unit in found:
        work.require(Permission.UNIT_MANAGE, unit.locality_id)
    return [get_holdings(work, unit) for unit in found]
