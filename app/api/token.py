"""/tokens: one's own keys for other systems."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import UnkeptRoute, WorkGiven, policy
from app.models import ApiToken
from app.permissions import Permission as P
from app.services import token as service

# An answer kept for a repeated request would keep the secret readable.
router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=UnkeptRoute)


class TokenOut(BaseModel):
    """`expires_at`: null for no end."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    allowed_actions: list[str]


class NewTokenOut(TokenOut):
    """`secret` is shown this once."""

    secret: str


class TokenList(BaseModel):
    items: list[TokenOut]
    next: str | None


@router.get("", operation_id="list_tokens", summary="Your own tokens that work", response_model=TokenList)
@policy(P.TOKEN_MANAGE)
def list_(request: Request, work: WorkGiven) -> Response:
    return reply(request, {"items": [_out(row) for row in service.list_tokens(work)], "next": None})


@router.post(
    "",
    operation_id="add_token",
    summary="Make a token; its secret is in this answer only",
    status_code=201,
    response_model=NewTokenOut,
)
@policy(P.TOKEN_MANAGE)
def add(request: Request, work: WorkGiven, given: service.TokenInput) -> Response:
    row, secret = service.add_own_token(work, given)
    answer = reply(request, _out(row) | {"secret": secret}, status=201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.delete(
    "/{token_id}",
    operation_id="revoke_token",
    summary="Revoke a token of your own",
    status_code=204,
    response_class=Response,
)
@policy(P.TOKEN_MANAGE)
def revoke(work: WorkGiven, token_id: UUID) -> Response:
    service.revoke_token(work, token_id)
    return Response(status_code=204)


def _out(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "allowed_actions": ["revoke"],
    }
