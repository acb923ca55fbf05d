"""/me: who is asking, and what they may do where."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.person import RoleOut, role_out
from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import person as service
from app.services.notice_choice import ChoicesInput, choose, wanted_by_mail
from app.services.role import roles_of

router = APIRouter(prefix="/me", tags=["me"], route_class=AnsweredRoute)


class MeOut(BaseModel):
    """`home`: the locality whose things open first, null without a role. `session`: false when a token asks."""

    id: UUID
    version: int
    login: str
    name: str
    post: str
    email: str | None
    locality: UUID
    home: UUID | None
    roles: list[RoleOut]
    session: bool


@router.get("", operation_id="get_me", summary="Who am I", response_model=MeOut)
@policy()
def get(request: Request, work: WorkGiven) -> Response:
    account = service.get_own_account(work)
    out = {
        "id": account.id,
        "version": account.version,
        "login": account.login,
        "name": account.name,
        "post": account.post,
        "email": account.email,
        "locality": account.locality_id,
        "home": work.actor.home,
        "roles": [role_out(role) for role in roles_of(work, [account.id])[account.id]],
        "session": work.actor.session_id is not None,
    }
    return reply(request, out)


@router.post(
    "/passwords",
    operation_id="change_own_password",
    summary="Change your own password; ends your other sessions",
    status_code=204,
    response_class=Response,
)
@policy(P.SESSION_OPEN)
def change_password(work: WorkGiven, given: service.OwnPasswordInput) -> Response:
    service.change_own_password(work, given)
    return Response(status_code=204)


class ChoicesOut(BaseModel):
    """`by_mail`: the kinds of notice you want by e-mail. `sends`: whether this service has a mail server at all."""

    by_mail: list[str]
    sends: bool


@router.get(
    "/notice-choices",
    operation_id="get_notice_choices",
    summary="Which notices you want by e-mail",
    response_model=ChoicesOut,
)
@policy(P.NOTICE_READ)
def get_choices(request: Request, work: WorkGiven) -> Response:
    return reply(request, {"by_mail": wanted_by_mail(work), "sends": bool(work.settings.smtp_host)})


@router.put(
    "/notice-choices",
    operation_id="choose_notices",
    summary="Say which notices you want by e-mail",
    response_model=ChoicesOut,
)
@policy(P.NOTICE_CHOOSE)
def put_choices(request: Request, work: WorkGiven, given: ChoicesInput) -> Response:
    return reply(request, {"by_mail": choose(work, given), "sends": bool(work.settings.smtp_host)})
