"""The process that opens what was sent: `python -m app.outside.reading_child` in a folder of `reader.py`.

It limits itself before it touches a byte. It reads `asked.json` and the files "0", "1", …; it writes `outcome.json`,
`page.jpg`, `figures.json` or what `_attachment` says, or `refusal.json` with a code and a sentence; progress goes to
standard output.
"""

import ctypes
import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.documents.decoding import (
    ReadingFailed,
    TooLargeDocument,
    UnreadableDocument,
    UnsupportedDocument,
    decode,
)
from app.documents.reading import read_source
from app.documents.recognition import recognise
from app.documents.secrecy import refuse_secret
from app.documents.sources import Source, join_sources
from app.outside.reader import Outcome, Progress, Refusal

# Bytes, seconds of work, bytes of a file written: some ten times what 200 scanned pages take.
_MEMORY = 2 * 1024**3
_CPU_SECONDS = 15 * 60
_LARGEST_FILE = 256 * 1024 * 1024
_PREVIEW = 600
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_MOST_PAGES = 200


def main() -> None:
    _limit()
    asked = json.loads(Path("asked.json").read_text(encoding="utf-8"))
    try:
        _TASKS[asked["task"]](asked)
    except UnreadableDocument as error:
        _refuse(error)
    except (MemoryError, RecursionError):
        _refuse(
            ReadingFailed(
                "Đọc tệp này tốn quá nhiều bộ nhớ nên đã dừng. "
                "Hãy tách thành các tệp nhỏ hơn, bỏ bớt hình ảnh rồi tải lên lại."
            )
        )


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # A service that is killed takes its readers with it.
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _refuse(error: UnreadableDocument) -> None:
    said = TypeAdapter(Refusal).dump_json(Refusal(error.code, str(error)))
    Path("refusal.json").write_bytes(said)


def _read(asked: dict[str, Any]) -> None:
    names: list[str] = asked["names"]
    files = [Path(str(number)).read_bytes() for number in range(len(names))]
    for name in names:
        refuse_secret("", name)
    kinds = [recognise(data) for data in files]
    telling = _Telling([_count_steps(kind, data) for kind, data in zip(kinds, files, strict=True)])
    named: list[tuple[str, Source]] = []
    for name, kind, data in zip(names, kinds, files, strict=True):
        telling.file = name
        named.append((name, _source_of(kind, data, telling)))
    source = join_sources(named)
    outcome = Outcome(source, read_source(source))
    Path("outcome.json").write_bytes(TypeAdapter(Outcome).dump_json(outcome))


class _Telling:
    """Says page by page how far the reading is; a file without pages counts as one."""

    def __init__(self, steps: list[int]) -> None:
        self.file = ""
        self._of = sum(steps)
        self._done = 0
        if self._of > _MOST_PAGES:
            raise TooLargeDocument(
                "Các tệp dài quá 200 trang. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn."
            )

    def __call__(self, text: str) -> None:
        self._done += 1
        progress = Progress(self._done, self._of, self.file, text[:_PREVIEW])
        sys.stdout.write(TypeAdapter(Progress).dump_json(progress).decode() + "\n")
        sys.stdout.flush()


def _count_steps(kind: str, data: bytes) -> int:
    if kind != "pdf":
        return 1
    from app.documents.pdf_file import count_pages

    return count_pages(data)


def _source_of(kind: str, data: bytes, tell: Callable[[str], None]) -> Source:
    """Each format loads its own libraries only: that is most of the time a small file takes."""
    if kind in ("pdf", "image"):
        from app.documents.pdf_file import read_pdf, read_picture
        from app.outside.ocr import see_words

        return (read_pdf if kind == "pdf" else read_picture)(data, see_words, tell)
    source = _WITHOUT_PAGES[kind](data)
    tell(source.text)
    return source


def _text(data: bytes) -> Source:
    return Source("txt", decode(data))


def _word(data: bytes) -> Source:
    from app.documents.word_file import read_docx

    return read_docx(data)


def _old_word(data: bytes) -> Source:
    from app.outside.office import as_docx

    made = as_docx(data)
    if recognise(made) != "docx":
        raise UnsupportedDocument(
            "Không chuyển được tệp .doc này. Hãy mở bằng Word, lưu lại dạng .docx rồi tải lên."
        )
    return Source("doc", _word(made).text)


def _sheet(data: bytes) -> Source:
    from app.documents.sheet import read_sheet

    return read_sheet(data)


def _picture(asked: dict[str, Any]) -> None:
    from app.documents.pdf_file import show
    from app.documents.pictures import show_picture

    data, page, width = Path("0").read_bytes(), int(asked["page"]), int(asked["width"])
    kind = recognise(data)
    if kind == "pdf":
        drawn = show(data, page, width)
    elif kind == "image" and page == 1:
        drawn = show_picture(data, width)
    else:
        raise UnsupportedDocument("Tệp này không có ảnh của trang.")
    Path("page.jpg").write_bytes(drawn)


def _attachment(asked: dict[str, Any]) -> None:
    """Leaves `kind.txt`; for a photo `kept`, its pixels alone; for what can be drawn `preview.jpg`."""
    from app.documents.attachments import PHOTOS, recognise_attachment

    data = Path("0").read_bytes()
    kind = recognise_attachment(data)
    if kind in PHOTOS:
        from app.documents.photos import clean_photo

        photo = clean_photo(data, kind)
        Path("kept").write_bytes(photo.data)
        Path("preview.jpg").write_bytes(photo.preview)
    elif kind == "pdf":
        from app.documents.pdf_file import show
        from app.documents.photos import PREVIEW

        Path("preview.jpg").write_bytes(show(data, 1, PREVIEW))
    Path("kind.txt").write_text(kind, encoding="ascii")


def _figures(asked: dict[str, Any]) -> None:
    from app.documents.figure_sheet import FilledSheet
    from app.documents.figure_sheet_reading import read_figure_sheet

    read = read_figure_sheet(Path("0").read_bytes())
    Path("figures.json").write_bytes(TypeAdapter(FilledSheet).dump_json(read))


_WITHOUT_PAGES: dict[str, Callable[[bytes], Source]] = {
    "txt": _text,
    "docx": _word,
    "doc": _old_word,
    "xlsx": _sheet,
}
_TASKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "read": _read,
    "picture": _picture,
    "attachment": _attachment,
    "figures": _figures,
}


if __name__ == "__main__":
    main()
