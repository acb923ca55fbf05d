"""What commands share: the database as this process is set up for it, and reading what the operator gives."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import inspect, text

from app.database import Database, newest_revision, sqlite_path
from app.errors import Invalid
from app.permissions import SYSTEM
from app.services.typed import sentence_of
from app.settings import Settings, get_settings
from app.work import Work, open_work

M = TypeVar("M", bound=BaseModel)


class Refused(Exception):
    """A command that cannot be carried out; the message is the one line the operator reads."""


@contextmanager
def opened_database() -> Iterator[tuple[Database, Settings]]:
    """The database with its tables as this version knows them; Refused says to migrate first."""
    settings = get_settings()
    path = sqlite_path(settings.url)
    if path is not None and not path.exists():
        raise Refused(f"Chưa có cơ sở dữ liệu {path}: chạy `tiendo migrate` trước.")
    database = Database(settings.url, pool_size=settings.pool_size)
    try:
        check_migrated(database)
        yield database, settings
    finally:
        database.dispose()


@contextmanager
def system_work() -> Iterator[Work]:
    """One transaction of the system."""
    with opened_database() as (database, settings), open_work(database, settings, actor=SYSTEM) as work:
        yield work


def check_migrated(database: Database) -> None:
    newest = newest_revision()
    with database.read_session() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            raise Refused("Cơ sở dữ liệu chưa có bảng: chạy `tiendo migrate` trước.")
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != newest:
        raise Refused(
            f"Lược đồ đang ở bản {found}, chương trình cần bản {newest}: chạy `tiendo migrate` trước."
        )


def given(model: type[M], **values: Any) -> M:
    """A service's input from options; None means the option was not given. Invalid with a sentence per field."""
    try:
        return model.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        fields = {".".join(str(part) for part in e["loc"]): sentence_of(e) for e in error.errors()}
        raise Invalid("Có giá trị chưa đúng.", errors=fields) from error


def read_password() -> str:
    """From standard input, so that it stays out of the shell's history; asked for twice at a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Mật khẩu: ")
    if getpass("Nhập lại mật khẩu: ") != password:
        raise Refused("Hai lần nhập mật khẩu không giống nhau.")
    return password
