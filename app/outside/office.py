"""Old Word files (.doc) → .docx with the program LibreOffice, where it is installed: one at a time, no window."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.documents.decoding import ProgramMissing
from app.documents.recognition import damaged

_PROGRAMS = ("soffice", "libreoffice")
_LONGEST = 120
# Where every child of this user finds it: their own temporary folders differ.
_LOCK = f"/tmp/tiendo-office-{os.getuid()}.lock"  # noqa: S108 - nothing is written to it


def as_docx(data: bytes) -> bytes:
    """Raises ProgramMissing; DamagedDocument where LibreOffice makes nothing of it, a password included."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise ProgramMissing(
            "Tệp là Word đời cũ (.doc), nhưng máy chủ chưa cài LibreOffice để đọc. Hãy mở bằng Word, lưu lại dạng "
            ".docx rồi tải lên, hoặc báo người quản trị cài thêm."
        )
    with tempfile.TemporaryDirectory() as name, _alone():
        folder = Path(name)
        (folder / "van-ban.doc").write_bytes(data)
        _convert(program, folder)
        made = folder / "van-ban.docx"
        if not made.is_file():
            raise damaged()
        return made.read_bytes()


def _convert(program: str, folder: Path) -> None:
    """With a profile of its own: a shared one may hold macros, and a running office would answer instead."""
    command = [
        *(
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nolockcheck",
        ),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(folder / "van-ban.doc")),
    ]
    try:
        subprocess.run(command, timeout=_LONGEST, check=False, capture_output=True)  # noqa: S603 - no shell
    except subprocess.TimeoutExpired as error:
        raise damaged() from error


@contextmanager
def _alone() -> Iterator[None]:
    lock = os.open(_LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
