"""Generated data: the same rows every time, inserted into a migrated SQLite file."""

import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pysqlite3

from app.database import migrate
from app.models import Locality
from app.text import fold
from bench import words
from bench.commune import BEGIN, Commune, Measured
from bench.rows import Rows

COMMUNES = 3321
MIDDLE = 1660  # where the measured commune lies among the nation's, so that it has no favoured place
AT_ONCE = 25  # communes per transaction


def make_database(path: Path, *, communes: int = 1) -> Measured:
    """Migrate and fill a new SQLite file; prints how long a large one took."""
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate(f"sqlite:///{path}")
    started, rows = time.monotonic(), Rows()
    connection = pysqlite3.connect(str(path))
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -400000",
        "locking_mode = EXCLUSIVE",
    ):
        connection.execute(f"PRAGMA {pragma}")
    with closing(connection):
        provinces = [_province(rows, name) for name in words.PROVINCES[: max(1, communes // 97)]]
        for number in range(communes):
            chosen = number == min(MIDDLE, communes // 2)
            commune = Commune(rows, number, provinces[number % len(provinces)], is_measured=chosen)
            commune.fill()
            if chosen:
                measured = commune.measured()
            if number % AT_ONCE == AT_ONCE - 1 or number == communes - 1:
                rows.insert(connection)
                connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
    if communes > 1:
        seconds = time.monotonic() - started
        print(f"filled {communes} communes in {seconds:.0f} s, {path.stat().st_size >> 20} MB")
    return measured


def _province(rows: Rows, name: str) -> UUID:
    key: UUID = rows.add(
        Locality,
        code=f"{words.PROVINCES.index(name) + 1:02d}",
        name=f"Tỉnh {name}",
        folded=fold(name),
        kind="province",
        created_at=BEGIN,
    )
    return key
