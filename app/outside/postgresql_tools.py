"""PostgreSQL's own programs for copying a whole database: pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, make_url


class ToolMissing(RuntimeError):
    """The program is not installed; the message says which package brings it."""


class ToolFailed(RuntimeError):
    """The program ended with an error; the message is the last line it said."""


def dump(url: str, target: Path) -> None:
    """A consistent copy while others work, in the custom format. Without the queue of jobs: it is made anew from
    the rows (app/jobs/durable.py)."""
    _run(url, "pg_dump", "--format=custom", "--exclude-schema=dbos", f"--file={target}")


def restore(url: str, source: Path) -> None:
    """All or nothing, in one transaction, over tables that are there but empty."""
    whole = "--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges"
    _run(url, "pg_restore", *whole, str(source))


def _run(url: str, program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise ToolMissing(f"Máy này chưa có chương trình {program}. Cài gói postgresql-client rồi chạy lại.")
    parsed = make_url(url)
    ended = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [path, *arguments, f"--dbname={_address(parsed)}"],
        env=os.environ | ({"PGPASSWORD": str(parsed.password)} if parsed.password else {}),
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or ["không rõ lý do"]
        raise ToolFailed(f"{program} không xong: {said[-1]}")


def _address(url: URL) -> str:
    """For libpq, without the password: a command line can be read by everybody on the machine."""
    return URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()
