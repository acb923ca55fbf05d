"""Sending one e-mail through the server in the settings. Whatever the server says against it is a `MailRefused`."""

import smtplib
import ssl
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from app.settings import Settings

TIMEOUT_SECONDS = 20.0


class MailRefused(Exception):
    """The server's words, or why it was not reached."""


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
        with _connect(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(mail)
    except (OSError, smtplib.SMTPException, MessageError, HeaderParseError, ValueError) as error:
        raise MailRefused(f"{type(error).__name__}: {error}"[:500]) from error


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


def _one_line(text: str) -> str:
    return " ".join(text.split())
