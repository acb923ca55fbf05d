"""Setting the demo's places up: localities, units, groups and people, as an operator would from the shell."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.models import Locality
from app.permissions import Actor, Grant, Role
from app.services.demo.sample import Story, places_of
from app.services.locality import LocalityInput, add_locality
from app.services.person import PersonInput, add_person
from app.services.signing_in import hash_password
from app.services.unit import UnitInput, add_group, add_unit
from app.work import Work


@dataclass(frozen=True, slots=True)
class Place:
    """A commune that was set up: its part of the story, keys of units and groups by code, actors by login."""

    story: Story
    locality_id: UUID
    units: dict[str, UUID]
    actors: dict[str, Actor]

    @property
    def office(self) -> Actor:
        return self.actors[self.story["office"]]


def set_up_places(work: Work, story: Story) -> tuple[Place, ...]:
    """Everything in the work's one transaction; the communes, in the order of the story."""
    # Hashing is slow on purpose, and everybody here has the same password.
    password_hash = hash_password(story["password"])
    found = []
    for told in places_of(story):
        place = LocalityInput(code=told["code"], name=told["name"], parent=told.get("parent"))
        locality = add_locality(work, place)
        units = _add_units(work, told, locality.id) if "units" in told else {}
        actors = {
            person["login"]: _add_person(
                work, person, locality, units, told, story["password"], password_hash
            )
            for person in told["people"]
        }
        if units:
            found.append(Place(told, locality.id, units, actors))
    return tuple(found)


def _add_units(work: Work, told: Story, locality_id: UUID) -> dict[str, UUID]:
    # Never later than the day it is set up, so that nothing begins in the future of a slow clock.
    since = min(date.fromisoformat(told["valid_from"]), work.today)
    made: dict[str, UUID] = {}
    for unit in told["units"]:
        given = UnitInput(
            code=unit["code"],
            name=unit["name"],
            kind=unit["kind"],
            short_name=unit["short_name"],
            aliases=unit["aliases"],
            reports_to=made[unit["parent"]] if unit["parent"] else None,
            valid_from=since,
        )
        made[unit["code"]] = add_unit(work, given, locality_id).id
    for group in told["groups"]:
        given = UnitInput(
            code=group["code"],
            name=group["name"],
            kind="group",
            aliases=group["aliases"],
            valid_from=since,
        )
        members = [made[code] for code in group["members"]]
        made[group["code"]] = add_group(work, given, locality_id, members).id
    return made


def _add_person(
    work: Work,
    told: Story,
    locality: Locality,
    units: dict[str, UUID],
    place: Story,
    password: str,
    password_hash: str,
) -> Actor:
    role = Role(told["role"])
    unit_id = units[told["unit"]] if "unit" in told else None
    mine = [group["code"] for group in place.get("groups", ()) if told.get("unit") in group["members"]]
    groups = frozenset(units[code] for code in mine)
    given = PersonInput(
        login=told["login"],
        name=told["name"],
        post=told["post"],
        password=password,
        role=role,
        unit=unit_id,
    )
    account = add_person(work, given, locality.id, password_hash=password_hash)
    grant = Grant(role, locality.id, unit_id, place=locality.name, groups=groups)
    return Actor(account.id, account.name, (grant,), account.post)
