"""The chore that writes e-mails and sends them. Without a mail server in the settings nothing is written or sent."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog

from app.database import Database
from app.outside.mail import MailRefused, ServerRefused, compose, send
from app.permissions import SYSTEM
from app.services.mailing import (
    begin_mail,
    choices_page,
    end_mail,
    list_mails_due,
    postpone_mails,
    write_mails,
)
from app.settings import Settings
from app.work import Work, open_work

log = structlog.get_logger("tiendo.jobs")


def _now() -> datetime:
    return datetime.now(UTC)


def send_mails(database: Database, settings: Settings, now: Callable[[], datetime] = _now) -> None:
    if not settings.smtp_host:
        return
    with open_work(database, settings, actor=SYSTEM, now=now()) as work:
        write_mails(work)
    with database.read_session() as session:
        due = list_mails_due(Work(session, settings, actor=lambda _: SYSTEM, now=now(), is_write=False))
    for mail_id in due:
        try:
            _send_one(database, settings, mail_id, now)
        except ServerRefused as error:
            log.error("mail server refused", error=str(error))
            with open_work(database, settings, actor=SYSTEM, now=now()) as work:
                postpone_mails(work, mail_id, str(error))
            return  # the others would be refused as well, and a wrong password lock the sender out


def _send_one(database: Database, settings: Settings, mail_id: UUID, now: Callable[[], datetime]) -> None:
    with open_work(database, settings, actor=SYSTEM, now=now()) as work:
        outgoing = begin_mail(work, mail_id)
    if outgoing is None:
        return
    refusal = None
    try:
        mail = compose(
            sender=settings.mail_from,
            to=outgoing.address,
            subject=outgoing.subject,
            body=outgoing.body,
            message_id=outgoing.message_id,
            unsubscribe=choices_page(settings.public_url),
        )
        send(settings, mail)
    except ServerRefused:
        raise
    except MailRefused as error:
        refusal = str(error)
        log.error("mail refused", mail=str(mail_id), error=refusal)
    with open_work(database, settings, actor=SYSTEM, now=now()) as work:
        end_mail(work, mail_id, refusal)
