"""What an operator types, and the one line that says what went wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database import Database
from app.permissions import NOBODY
from app.services.signing_in import find_actor_by_token, sign_in
from app.settings import Settings
from app.work import open_work
from tests.people import PASSWORD

SAMPLE = Path(__file__).parent.parent.parent / "samples" / "phu-lien.txt"
TIENDO = Path(sys.executable).with_name("tiendo")
COMMANDS = [
    "migrate",
    "serve",
    "demo",
    "backup",
    "restore",
    "read",
    "import",
    "audit verify",
    "mail status",
    "locality add",
    "locality list",
    "unit add",
    "unit list",
    "person add",
    "token add",
    "period open",
    "period close",
]


@pytest.fixture
def ward(tiendo):
    """A locality of this name, made by the command."""
    assert tiendo("locality", "add", "--code", "11590", "--name", "Phường Phù Liễn").code == 0


def add_person(tiendo, *more, login="an", role="office", password=PASSWORD):
    place = ("--locality", "11590", "--role", role, "--login", login, "--name", "Nguyễn Thị An")
    return tiendo("person", "add", *place, *more, stdin=password + "\n")


def test_localities_are_added_below_a_province(tiendo):
    assert tiendo("locality", "add", "--code", "31", "--name", "Thành phố Hải Phòng").code == 0
    ended = tiendo("locality", "add", "--code", "11590", "--name", "Phường Phù Liễn", "--parent", "31")
    assert ended.code == 0
    listed = tiendo("locality", "list").out.splitlines()
    assert listed == ["11590\tcommune\tPhường Phù Liễn", "31\tprovince\tThành phố Hải Phòng"]


def test_units_and_groups_are_added_and_listed(tiendo, ward):
    one = tiendo("unit", "add", "--locality", "11590", "--name", "Phòng Kinh tế", "--kind", "division")
    assert one.out == "PKT\n"
    group = ("--name", "Các phòng", "--kind", "group", "--code", "CACPHONG", "--member", "PKT")
    assert tiendo("unit", "add", "--locality", "11590", *group).out == "CACPHONG\n"
    listed = tiendo("unit", "list", "--locality", "11590", "--kind", "group")
    assert listed.out == "CACPHONG\tgroup\tCác phòng\n"


def test_added_person_can_sign_in_and_gets_a_token_alone_on_its_line(tiendo, ward, database_url, tmp_path):
    assert add_person(tiendo).code == 0
    ended = tiendo("token", "add", "--login", "an", "--name", "Đồng bộ", "--expires", "2099-12-31")
    assert len(ended.out.split()) == 1
    database, settings = Database(database_url), Settings(data_dir=tmp_path / "data")
    try:
        with open_work(database, settings, actor=NOBODY) as work:
            sign_in(work, "an", PASSWORD, address="::1", device=None)
        with open_work(database, settings, actor=NOBODY) as work:
            assert find_actor_by_token(work, ended.out.strip()).name == "Nguyễn Thị An"
    finally:
        database.dispose()


def test_plan_is_imported_accepted_and_issued(tiendo, ward):
    ended = tiendo("import", str(SAMPLE), "--locality", "11590", "--accept-all", "--issue")
    made = json.loads(ended.out)
    assert list(made) == ["plan", "units", "tasks", "indicators", "warnings"]
    assert made["units"] > 0
    assert made["tasks"] > 0
    for step in ("open", "close"):
        assert tiendo("period", step, "--locality", "11590", "--label", "2026-Q4").code == 0
    assert "nguyên vẹn" in tiendo("audit", "verify", "--locality", "11590").out


def test_reading_a_plan_needs_no_database(tiendo, monkeypatch):
    monkeypatch.setenv("TIENDO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    read = json.loads(tiendo("read", str(SAMPLE), "--json").out)
    assert set(read) >= {"document", "passages", "units", "task_groups", "indicators", "warnings"}
    assert tiendo("read", str(SAMPLE)).out


def test_rewritten_history_fails_the_audit(tiendo, ward, database_url):
    database = Database(database_url)
    with database.write_session() as session:
        session.execute(text("UPDATE ledger SET hash = 'x'"))
        session.commit()
    database.dispose()
    ended = tiendo("audit", "verify")
    assert ended.code == 1
    assert "11590" in ended.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys, monkeypatch):
    from app.cli import main

    monkeypatch.setattr(sys, "argv", ["tiendo", *command.split(), "--help"])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert "Usage: tiendo" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "locality add --code 1",
        "locality add --code 1 --name X",
        "locality add --code 1 --name Xã --parent 99",
        "unit add --locality 99 --name Phòng --kind division",
        "unit add --locality 11590 --name Phòng --kind nonsense",
        "unit add --locality 11590 --name Phòng --kind division --member X",
        "unit add --locality 11590 --name Nhóm --kind group --member X",
        "person add --locality 11590 --role boss --login a --name Ai",
        "token add --login nobody --name x",
        "token add --login nobody --name x --expires tomorrow",
        "period open --locality 11590 --label someday",
        "period close --locality 11590 --label 2026-Q4",
        "read /nowhere/plan.txt --json",
        "import /nowhere/plan.txt --locality 11590",
        "import /nowhere/plan.txt --locality 11590 --issue",
        "audit verify --locality 99",
        "restore /nowhere/backup.tar",
        "serve --host 203.0.113.1",
        "serve --port 0",
    ],
)
def test_failure_is_one_clear_line(tiendo, ward, line):
    ended = tiendo(*line.split())
    assert ended.code in (1, 2)
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith("tiendo: ")
    assert len(ended.err) > 20


def test_short_password_is_refused_without_being_shown(tiendo, ward):
    ended = add_person(tiendo, password="mật-khẩu")
    assert (ended.code, "10 ký tự" in ended.err, "mật-khẩu" in ended.err) == (1, True, False)


def test_tables_must_be_made_first(tiendo, empty_database_url, monkeypatch):
    monkeypatch.setenv("TIENDO_DATABASE_URL", empty_database_url)
    for command in (("locality", "list"), ("demo",), ("serve",), ("audit", "verify"), ("backup", "x.tar")):
        ended = tiendo(*command)
        assert ended.code == 1
        assert "`tiendo migrate`" in ended.err
    assert tiendo("migrate").code == 0
    assert tiendo("locality", "list").code == 0


def test_several_processes_need_postgresql(tiendo, database_url):
    if database_url.startswith("sqlite"):
        assert "PostgreSQL" in tiendo("serve", "--workers", "2").err


def test_database_that_does_not_answer_is_said_in_one_line(tiendo, monkeypatch):
    monkeypatch.setenv("TIENDO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ended = tiendo("locality", "list")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


def test_the_installed_command_is_this_one():
    ended = subprocess.run([TIENDO, "--help"], capture_output=True, text=True)
    assert ended.returncode == 0
    assert "migrate" in ended.stdout
