"""What every format becomes before it is read: one text, and where on which page each of its words stands.

The reader reads `Source.text` and nothing else, so that a plan gives the same answer whatever it came as.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# Blank lines keep the last paragraph of one file and the first of the next apart.
_BETWEEN_FILES = "\n\n\n"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page in fractions of its width and height, 0 to 1, counted from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of `Source.text[start:end]`; `page` counts from 1; `confidence` 0 to 100, None where not guessed."""

    start: int
    end: int
    page: int
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the intake: its characters [start, end) and its pages [first_page, first_page + pages).

    `file` is its place among the files as they were given, from 0.
    """

    file: int
    name: str
    format: str
    start: int
    end: int
    first_page: int = 1
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a file that a person should know before using what was read; `message` is Vietnamese."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """`format`: txt, docx, pdf, scan, image, xlsx or doc. `pages` is 0 and `words` empty where it has no pages.

    `parts` is empty until files are joined.
    """

    format: str
    text: str
    pages: int = 0
    words: tuple[Word, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its first page, the box round its words there, the lowest confidence of its words."""

    page: int
    box: Box
    confidence: float | None


def join_sources(named: Sequence[tuple[str, Source]]) -> Source:
    """Several files as one; offsets and page numbers count on through the files.

    In the order given, but spreadsheets last: they are annexes, and a plan's annexes stand behind its text.
    """
    order = sorted(range(len(named)), key=lambda place: named[place][1].format == "xlsx")
    parts: list[Part] = []
    words: list[Word] = []
    text, pages = "", 0
    for file in order:
        name, source = named[file]
        text += _BETWEEN_FILES if text else ""
        start = len(text)
        text += source.text
        parts.append(Part(file, name, source.format, start, len(text), pages + 1, source.pages))
        words += [_moved(word, start, pages) for word in source.words]
        pages += source.pages
    notes = tuple(note for _, source in named for note in source.notes)
    return Source(parts[0].format, text, pages, tuple(words), tuple(parts), notes)


def part_of_page(source: Source, page: int) -> tuple[int, int] | None:
    """(place of the file as given, page within it from 1) of a page of the joined source; None if there is none."""
    for part in source.parts:
        if part.first_page <= page < part.first_page + part.pages:
            return part.file, page - part.first_page + 1
    return None


class Places:
    """Looks up where characters [start, end) of a source's text stand on its pages."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._starts = [word.start for word in words]

    def words(self, start: int, end: int) -> Sequence[Word]:
        return self._words[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def find(self, start: int, end: int) -> Place | None:
        """None for text without pages."""
        words = self.words(start, end)
        if not words:
            return None
        page = words[0].page
        known = [word.confidence for word in words if word.confidence is not None]
        box = union(word.box for word in words if word.page == page)
        return Place(page, box, min(known) if known else None)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box round one or more boxes."""
    every = list(boxes)
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )


def _moved(word: Word, characters: int, pages: int) -> Word:
    return replace(word, start=word.start + characters, end=word.end + characters, page=word.page + pages)
