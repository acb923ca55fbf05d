"""Ask every route as everybody, and the table of what they got."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pysqlite3
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.access.asking import FILE, Asked, every_route
from tests.access.world import NOBODY, VISITORS, everybody, keep_file, keep_sheet, make_world
from tests.databases import Run, forget_fast, sqlite_copy
from tests.people import open_session, open_visit

TABLE = Path(__file__).with_name("matrix.txt")


class Ground:
    """The world in one SQLite file; each question is asked of a copy that no other has changed."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.folder = folder
        with sqlite_copy(run) as url:
            database = Database(url)
            with database.write_session() as session:
                self.keys = make_world(session)
            self.secrets = {
                p: open_visit(database, p) if p in VISITORS else open_session(database, p)
                for p in everybody()
                if p != NOBODY
            }
            with database.writer.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            database.dispose()
            self.filled = folder / "filled.sqlite3"
            shutil.copyfile(url.removeprefix("sqlite:///"), self.filled)
        # What only reads is asked of one app; what writes, of another, whose data are put back when they changed.
        self.app, self.writing = (
            create_app(Settings(data_dir=self._fill(self.folder / name))) for name in ("reads", "writes")
        )
        for app in (self.app, self.writing):
            forget_fast(app.state.house.database)
        self._watch()
        self.asked = {asked.label: asked for asked in every_route(self.app)}

    def ask(self, label: str, person: str) -> Any:
        asked = self.asked[label]
        cookies = {} if person == NOBODY else {"tiendo_session": self.secrets[person]}
        app = self.app if asked.method == "GET" else self.writing
        client = TestClient(app, cookies=cookies, follow_redirects=False, raise_server_exceptions=False)
        try:
            return client.request(asked.method, asked.address(self.keys), **self._content(asked))
        finally:
            client.close()
            if asked.method != "GET":
                self._start_over()

    def close(self) -> None:
        self.watching.close()
        self.app.state.house.database.dispose()
        self.writing.state.house.database.dispose()

    def _watch(self) -> None:
        self.watching = pysqlite3.connect(str(self.folder / "writes/tiendo.sqlite3"))
        self.seen = self._commits()

    def _commits(self) -> int:
        """Another number once anyone else has committed."""
        number: int = self.watching.execute("PRAGMA data_version").fetchone()[0]
        return number

    def _start_over(self) -> None:
        if self._commits() == self.seen:
            return
        self.watching.close()
        self.writing.state.house.database.dispose()
        shutil.rmtree(self.folder / "writes")
        self._fill(self.folder / "writes")
        self._watch()

    def _content(self, asked: Asked) -> dict[str, Any]:
        if asked.method == "GET":
            return {}
        if asked.takes_files:
            of_row = {f"{self.keys['row_id']}.file": FILE["file"]}
            return {"data": asked.fields(self.keys), "files": FILE | of_row}
        if asked.form:
            removing = {f"bo-{self.keys['evidence_id']}.reason": "Lý do"}
            return {"data": asked.fields(self.keys) | removing}
        if asked.headers:
            return {"headers": asked.headers, "content": b"12345"}
        body = json.dumps(asked.body)
        for name, key in self.keys.items():
            body = body.replace(f"{{{name}}}", key)
        return {"json": json.loads(body), "headers": {"If-Match": '"1"'}}

    def _fill(self, data: Path) -> Path:
        data.mkdir()
        shutil.copyfile(self.filled, data / "tiendo.sqlite3")
        keep_file(data)
        keep_sheet(data, self.keys)
        return data


def every_label() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        labels = [asked.label for asked in every_route(app)]
        app.state.house.database.dispose()
    return labels


def read_table() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        label, _, cells = line.partition(" | ")
        if cells:
            pairs = (cell.split("=") for cell in cells.split())
            table[label.strip()] = {person: int(status) for person, status in pairs}
    return table


def write_table(answers: dict[str, dict[str, int]]) -> None:
    width = max(map(len, answers))
    lines = [
        f"{label:<{width}} | " + " ".join(f"{person}={status}" for person, status in cells.items())
        for label, cells in answers.items()
    ]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")
