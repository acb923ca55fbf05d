"""Reading files of any format in a process of their own, so that no file can harm this one.

The child (`reading_child.py`) sets its own limits, gets the files in a folder that is deleted afterwards, says how far
it is on its standard output, one JSON object a line, and leaves its answer in the folder. What it leaves is checked as
any input is: nothing of it is ever executed.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from app.documents.attachments import MEDIA_TYPES
from app.documents.decoding import ReadingCancelled, ReadingFailed, refusal
from app.documents.figure_sheet import FilledSheet
from app.documents.sources import Source
from app.documents.values import Reading

COMMAND = [sys.executable, "-I", "-m", "app.outside.reading_child"]
# A scanned page takes some seconds, so does a long reading; silence longer than this is a hang.
LONGEST_SILENCE = 150.0
# How the folder of a reading is called, for whoever sweeps up after one that was killed.
FOLDER = "tiendo-reading-"
LONGEST_READING = 45 * 60.0
_LOOK_EVERY = 0.2
_LONGEST_LINE = 64 * 1024
_LARGEST_ANSWER = 128 * 1024 * 1024
_SAID_KILLED = (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ)


@dataclass(frozen=True, slots=True)
class Progress:
    """`page` of `of` pages of all files is done (a file without pages counts as one); `text` is what it says."""

    page: int
    of: int
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the child leaves behind."""

    source: Source
    reading: Reading


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the child leaves behind where a file cannot be read."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file looked into: its `kind` (a key of MEDIA_TYPES), its bytes as they may be kept, a small picture of it."""

    kind: str
    data: bytes
    preview: bytes | None


def read_files(
    files: Sequence[tuple[str, bytes]],
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Source, Reading]:
    """Read named files as one document, plan first, annexes after: the joined source and its reading.

    Raises UnreadableDocument and its kinds (ReadingFailed: out of memory or time; ReadingCancelled). Files of a
    secret document leave nothing behind. Takes as long as the reading takes; both calls come from this thread.
    """
    with _folder_of([data for _, data in files]) as folder:
        names = [name for name, _ in files]
        _run(folder, {"task": "read", "names": names}, on_progress, is_cancelled)
        return _outcome(_answer(folder, "outcome.json"))


def page_image(data: bytes, page: int, width: int) -> bytes:
    """A page (from 1) of a PDF or a picture as JPEG bytes, `width` pixels wide. Raises UnreadableDocument."""
    with _folder_of([data]) as folder:
        asked = {"task": "picture", "page": page, "width": width}
        _run(folder, asked, lambda progress: None, lambda: False)
        return _answer(folder, "page.jpg")


def look_into(data: bytes) -> Attachment:
    """What a file is that came as an attachment: a photo comes back as its pixels alone, a PDF with a picture of its
    first page. Raises UnreadableDocument where it is none that is taken, damaged, or does harm."""
    with _folder_of([data]) as folder:
        _run(folder, {"task": "attachment"}, lambda progress: None, lambda: False)
        kind = _answer(folder, "kind.txt").decode("ascii")
        kept = _answer(folder, "kept") if (folder / "kept").exists() else data
        preview = _answer(folder, "preview.jpg") if (folder / "preview.jpg").exists() else None
    if kind not in MEDIA_TYPES:
        raise _failed()
    return Attachment(kind, kept, preview)


def read_figures(data: bytes) -> FilledSheet:
    """What was filled into a sheet of figures. Raises UnreadableDocument where it is none of ours, or does harm."""
    with _folder_of([data]) as folder:
        _run(folder, {"task": "figures"}, lambda progress: None, lambda: False)
        try:
            return _FIGURES.validate_json(_answer(folder, "figures.json"))
        except ValueError as error:
            raise _failed() from error


def _outcome(answer: bytes) -> tuple[Source, Reading]:
    try:
        outcome = _OUTCOME.validate_json(answer)
    except ValueError as error:
        raise _failed() from error
    return outcome.source, outcome.reading


@contextmanager
def _folder_of(files: Sequence[bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=FOLDER) as name:
        folder = Path(name)
        for number, data in enumerate(files):
            (folder / str(number)).write_bytes(data)
        yield folder


def _run(
    folder: Path,
    asked: dict[str, Any],
    on_progress: Callable[[Progress], None],
    is_cancelled: Callable[[], bool],
) -> None:
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell
        COMMAND,
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that the programs it starts end with it
    )
    try:
        assert child.stdout is not None
        _watch(child.stdout, on_progress, is_cancelled)
        _await_end(child)
    finally:
        ended = _end(child)
    _refuse_as_said(folder, ended)


def _watch(
    output: IO[bytes], on_progress: Callable[[Progress], None], is_cancelled: Callable[[], bool]
) -> None:
    """Follow the child until it closes its output. Its lines are progress; what is no such line is passed over."""
    begun = heard = time.monotonic()
    waiting = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if is_cancelled():
                raise ReadingCancelled("Đã hủy việc đọc tệp.")
            now = time.monotonic()
            if now - heard > LONGEST_SILENCE or now - begun > LONGEST_READING:
                raise _too_slow()
            if not selector.select(_LOOK_EVERY):
                continue
            received = os.read(output.fileno(), _LONGEST_LINE)
            if not received:
                return
            heard = time.monotonic()
            *lines, waiting = (waiting + received).split(b"\n")
            waiting = waiting[:_LONGEST_LINE]
            for line in lines:
                _tell(line, on_progress)


def _tell(line: bytes, on_progress: Callable[[Progress], None]) -> None:
    try:
        progress = _PROGRESS.validate_json(line)
    except ValueError:
        return
    on_progress(progress)


def _refuse_as_said(folder: Path, ended: int) -> None:
    place = folder / "refusal.json"
    if place.is_file() and place.stat().st_size < _LONGEST_LINE:
        try:
            said = _REFUSAL.validate_json(place.read_bytes())
        except ValueError as error:
            raise _failed() from error
        raise refusal(said.code, said.message)
    if ended in _SAID_KILLED:
        raise _too_slow()
    if ended:
        raise _failed()


def _answer(folder: Path, name: str) -> bytes:
    place = folder / name
    if not place.is_file() or place.stat().st_size > _LARGEST_ANSWER:
        raise _failed()
    return place.read_bytes()


def _await_end(child: subprocess.Popen[bytes]) -> None:
    """It has closed its output, so it is about to end; it is left unreaped, for its group's number to stay its own."""
    latest = time.monotonic() + LONGEST_SILENCE
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > latest:
            raise _too_slow()
        time.sleep(0.005)


def _end(child: subprocess.Popen[bytes]) -> int:
    """End the child and all it started, its process group; its exit code, negative for a signal."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    ended = child.wait()
    if child.stdout is not None:
        child.stdout.close()
    return ended


def _environment(folder: Path) -> dict[str, str]:
    """Only what programs need to run: no settings, no passwords of ours."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
        if name in os.environ
    }
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    return kept | own


def _too_slow() -> ReadingFailed:
    return ReadingFailed(
        "Đọc tệp này quá lâu hoặc tốn quá nhiều bộ nhớ nên đã dừng. "
        "Hãy tách thành các tệp nhỏ hơn, hoặc lưu lại dạng .docx hay .pdf thông thường rồi thử lại."
    )


def _failed() -> ReadingFailed:
    return ReadingFailed(
        "Không đọc được tệp này: tệp có thể bị hỏng hoặc có cấu trúc bất thường. "
        "Hãy mở thử trên máy, lưu lại rồi tải lên lần nữa."
    )


_FIGURES = TypeAdapter(FilledSheet)
_OUTCOME = TypeAdapter(Outcome)
_PROGRESS = TypeAdapter(Progress)
_REFUSAL = TypeAdapter(Refusal)
