"""E-mails against a real SMTP server: who gets which, what happens when it refuses, and when the sender is killed."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from app.jobs.mails import send_mails
from app.models import Account, Mail, Notice
from app.outside.mail import compose
from app.permissions import SYSTEM, Role
from app.services.mailing import summarize_mails
from app.services.notice_choice import ChoicesInput, choose, wanted_by_mail
from app.work import Work
from tests.databases import free_port
from tests.factories import put
from tests.people import NOW, add_person

PATIENCE_SECONDS = 60
# The test server's, about an encrypted line it does not see.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
# What is said on the wire does not depend on the database.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# The command `tiendo worker` itself, whose clock goes on from a moment that is handed in: a weekend has no digest.
WORKER = """
import sys
from datetime import datetime
import time_machine
from app.cli import main
with time_machine.travel(datetime.fromisoformat(sys.argv.pop()), tick=True):
    sys.argv = ["tiendo", "worker"]
    main()
"""


class Post:
    """Takes every e-mail, slowly where told to; or says no."""

    def __init__(self):
        self.taken, self.answer, self.seconds = [], "250 OK", 0.0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the server's name for it
        await asyncio.sleep(self.seconds)
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        return self.answer

    @property
    def ids(self):
        return [mail["Message-ID"] for mail in self.taken]


@pytest.fixture
def post():
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def mailing(settings, post):
    return settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": post.port,
            "smtp_tls": "none",
            "mail_from": "Tiến Độ <tiendo@example.vn>",
            "public_url": "https://tiendo.example.vn",
        }
    )


@pytest.fixture
def tell(stage, cast):
    """A notice for somebody, who gets an address."""

    def told(actor, number=1, *, kind="assigned", at_once=False, at=NOW):
        stage.get(Account, actor.account_id).email = f"{actor.account_id}@example.vn"
        notice = Notice(
            locality_id=cast.commune.id, account_id=actor.account_id, kind=kind, at_once=at_once,
            text=f"Việc số {number}", href=f"/viec/{number}", event_number=number, at=at,
        )  # fmt: skip
        put(stage, notice)
        stage.commit()
        return notice

    return told


def mails(database):
    with database.read_session() as session:
        return session.scalars(select(Mail).order_by(Mail.created_at)).all()


def test_one_digest_a_working_day_with_what_is_unread(database, mailing, post, cast, tell):
    tell(cast.binh, 1)
    tell(cast.binh, 2)
    early = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 07:00 in Vietnam
    send_mails(database, mailing, lambda: early)
    assert post.taken == []
    send_mails(database, mailing, lambda: NOW)
    tell(cast.binh, 3)
    send_mails(database, mailing, lambda: NOW)
    (mail,) = post.taken
    assert mail["Subject"] == "Tiến Độ 23/11/2026: 2 thông báo"
    assert mail["List-Unsubscribe"] == "<https://tiendo.example.vn/thong-bao/cai-dat>"
    assert mail.get_content_type() == "text/plain"
    body = mail.get_content()
    assert ("Việc số 1" in body, "https://tiendo.example.vn/viec/2" in body) == (True, True)
    send_mails(database, mailing, lambda: NOW + timedelta(days=1))  # 24 November, a public holiday
    assert len(post.taken) == 1
    send_mails(database, mailing, lambda: NOW + timedelta(days=2))
    assert len(post.taken) == 2
    assert {mail.state for mail in mails(database)} == {"sent"}


def test_at_once_goes_at_once_and_weekends_have_no_digest(database, mailing, post, cast, tell):
    saturday = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
    tell(cast.binh, 1, at=saturday)
    tell(cast.binh, 2, kind="returned", at_once=True, at=saturday)
    send_mails(database, mailing, lambda: saturday)
    assert [mail["Subject"] for mail in post.taken] == ["Tiến Độ: Việc số 2"]


def test_unwanted_kinds_old_stories_and_no_server_send_nothing(
    database, mailing, settings, post, cast, tell, working
):
    tell(cast.binh, 1)
    tell(cast.binh, 2, kind="returned", at_once=True)
    tell(cast.binh, 3, kind="question", at=NOW - timedelta(days=30))
    with working(cast.binh) as work:
        assert choose(work, ChoicesInput(by_mail=["question", "urged"])) == ["urged", "question"]
    with working(cast.binh) as work:
        assert wanted_by_mail(work) == ["urged", "question"]
    send_mails(database, mailing, lambda: NOW)
    with working(cast.binh) as work:
        choose(work, ChoicesInput(by_mail=["assigned"]))
    send_mails(database, settings, lambda: NOW)
    assert (post.taken, mails(database)) == ([], [])
    send_mails(database, mailing, lambda: NOW)
    assert len(post.taken) == 1


def test_a_refused_mail_is_tried_again_later_and_fails_in_the_servers_words(
    database, mailing, post, cast, tell
):
    tell(cast.binh)
    post.answer = "451 Hộp thư đầy"
    now = NOW
    for number in range(1, 9):
        send_mails(database, mailing, lambda now=now: now)
        send_mails(database, mailing, lambda now=now: now)  # its time has not come
        (mail,) = mails(database)
        assert mail.tries == number
        now = mail.next_try_at
    assert (mail.state, "451" in mail.failure, post.taken) == ("failed", True, [])
    post.answer = "250 OK"
    send_mails(database, mailing, lambda: now + timedelta(hours=1))
    assert post.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(key, certificate) of 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", made, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, made


@pytest.fixture(params=["starttls", "ssl"])
def guarded(request, certificate, mailing, monkeypatch):
    """(settings, post) of a server that takes nothing unencrypted and nothing from strangers; we trust it."""
    key, made = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    handler, tries = Post(), []

    def authenticator(server, session, envelope, mechanism, given):
        tries.append(given.login)
        is_known = (given.login, given.password) == (b"tiendo", b"dung-mat-khau")
        return AuthResult(success=is_known, handled=False)

    more = {"authenticator": authenticator, "auth_required": True}
    if request.param == "ssl":
        more |= {
            "ssl_context": context,
            "auth_require_tls": False,
        }  # the line is encrypted before SMTP begins
    else:
        more |= {"tls_context": context, "require_starttls": True}
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    handler.tries = tries
    told = {"smtp_port": controller.port, "smtp_tls": request.param, "smtp_user": "tiendo"}
    yield mailing.model_copy(update=told | {"smtp_password": "dung-mat-khau"}), handler
    controller.stop()


@on_sqlite
def test_the_line_is_encrypted_and_the_sender_signs_in(database, guarded, cast, tell):
    settings, post = guarded
    tell(cast.binh)
    send_mails(database, settings, lambda: NOW)
    assert len(post.taken) == 1
    assert {mail.state for mail in mails(database)} == {"sent"}


@on_sqlite
def test_a_wrong_password_uses_up_no_try_loses_nothing_and_is_told_to_the_operator(
    database, guarded, cast, tell
):
    settings, post = guarded
    wrong = settings.model_copy(update={"smtp_password": "sai-mat-khau"})
    tell(cast.binh)
    tell(cast.an, 2)
    now = NOW
    for _ in range(10):  # longer than an e-mail of its own fault is tried
        send_mails(database, wrong, lambda now=now: now)
        send_mails(database, wrong, lambda now=now: now)  # not again at once
        now += timedelta(minutes=10)
    assert post.taken == []
    # One knock a pause for all e-mails together, in the two ways of the protocol: nobody is locked out.
    assert len(post.tries) == 10 * 2
    assert [(mail.state, mail.tries) for mail in mails(database)] == [("waiting", 0)] * 2
    assert ["535" in mail.failure for mail in mails(database)] == [True] * 2, mails(database)[0].failure

    with database.read_session() as session:
        standing = summarize_mails(Work(session, settings, actor=lambda _: SYSTEM, is_write=False))
    assert (standing.waiting, standing.failed, "535" in standing.last_refusal) == (2, 0, True)

    send_mails(database, settings, lambda: now)
    assert len(post.taken) == 2
    assert [(mail.state, mail.failure) for mail in mails(database)] == [("sent", None)] * 2


@on_sqlite
@pytest.mark.parametrize("fault", ["strange certificate", "no server", "no encryption"])
def test_an_unsafe_or_silent_line_takes_no_password_and_no_mail(
    database, mailing, post, cast, tell, guarded, fault, monkeypatch
):
    settings, guard = guarded
    if fault == "strange certificate":
        monkeypatch.delenv("SSL_CERT_FILE")
    elif fault == "no server":
        settings = settings.model_copy(update={"smtp_port": free_port()})
    else:
        settings = settings.model_copy(update={"smtp_port": post.port})
    tell(cast.binh)
    send_mails(database, settings, lambda: NOW)
    (mail,) = mails(database)
    assert (mail.state, mail.tries, bool(mail.failure)) == ("waiting", 0, True)
    assert (guard.taken, guard.tries, post.taken) == ([], [], [])


def test_a_line_break_makes_no_header():
    mail = compose(
        sender="Tiến Độ <a@b.vn>",
        to="c@d.vn",
        subject="Một\r\nBcc: x@y.vn",
        body="Thư",
        message_id="<1@b.vn>",
    )
    assert (mail["Bcc"], mail["Subject"]) == (None, "Một Bcc: x@y.vn")


def test_a_worker_killed_in_the_middle_of_digests_loses_nothing_and_repeats_at_most_one_under_its_own_id(
    database, mailing, post, cast, tell, stage, settings
):
    people = [add_person(stage, cast.commune, f"p{n}", f"Người {n}", Role.OFFICE) for n in range(8)]
    for one in people:
        tell(one)
    post.seconds = 0.1
    environment = os.environ | {
        "TIENDO_SMTP_HOST": "127.0.0.1", "TIENDO_SMTP_PORT": str(post.port), "TIENDO_SMTP_TLS": "none",
        "TIENDO_PUBLIC_URL": "https://tiendo.example.vn", "TIENDO_DATA_DIR": str(settings.data_dir),
        "TIENDO_DATABASE_URL": database.url.replace("+psycopg", ""),
    }  # fmt: skip
    first = subprocess.Popen([sys.executable, "-c", WORKER, NOW.isoformat()], env=environment)
    until(lambda: len(post.taken) >= 3)
    first.kill()
    first.wait()
    time.sleep(0.5)  # what was on the wire arrives
    assert len(post.taken) < len(people)

    later = NOW + timedelta(minutes=1)
    second = subprocess.Popen([sys.executable, "-c", WORKER, later.isoformat()], env=environment)
    try:
        until(lambda: all(mail.state == "sent" for mail in mails(database)))
    finally:
        second.kill()
        second.wait()

    kept = mails(database)
    assert sorted(str(mail.account_id) for mail in kept) == sorted(str(one.account_id) for one in people)
    assert set(post.ids) == {mail.message_id for mail in kept}
    assert sum(times - 1 for times in Counter(post.ids).values()) <= 1


def until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")
