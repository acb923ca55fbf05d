"""Files kept on disk under the SHA-256 of their bytes: data_dir/files/ab/abcd….

A file is written before the row that names it is committed: a crash in between leaves a file nobody names,
never a row without its file. Taking such a file away again could meet somebody else who sends the same bytes
at that moment, so it stays: it holds nothing that its sender was not allowed to keep here. Only what must not be
kept at all is erased: then whoever sent the same bytes at that moment is told to send them again.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{64}")


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(data_dir: Path, data: bytes) -> str:
    """Keep the bytes for good (they are on the disk when this returns); their SHA-256 is their name."""
    sha256 = name_of(data)
    place = _place(data_dir, sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(place, data)
    return sha256


def get(data_dir: Path, sha256: str) -> bytes:
    """The bytes; FileNotFoundError when they are not there."""
    return _place(data_dir, sha256).read_bytes()


def erase(data_dir: Path, sha256: str) -> None:
    """The bytes are gone when this returns, whether they were there or not."""
    _place(data_dir, sha256).unlink(missing_ok=True)


def _place(data_dir: Path, sha256: str) -> Path:
    if not _KEY.fullmatch(sha256):
        raise ValueError("a file is named by the SHA-256 of its bytes")
    return data_dir / "files" / sha256[:2] / sha256


def _write_whole(place: Path, data: bytes) -> None:
    """All of it or nothing: a reader never meets half a file, and a power cut does not lose it."""
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
