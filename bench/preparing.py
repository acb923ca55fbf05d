"""What a run adds to generated data: signed-in people, and rows that wait to be acknowledged."""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3

from app.models import Assignment, Responsibility, SignIn, Task
from app.models.task import RESPONSIBILITY_ROLES
from app.services.signing_in import hash_secret
from bench.commune import BEGIN, Measured
from bench.figures import FiguresMeasured
from bench.rows import Rows

SECRETS = {"office": "bench-office", "officer": "bench-officer"}
_ADDED = 1 << 40  # ids far from those of the generated rows


def copy_database(source: Path, data: Path) -> Path:
    """A copy in the data folder of a server of its own."""
    data.mkdir(parents=True)
    return Path(shutil.copyfile(source, data / "tiendo.sqlite3"))


def sign_in(file: Path, about: Measured | FiguresMeasured) -> None:
    """Sessions as signing in leaves them, without the cost of a password."""
    now = datetime.now(UTC)
    rows = Rows(count(_ADDED))
    for person, account in (("office", about.office), ("officer", about.officer)):
        rows.add(
            SignIn,
            locality_id=about.locality,
            account_id=account,
            secret_hash=hash_secret(SECRETS[person]),
            created_at=now,
            expires_at=now + timedelta(hours=12),
        )
    _insert(file, rows)


def prepare_rows(file: Path, about: Measured, wanted: int) -> list[UUID]:
    """At least `wanted` assigned rows of the board's unit, given by tasks of their own."""
    rows, made = Rows(count(2 * _ADDED)), []
    with closing(pysqlite3.connect(str(file))) as connection:
        found = connection.execute(
            "SELECT id, due_on FROM period WHERE locality_id = ?", (about.locality.hex,)
        )
        periods = [(UUID(key), due) for key, due in found]
    for ordinal in range(1, 1 + -(-wanted // (len(RESPONSIBILITY_ROLES) * len(periods)))):
        task = _task(rows, about, ordinal)
        for role in RESPONSIBILITY_ROLES:
            made += _assignments(rows, about, task, role, periods)
    _insert(file, rows)
    return made


def _task(rows: Rows, about: Measured, ordinal: int) -> UUID:
    text = f"Cập nhật hồ sơ theo dõi số {ordinal} và gửi về Văn phòng."
    key: UUID = rows.add(
        Task,
        locality_id=about.locality,
        plan_id=about.plan,
        ordinal=1000 + ordinal,
        code=f"HS-{ordinal:04d}",
        title=text,
        text=text,
        kind="standing",
        cycle="quarter",
        folded=text,
        created_at=BEGIN,
    )
    return key


def _assignments(
    rows: Rows, about: Measured, task: UUID, role: str, periods: list[tuple[UUID, Any]]
) -> list[UUID]:
    shared: dict[str, UUID] = {"locality_id": about.locality, "task_id": task, "unit_id": about.board_unit}
    given = rows.add(Responsibility, role=role, **shared)
    add: Callable[..., UUID] = rows.add
    return [
        add(
            Assignment,
            plan_id=about.plan,
            responsibility_id=given,
            period_id=period,
            due_on=due_on,
            created_at=BEGIN,
            **shared,
        )
        for period, due_on in periods
    ]


def _insert(file: Path, rows: Rows) -> None:
    with closing(pysqlite3.connect(str(file))) as connection:
        rows.insert(connection)
        connection.commit()
