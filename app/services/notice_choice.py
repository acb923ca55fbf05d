"""Which kinds of notice a person wants by e-mail; all of them until they say otherwise."""

from pydantic import Field
from sqlalchemy import select

from app.errors import Invalid
from app.models import NoticeChoice
from app.models.base import columns
from app.models.notice import NOTICE_KINDS
from app.permissions import Permission
from app.services.person import get_own_account
from app.services.typed import Typed
from app.work import Work

choices = columns(NoticeChoice)


class ChoicesInput(Typed):
    """`by_mail`: the kinds wanted by e-mail; every other kind is read in the application only."""

    by_mail: list[str] = Field(max_length=len(NOTICE_KINDS))


def wanted_by_mail(work: Work) -> list[str]:
    work.require_known(Permission.NOTICE_READ)
    account = get_own_account(work)
    refused = select(choices.kind).where(choices.account_id == account.id, choices.by_mail.is_(False))
    off = set(work.session.scalars(refused))
    return [kind for kind in NOTICE_KINDS if kind not in off]


def choose(work: Work, given: ChoicesInput) -> list[str]:
    work.require_known(Permission.NOTICE_CHOOSE)
    account = get_own_account(work)
    unknown = [kind for kind in given.by_mail if kind not in NOTICE_KINDS]
    if unknown:
        raise Invalid.field("by_mail", f"Không có loại thông báo {unknown[0]!r}. Chọn trong danh sách.")
    kept = {
        row.kind: row for row in work.session.scalars(select(choices).where(choices.account_id == account.id))
    }

    for kind in NOTICE_KINDS:
        is_wanted = kind in given.by_mail
        if kind in kept:
            kept[kind].by_mail = is_wanted
        elif not is_wanted:
            row = NoticeChoice(
                locality_id=account.locality_id, account_id=account.id, kind=kind, by_mail=False
            )
            work.add(row)
    work.session.flush()
    return [kind for kind in NOTICE_KINDS if kind in given.by_mail]
