"""One file that holds everything: the database as of one moment, the stored files, and a manifest of hashes.

    backup.tar
    ├── manifest.json   what is inside, each part with its SHA-256 and size
    ├── database        an SQLite file, or PostgreSQL's custom dump
    └── files/ab…       stored files, named by their SHA-256

Made while everybody works. Restored only where there is nothing yet, and only if every hash and the chain of
the history are right.
"""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
from pydantic import ValidationError
from sqlalchemy import inspect, select, text
from sqlmodel import SQLModel

from app.database import Database, sqlite_path
from app.errors import Conflict, Invalid
from app.models import Locality, StoredFile
from app.models.base import columns
from app.outside import file_store, postgresql_tools
from app.services.event import verify_history
from app.settings import Settings

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files/"
CHUNK = 1024 * 1024

stored, localities = columns(StoredFile), columns(Locality)


class Part(SQLModel):
    """One file inside the archive."""

    name: str
    sha256: str
    size: int


class Manifest(SQLModel):
    format: int
    made_at: datetime
    engine: str
    revision: str
    database: Part
    files: list[Part]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: how many stored files, and the bytes of everything."""

    files: int
    size: int


def back_up(database: Database, settings: Settings, target: Path) -> Kept:
    """Write `target`; it appears only when it is complete. Conflict when there is such a file already."""
    if target.exists():
        raise Conflict(f"Đã có tệp {target}. Chọn tên khác để không mất bản sao lưu cũ.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy, draft = Path(folder) / DATABASE, Path(folder) / "draft.tar"
        _copy_database(database, copy)
        # Listed after the copy: files only ever come, so each one the copy names is there.
        names = _stored_names(database)
        manifest = _manifest(database, settings, copy, names)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _write(out, settings, copy, manifest, names)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, target)
    return Kept(len(names), target.stat().st_size)


def restore(database: Database, settings: Settings, source: Path) -> Kept:
    """Fill the empty place this process is set up for. Conflict when it is not empty, Invalid when the backup is
    not whole or its history was rewritten. Then SQLite is left as it was; PostgreSQL's content can only be read
    once it is there, so a history found broken is there to be looked at."""
    _check_empty(database)
    place = (sqlite_path(database.url) or settings.data_dir / DATABASE).parent
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".restore-") as folder, _opened(source) as tar:
        manifest = _read_manifest(tar)
        _check_engine(database, manifest)
        copy = Path(folder) / DATABASE
        _unpack(tar, manifest.database, copy)
        if database.is_sqlite:
            _check_copy(copy, manifest)
        names = [_restore_file(tar, part, settings) for part in manifest.files]
        _put_database(database, copy)
        if not database.is_sqlite:
            _check_content(database, manifest)
    return Kept(len(names), source.stat().st_size)


# Backing up


def _copy_database(database: Database, copy: Path) -> None:
    path = sqlite_path(database.url)
    if path is None:
        postgresql_tools.dump(database.url, copy)
        return
    with closing(pysqlite3.connect(path)) as there, closing(pysqlite3.connect(copy)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _stored_names(database: Database) -> list[str]:
    with database.read_session() as session:
        return sorted(set(session.scalars(select(stored.sha256))))


def _manifest(database: Database, settings: Settings, copy: Path, names: list[str]) -> Manifest:
    with database.read_session() as session:
        revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    sizes = {name: len(_stored_bytes(settings, name)) for name in names}
    return Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC),
        engine=_engine(database),
        revision=revision,
        database=Part(name=DATABASE, sha256=_sha256(copy), size=copy.stat().st_size),
        files=[Part(name=FILES + name, sha256=name, size=size) for name, size in sizes.items()],
    )


def _stored_bytes(settings: Settings, name: str) -> bytes:
    try:
        data = file_store.get(settings.data_dir, name)
    except FileNotFoundError:
        raise Invalid(f"Thiếu tệp đính kèm {name} trong thư mục dữ liệu, chưa sao lưu được.") from None
    if file_store.name_of(data) != name:
        raise Invalid(f"Tệp đính kèm {name} đã bị hỏng trên đĩa, chưa sao lưu được.")
    return data


def _write(out: Any, settings: Settings, copy: Path, manifest: Manifest, names: list[str]) -> None:
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, manifest.model_dump_json(indent=1).encode())
        with copy.open("rb") as data:
            tar.addfile(_entry(DATABASE, copy.stat().st_size), data)
        for name in names:
            _add(tar, FILES + name, _stored_bytes(settings, name))


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    tar.addfile(_entry(name, len(data)), io.BytesIO(data))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    return entry


# Restoring


def _check_empty(database: Database) -> None:
    path = sqlite_path(database.url)
    if path is not None and not path.exists():
        return
    with database.read_session() as session:
        tables = set(inspect(session.connection()).get_table_names())
        if tables and ("locality" not in tables or session.scalars(select(localities.id).limit(1)).first()):
            raise Conflict("Nơi phục hồi đã có dữ liệu. Chỉ phục hồi vào cơ sở dữ liệu trống.")


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except tarfile.TarError as error:
        raise Invalid(f"{source} không phải là bản sao lưu, hoặc đã bị hỏng.") from error


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(_member(tar, MANIFEST).read(64 * CHUNK))
    except ValidationError as error:
        raise Invalid("Danh mục (manifest.json) của bản sao lưu bị hỏng. Dùng bản khác.") from error
    if manifest.format != FORMAT:
        raise Invalid(
            f"Bản sao lưu theo định dạng {manifest.format}; bản cài này chỉ đọc định dạng {FORMAT}."
        )
    return manifest


def _check_engine(database: Database, manifest: Manifest) -> None:
    if manifest.engine != _engine(database):
        raise Conflict(
            f"Bản sao lưu lấy từ {manifest.engine}, nơi phục hồi là {_engine(database)}. "
            "Đặt TIENDO_DATABASE_URL cho đúng loại cơ sở dữ liệu."
        )


def _member(tar: tarfile.TarFile, name: str) -> Any:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise Invalid(f"Bản sao lưu thiếu phần {name}.")
    return found


def _unpack(tar: tarfile.TarFile, part: Part, to: Path) -> None:
    """Only ever to a place we name ourselves, whatever the archive says."""
    with _member(tar, part.name) as data, to.open("wb") as out:
        while chunk := data.read(CHUNK):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if _sha256(to) != part.sha256:
        raise _damaged(part)


def _restore_file(tar: tarfile.TarFile, part: Part, settings: Settings) -> str:
    data = _member(tar, part.name).read()
    if file_store.name_of(data) != part.sha256:
        raise _damaged(part)
    return file_store.put(settings.data_dir, data)


def _damaged(part: Part) -> Invalid:
    return Invalid(f"Phần {part.name} của bản sao lưu đã bị hỏng (sai mã băm). Dùng bản khác.")


def _check_copy(copy: Path, manifest: Manifest) -> None:
    """The copy is a sound database, every file it names is in the backup, its history is whole."""
    unpacked = Database(f"sqlite:///{copy}")
    try:
        _check_content(unpacked, manifest)
    finally:
        unpacked.dispose()


def _check_content(database: Database, manifest: Manifest) -> None:
    with database.read_session() as session:
        if database.is_sqlite and session.execute(text("PRAGMA quick_check")).scalar() != "ok":
            raise Invalid("Cơ sở dữ liệu trong bản sao lưu đã bị hỏng. Dùng bản khác.")
        missing = set(session.scalars(select(stored.sha256))) - {part.sha256 for part in manifest.files}
        if missing:
            raise Invalid(f"Bản sao lưu thiếu {len(missing)} tệp đính kèm. Dùng bản khác.")
        if broken := next(verify_history(session), None):
            raise Invalid(f"Lịch sử trong bản sao lưu không nguyên vẹn: {broken.locality}: {broken.what}.")


def _put_database(database: Database, copy: Path) -> None:
    path = sqlite_path(database.url)
    if path is None:
        postgresql_tools.restore(database.url, copy)
        return
    database.dispose()
    for log in (f"{path}-wal", f"{path}-shm", f"{copy}-wal", f"{copy}-shm"):
        Path(log).unlink(missing_ok=True)
    os.replace(copy, path)


def _engine(database: Database) -> str:
    return "sqlite" if database.is_sqlite else "postgresql"


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
