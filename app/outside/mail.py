"""Sending one e-mail through the server in the settings.

MailRefused             the server's words against this e-mail, or the line broke while it was handed over
└── ServerRefused       it was not reached, its line is not safe, or it did not let us in: no e-mail is to blame
"""

import smtplib
import ssl
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from app.settings import Settings

TIMEOUT_SECONDS = 20.0


# Whatever smtplib, ssl and the parts of an e-mail raise.
_REFUSALS = (OSError, smtplib.SMTPException, MessageError, HeaderParseError, ValueError)


class MailRefused(Exception):
    """In words for the operator."""


class ServerRefused(MailRefused):
    pass


def compose(
    *, sender: str, to: str, subject: str, body: str, message_id: str, unsubscribe: str = ""
) -> EmailMessage:
    """Plain text. A line break in a header is no header: it becomes a space."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (_one_line(text) for text in (sender, to, subject))
    mail["Date"], mail["Message-ID"] = format_datetime(localtime()), _one_line(message_id)
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{_one_line(unsubscribe)}>"
    mail.set_content(body)
    return mail


def send(settings: Settings, mail: EmailMessage) -> None:
    try:
        server = _connect(settings)
    except _REFUSALS as error:
        raise ServerRefused(_words(error)) from error
    try:
        with server:
            _sign_in(server, settings)
            server.send_message(mail)
    except _REFUSALS as error:
        raise MailRefused(_words(error)) from error


def _sign_in(server: smtplib.SMTP, settings: Settings) -> None:
    if not settings.smtp_user:
        return
    try:
        server.login(settings.smtp_user, settings.smtp_password)
    except _REFUSALS as error:
        raise ServerRefused(_words(error)) from error


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host or "", settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_tls == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if settings.smtp_tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _one_line(text: str) -> str:
    return " ".join(text.split())
