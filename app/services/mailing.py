"""The outbox: one digest a person and working day, at-once mails, and sending them (decision 0026).

`write_mails` keeps e-mails with the notices they carry in one transaction. Sending is three steps: `begin_mail`
(sending), the wire, `end_mail` (sent, or waiting for a later try). Cut off between the last two, nobody can know
whether the server took it: it is sent again under the same Message-ID. Where the server itself refused us:
`postpone_mails`.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import time, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select

from app.models import Account, Locality, Mail, Notice, NoticeChoice
from app.models.base import columns, new_id
from app.services.period_rules import working_day
from app.work import VIETNAM, Work

notices, mails, accounts = columns(Notice), columns(Mail), columns(Account)
choices, localities = columns(NoticeChoice), columns(Locality)

DIGESTS_FROM = time(7, 30)
LINES = 40
MAX_TRIES = 8
FIRST_PAUSE = timedelta(minutes=2)
SERVER_PAUSE = timedelta(minutes=10)
# What happened longer ago is read in the application: e-mail turned on later must not tell old stories.
TELL_DAYS = 14


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An e-mail taken out to be sent."""

    id: UUID
    address: str
    subject: str
    body: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MailStanding:
    """How many e-mails stand how; what the server said last against one that is not sent."""

    waiting: int
    sent: int
    failed: int
    last_refusal: str | None


def write_mails(work: Work) -> int:
    """Keep the e-mails that are due; how many."""
    found = _wanted(work)
    made = 0
    at_home = work.now.astimezone(VIETNAM)
    has_come = working_day(work.today) == work.today and at_home.time() >= DIGESTS_FROM
    had_one = set(
        work.session.scalars(select(mails.account_id).where(mails.kind == "digest", mails.day == work.today))
    )
    for account, waiting in found:
        for notice in [one for one in waiting if one.at_once]:
            _keep(work, account, "at_once", _headline(notice.text), [notice])
            made += 1
        digest = [one for one in waiting if not one.at_once]
        if digest and has_come and account.id not in had_one:
            day = work.today.strftime("%d/%m/%Y")
            _keep(work, account, "digest", f"Tiến Độ {day}: {len(digest)} thông báo", digest)
            made += 1
    return made


def list_mails_due(work: Work, limit: int = 50) -> list[UUID]:
    """Those whose time has come, and those somebody was cut off at."""
    due = mails.state.in_(("waiting", "sending"))
    statement = select(mails.id).where(due, mails.next_try_at <= work.now)
    return list(work.session.scalars(statement.order_by(mails.next_try_at, mails.id).limit(limit)))


def begin_mail(work: Work, mail_id: UUID) -> Outgoing | None:
    """Count the try; None when it is not to be sent any more. The next try is set before this one begins."""
    mail = work.get(Mail, mail_id)
    if mail.state not in ("waiting", "sending"):
        return None
    mail.state = "sending"
    mail.tries += 1
    return Outgoing(mail.id, mail.address, mail.subject, mail.body, mail.message_id)


def end_mail(work: Work, mail_id: UUID, refusal: str | None) -> None:
    """Sent; or another try after a pause that doubles, until it failed for good with the server's words."""
    mail = work.get(Mail, mail_id)
    if refusal is None:
        mail.state, mail.sent_at, mail.failure = "sent", work.now, None
        return
    mail.failure = refusal
    mail.state = "failed" if mail.tries >= MAX_TRIES else "waiting"
    mail.next_try_at = work.now + FIRST_PAUSE * 2 ** (mail.tries - 1)


def postpone_mails(work: Work, mail_id: UUID, refusal: str) -> None:
    """The server was not reached or did not let us in: `mail_id` has used up no try, and every e-mail that is due waits
    with the server's words beside it, however long it takes to put the settings right."""
    work.get(Mail, mail_id).tries -= 1
    due = mails.state.in_(("waiting", "sending"))
    statement = select(mails).where(due, mails.next_try_at <= work.now).order_by(mails.id)
    for mail in work.session.scalars(statement.with_for_update()):
        mail.state, mail.failure = "waiting", refusal
        mail.next_try_at = work.now + SERVER_PAUSE


def summarize_mails(work: Work) -> MailStanding:
    statement = select(mails.state, func.count().label("n")).group_by(mails.state)
    counts = {row.state: row.n for row in work.session.execute(statement)}
    refused = mails.failure.is_not(None) & (mails.state != "sent")
    said = select(mails.failure).where(refused).order_by(mails.next_try_at.desc(), mails.id.desc()).limit(1)
    return MailStanding(
        waiting=counts.get("waiting", 0) + counts.get("sending", 0),
        sent=counts.get("sent", 0),
        failed=counts.get("failed", 0),
        last_refusal=work.session.scalar(said),
    )


def _wanted(work: Work) -> list[tuple[Account, list[Notice]]]:
    """People with an address, and what they have neither read nor been sent, and want by e-mail."""
    unwanted = select(choices.id).where(
        choices.account_id == notices.account_id, choices.kind == notices.kind, choices.by_mail.is_(False)
    )
    statement = (
        select(accounts, notices)
        .join(notices, notices.account_id == accounts.id)
        .where(
            notices.mail_id.is_(None),
            notices.read_at.is_(None),
            notices.at > work.now - timedelta(days=TELL_DAYS),
            accounts.state == "active",
            accounts.email.is_not(None),
            ~unwanted.exists(),
        )
        .order_by(accounts.id, notices.at, notices.id)
    )
    people: dict[UUID, Account] = {}
    waiting: dict[UUID, list[Notice]] = defaultdict(list)
    for account, notice in work.session.execute(statement):
        people[account.id] = account
        waiting[account.id].append(notice)
    return [(people[key], waiting[key]) for key in people]


def _keep(work: Work, account: Account, kind: str, subject: str, told: list[Notice]) -> None:
    key = new_id()
    mail = Mail(
        id=key,
        locality_id=account.locality_id,
        account_id=account.id,
        kind=kind,
        day=work.today,
        address=account.email or "",
        subject=subject[:300],
        body=_body(work, account, told),
        message_id=f"<{key}@{urlsplit(work.settings.public_url).hostname or 'tiendo.invalid'}>",
        next_try_at=work.now,
        created_at=work.now,
    )
    work.add(mail)
    for notice in told:
        notice.mail_id = mail.id
    work.session.flush()


def _body(work: Work, account: Account, told: list[Notice]) -> str:
    site = work.settings.public_url.rstrip("/")
    lines = [f"Kính gửi {account.name},", ""]
    for notice in told[:LINES]:
        lines += [f"- {' '.join(notice.text.split())}", f"  {site}{notice.href}", ""]
    if len(told) > LINES:
        lines += [f"… và {len(told) - LINES} thông báo nữa: {site}/thong-bao", ""]
    lines += [
        "Thư tự động của hệ thống Tiến Độ, xin đừng trả lời.",
        f"Chọn loại thư muốn nhận: {choices_page(site)}",
    ]
    return "\n".join(lines) + "\n"


def choices_page(site: str) -> str:
    return f"{site.rstrip('/')}/thong-bao/cai-dat"


def _headline(text: str) -> str:
    one_line = " ".join(text.split())
    return "Tiến Độ: " + (one_line if len(one_line) <= 120 else one_line[:119] + "…")
