"""/people: accounts and the roles they hold; read by the office, managed by the administrator."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Account
from app.permissions import Permission as P
from app.permissions import Role
from app.services import person as service
from app.services._scope import check_locality, home_locality
from app.services.role import RoleHeld, RoleInput, end_role, grant_role, roles_of
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(prefix="/people", tags=["people"], route_class=AnsweredRoute)


class RoleOut(BaseModel):
    """Over `unit`, or over the whole locality when it is null. `valid_to`: its last day."""

    id: UUID
    role: str
    unit: UUID | None
    unit_name: str | None
    valid_from: date
    valid_to: date | None


class PersonOut(BaseModel):
    """`state`: active or disabled. `roles`: those held now or later."""

    id: UUID
    version: int
    locality: UUID
    login: str
    name: str
    post: str
    email: str | None
    state: str
    roles: list[RoleOut]
    allowed_actions: list[str]


class PersonPage(BaseModel):
    items: list[PersonOut]
    next: str | None


@router.get("", operation_id="list_people", summary="List people", response_model=PersonPage)
@policy(P.PERSON_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[Literal["active", "disabled"] | None, Query()] = None,
    role: Role | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after = from_cursor(cursor, UUID)
    rows = service.list_people(
        work,
        locality_id=locality,
        q=q,
        state=state,
        role=role,
        after=after[0] if after else None,
        limit=limit + 1,
    )
    held = roles_of(work, [row.id for row in rows])
    outs = [_out(work, row, held[row.id]) for row in rows]
    return reply(request, page_of(outs, limit, lambda o: (o["id"],)))


@router.post("", operation_id="add_person", summary="Add a person", status_code=201, response_model=PersonOut)
@policy(P.PERSON_MANAGE)
def add(request: Request, work: WorkGiven, given: service.PersonInput) -> Response:
    account = service.add_person(work, given, home_locality(work, given.locality))
    return _one(request, work, account, status=201)


@router.get("/{person_id}", operation_id="get_person", summary="One person", response_model=PersonOut)
@policy(P.PERSON_READ)
def get(request: Request, work: WorkGiven, person_id: UUID) -> Response:
    return _one(request, work, service.get_person(work, person_id))


@router.patch(
    "/{person_id}", operation_id="change_person", summary="Change name or contact", response_model=PersonOut
)
@policy(P.PERSON_MANAGE)
def change(
    request: Request, work: WorkGiven, person_id: UUID, given: service.PersonChange, version: IfMatch
) -> Response:
    return _one(request, work, service.change_person(work, person_id, given, version))


@router.post(
    "/{person_id}/passwords",
    operation_id="set_password",
    summary="Set a new password; ends every session of the person",
    status_code=201,
    response_model=PersonOut,
)
@policy(P.PERSON_MANAGE)
def set_password(
    request: Request, work: WorkGiven, person_id: UUID, given: service.PasswordInput
) -> Response:
    return _one(request, work, service.set_password(work, person_id, given), status=201)


@router.post(
    "/{person_id}/roles",
    operation_id="grant_role",
    summary="Give a role from today on",
    status_code=201,
    response_model=PersonOut,
)
@policy(P.PERSON_MANAGE)
def grant(request: Request, work: WorkGiven, person_id: UUID, given: RoleInput) -> Response:
    grant_role(work, person_id, given)
    return _one(request, work, service.get_person(work, person_id), status=201)


@router.delete(
    "/{person_id}/roles/{role_id}",
    operation_id="end_role",
    summary="End a role as of today",
    response_model=PersonOut,
)
@policy(P.PERSON_MANAGE)
def end(request: Request, work: WorkGiven, person_id: UUID, role_id: UUID) -> Response:
    end_role(work, person_id, role_id)
    return _one(request, work, service.get_person(work, person_id))


@router.post(
    "/{person_id}/disablements",
    operation_id="disable_person",
    summary="Let the account in no more",
    status_code=201,
    response_model=PersonOut,
)
@policy(P.PERSON_MANAGE)
def disable(
    request: Request, work: WorkGiven, person_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    return _one(request, work, service.disable_person(work, person_id, version), status=201)


@router.post(
    "/{person_id}/enablements",
    operation_id="enable_person",
    summary="Let the account in again",
    status_code=201,
    response_model=PersonOut,
)
@policy(P.PERSON_MANAGE)
def enable(
    request: Request, work: WorkGiven, person_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    return _one(request, work, service.enable_person(work, person_id, version), status=201)


def role_out(role: RoleHeld) -> dict[str, Any]:
    return {
        "id": role.id,
        "role": role.role,
        "unit": role.unit_id,
        "unit_name": role.unit_name,
        "valid_from": role.valid_from,
        "valid_to": role.valid_to,
    }


def _one(request: Request, work: Work, account: Account, *, status: int = 200) -> Response:
    place = f"/api/v1/people/{account.id}"
    out = _out(work, account, roles_of(work, [account.id])[account.id])
    return reply(request, out, status=status, version=account.version, location=place)


def _out(work: Work, account: Account, roles: list[RoleHeld]) -> dict[str, Any]:
    return {
        "id": account.id,
        "version": account.version,
        "locality": account.locality_id,
        "login": account.login,
        "name": account.name,
        "post": account.post,
        "email": account.email,
        "state": account.state,
        "roles": [role_out(role) for role in roles],
        "allowed_actions": service.person_actions(work, account),
    }
