"""Pictures of pages, kept beside the files they show: data_dir/pages/ab/abcd…/<page>-<width>.jpg.

They can all be drawn again, so nothing waits for the disk and a back-up leaves them out.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{64}")


def put(data_dir: Path, sha256: str, page: int, width: int, picture: bytes) -> None:
    place = _folder(data_dir, sha256) / f"{page}-{width}.jpg"
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".draft-")
    with os.fdopen(handle, "wb") as file:
        file.write(picture)
    os.replace(draft, place)


def get(data_dir: Path, sha256: str, page: int, width: int) -> bytes | None:
    try:
        return (_folder(data_dir, sha256) / f"{page}-{width}.jpg").read_bytes()
    except FileNotFoundError:
        return None


def erase(data_dir: Path, sha256: str) -> None:
    shutil.rmtree(_folder(data_dir, sha256), ignore_errors=True)


def _folder(data_dir: Path, sha256: str) -> Path:
    if not _KEY.fullmatch(sha256):
        raise ValueError("a file is named by the SHA-256 of its bytes")
    return data_dir / "pages" / sha256[:2] / sha256
