"""A backup that was not restored is not a backup."""

import io
import json
import tarfile
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text, update

from app.database import Database
from app.errors import Conflict, Invalid
from app.models import EventRow, StoredFile, Unit
from app.models.base import columns
from app.outside import file_store, postgresql_tools, upload_store
from app.services.backup import back_up, restore
from app.services.event import verify_history
from app.services.evidence import PREVIEW, Subject, add_evidence, list_evidence, open_evidence
from app.services.evidence_file import look_into_file
from app.services.unit import UnitInput, add_unit
from app.services.upload import begin_upload, get_upload
from app.settings import Settings
from app.work import open_work
from tests.databases import postgresql_copy, sqlite_copy
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.people import NOW
from tests.photos import photo

BYTES = "Kế hoạch".encode()


@pytest.fixture
def filled(working, cast, stage, settings):
    """One stored file and some history."""
    name = file_store.put(settings.data_dir, BYTES)
    stage.add(
        StoredFile(
            locality_id=cast.commune.id,
            sha256=name,
            size=len(BYTES),
            name="kế hoạch.txt",
            media_type="text/plain",
            stored_at=cast.commune.created_at,
        )
    )
    stage.commit()
    for number in range(3):
        with working(cast.an) as work:
            add_unit(work, UnitInput(name=f"Thôn {number}", kind="external"), cast.commune.id)
    return name


@pytest.fixture
def elsewhere(tmp_path):
    return Settings(data_dir=tmp_path / "elsewhere")


@pytest.fixture
def empty_place(database, test_run, tmp_path):
    """A database without any table, on the same engine."""
    if database.is_sqlite:
        place = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield place
        place.dispose()
        return
    with postgresql_copy(test_run, template="template0") as url:
        place = Database(url)
        yield place
        place.dispose()


def test_restored_backup_holds_the_same_rows_files_and_history(
    database, settings, filled, tmp_path, empty_place, elsewhere
):
    archive = tmp_path / "b.tar"
    assert back_up(database, settings, archive).files == 1
    assert archive.stat().st_mode & 0o077 == 0
    assert restore(empty_place, elsewhere, archive).files == 1
    assert file_store.get(elsewhere.data_dir, filled) == BYTES
    with database.read_session() as old, empty_place.read_session() as new:
        for model in (Unit, EventRow, StoredFile):
            rows = select(model).order_by(columns(model).id)
            assert [r.model_dump() for r in new.scalars(rows)] == [r.model_dump() for r in old.scalars(rows)]
        assert list(verify_history(new)) == []
    with empty_place.write_session() as session, pytest.raises(Exception, match="append-only"):
        session.execute(text("DELETE FROM event"))


def test_restored_evidence_opens_with_its_picture_and_what_was_on_its_way_is_left_out(
    database, settings, filled, working, stage, cast, tmp_path, empty_place, elsewhere
):
    task = add_task(stage, add_plan(stage, cast.commune))
    row = add_assignment(stage, task, cast.school_cell, period=add_period(stage, cast.commune))
    files = columns(StoredFile)  # the plan's own is made up
    stage.execute(update(files).where(files.sha256 != filled).values(sha256=filled))
    stage.commit()
    about = Subject("assignment", row.id)
    with working(cast.binh) as work:
        one = add_evidence(work, about, look_into_file("họp.jpg", photo()))
        whole, small = open_evidence(work, one.id), open_evidence(work, one.id, PREVIEW)
        begun = begin_upload(work, about, name="biên bản.txt", size=8)
    upload_store.append(settings.data_dir, begun.id, 0, b"1234")

    archive = tmp_path / "b.tar"
    assert back_up(database, settings, archive).files == 3
    restore(empty_place, elsewhere, archive)
    with open_work(empty_place, elsewhere, actor=cast.binh, now=NOW) as work:
        assert open_evidence(work, one.id) == whole
        assert open_evidence(work, one.id, PREVIEW) == small
        assert [seen.name for seen in list_evidence(work, about).items] == ["họp.jpg"]
        assert get_upload(work, begun.id).offset == 0  # whoever was sending sends anew


def test_backup_is_taken_while_others_write(
    database, settings, filled, tmp_path, working, cast, empty_place, elsewhere
):
    stop = Event()

    def write():
        number = 100
        while not stop.is_set():
            number += 1
            with working(cast.an) as work:
                add_unit(work, UnitInput(name=f"Thôn {number}", kind="external"), cast.commune.id)

    writer = Thread(target=write)
    writer.start()
    try:
        back_up(database, settings, tmp_path / "b.tar")
    finally:
        stop.set()
        writer.join()
    restore(empty_place, elsewhere, tmp_path / "b.tar")
    with empty_place.read_session() as session:
        assert list(verify_history(session)) == []


def test_backup_never_replaces_a_file(database, settings, cast, tmp_path):
    (tmp_path / "b.tar").write_bytes(b"kept")
    with pytest.raises(Conflict, match="Đã có tệp"):
        back_up(database, settings, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"kept"


def test_place_with_data_is_not_restored_over(database, settings, filled, tmp_path):
    back_up(database, settings, tmp_path / "b.tar")
    with pytest.raises(Conflict, match="đã có dữ liệu"):
        restore(database, settings, tmp_path / "b.tar")


def test_migrated_place_without_data_may_be_restored_into(
    database, settings, filled, tmp_path, test_run, elsewhere
):
    back_up(database, settings, tmp_path / "b.tar")
    copies = sqlite_copy(test_run) if database.is_sqlite else postgresql_copy(test_run)
    with copies as url:
        place = Database(url)
        restore(place, elsewhere, tmp_path / "b.tar")
        with place.read_session() as session:
            assert session.scalars(select(StoredFile)).one().sha256 == filled
        place.dispose()


def rewrite(archive: Path, change) -> None:
    """Change the parts of an archive: `change(name → bytes)`."""
    with tarfile.open(archive) as tar:
        parts = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
    change(parts)
    with tarfile.open(archive, "w") as tar:
        for name, data in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def spoil_database(parts):
    parts["database"] = parts["database"][:-1] + b"x"


def spoil_file(parts):
    name = next(n for n in parts if n.startswith("files/"))
    parts[name] = b"something else"


def lose_file(parts):
    del parts[next(n for n in parts if n.startswith("files/"))]


def lose_manifest(parts):
    del parts["manifest.json"]


def spoil_manifest(parts):
    parts["manifest.json"] = b"{}"


def age_format(parts):
    manifest = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(manifest | {"format": 99}).encode()


@pytest.mark.parametrize(
    "spoil", [spoil_database, spoil_file, lose_file, lose_manifest, spoil_manifest, age_format]
)
def test_damaged_backup_is_refused_and_leaves_the_place_empty(
    database, settings, filled, tmp_path, empty_place, elsewhere, spoil
):
    back_up(database, settings, tmp_path / "b.tar")
    rewrite(tmp_path / "b.tar", spoil)
    with pytest.raises(Invalid):
        restore(empty_place, elsewhere, tmp_path / "b.tar")
    with empty_place.read_session() as session:
        found = session.execute(
            text("SELECT count(*) FROM information_schema.tables WHERE table_name = 'event'")
            if not empty_place.is_sqlite
            else text("SELECT count(*) FROM sqlite_master")
        )
        assert found.scalar() == 0


def test_backup_with_a_rewritten_history_is_refused(
    database, settings, filled, tmp_path, empty_place, elsewhere
):
    with database.write_session() as session:
        session.execute(text("UPDATE ledger SET hash = 'x'"))
        session.commit()
    back_up(database, settings, tmp_path / "b.tar")
    with pytest.raises(Invalid, match="không nguyên vẹn"):
        restore(empty_place, elsewhere, tmp_path / "b.tar")


def test_backup_goes_back_to_its_own_engine_only(database, settings, filled, tmp_path, elsewhere, test_run):
    back_up(database, settings, tmp_path / "b.tar")
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    with nullcontext(other) if not database.is_sqlite else postgresql_copy(test_run, "template0") as url:
        place = Database(url)
        with pytest.raises(Conflict, match="TIENDO_DATABASE_URL"):
            restore(place, elsewhere, tmp_path / "b.tar")
        place.dispose()


def test_what_is_no_archive_is_refused(empty_place, elsewhere, tmp_path):
    (tmp_path / "b.tar").write_bytes(b"not a tar")
    with pytest.raises(Invalid, match="không phải là bản sao lưu"):
        restore(empty_place, elsewhere, tmp_path / "b.tar")


def test_lost_attachment_stops_the_backup(database, settings, filled, tmp_path):
    (settings.data_dir / "files" / filled[:2] / filled).unlink()
    with pytest.raises(Invalid, match="Thiếu tệp đính kèm"):
        back_up(database, settings, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()


def test_missing_postgresql_program_is_named(postgresql_url, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    database = Database(postgresql_url)
    with pytest.raises(postgresql_tools.ToolMissing, match="postgresql-client"):
        back_up(database, settings, tmp_path / "b.tar")
    database.dispose()
