"""Files on their way in, piece by piece: data_dir/uploads/<key of the upload>. Sheets of figures that were read and not
yet sent wait there too.

How much of a file is here is how long it is on the disk, nothing else: what was written when a process was killed is
still there, and nothing has to be put right. A back-up leaves them out: whoever was sending sends on, or anew.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID


def received(data_dir: Path, upload_id: UUID) -> int:
    """Bytes that are here; 0 before the first piece."""
    try:
        return _place(data_dir, upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def append(data_dir: Path, upload_id: UUID, offset: int, piece: bytes) -> bool:
    """Write on from `offset`, on the disk when this returns; whatever lay behind it is dropped. False, and nothing
    written, when less than that is here, or somebody else wrote on meanwhile.

    No lock outlives a piece: a connection that died but is not yet known to be dead holds nobody up."""
    with _open(data_dir, upload_id) as file:
        here = file.seek(0, os.SEEK_END)
        if not offset <= here <= offset + 1:
            return False
        _write_from(file, offset, piece)
    return True


def put(data_dir: Path, upload_id: UUID, data: bytes) -> None:
    """All of it at once, in place of what was there; on the disk when this returns."""
    with _open(data_dir, upload_id) as file:
        _write_from(file, 0, data)


def read(data_dir: Path, upload_id: UUID) -> bytes:
    """FileNotFoundError when nothing of it is here."""
    return _place(data_dir, upload_id).read_bytes()


def erase(data_dir: Path, upload_id: UUID) -> None:
    _place(data_dir, upload_id).unlink(missing_ok=True)


def older_than(data_dir: Path, seconds: float) -> Iterator[UUID]:
    """Uploads nobody has written to for that long."""
    latest = time.time() - seconds
    for place in (data_dir / "uploads").glob("*"):
        if place.stat().st_mtime < latest:
            yield UUID(place.name)


@contextmanager
def _open(data_dir: Path, upload_id: UUID) -> Iterator[BinaryIO]:
    """For writing, by nobody else until it is closed."""
    place = _place(data_dir, upload_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _write_from(file: BinaryIO, offset: int, data: bytes) -> None:
    file.truncate(offset)
    file.seek(offset)
    file.write(data)
    file.flush()
    os.fdatasync(file.fileno())


def _place(data_dir: Path, upload_id: UUID) -> Path:
    return data_dir / "uploads" / str(upload_id)
