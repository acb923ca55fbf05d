"""Words on paper, before they are text: what PDF pages and OCR both give. Lengths in points, origin top left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.documents.sources import Box


@dataclass(slots=True)
class PaperWord:
    """`base` is where its line runs: the baseline, or the middle of a line that OCR saw. `size` is the letters'."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool = False
    confidence: float | None = None


@dataclass(slots=True)
class PaperLine:
    """Words side by side, from left to right. `stands_alone`: never part of a longer paragraph (letterheads)."""

    words: list[PaperWord]
    stands_alone: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def size(self) -> float:
        sizes = sorted(word.size for word in self.words)
        return sizes[len(sizes) // 2]


@dataclass(slots=True)
class PaperTable:
    """Rows of cells, each cell its lines; a merged cell has them at its first place, and None stands below it."""

    top: float
    bottom: float
    rows: list[list[list[PaperLine] | None]]


@dataclass(slots=True)
class PaperPage:
    """One page: what is on it in reading order. `number` counts from 1 through the file.

    A crooked scan was turned by `slant` degrees, counter-clockwise round its middle, before it was read.
    """

    number: int
    width: float
    height: float
    content: list[PaperLine | PaperTable] = field(default_factory=list)
    slant: float = 0.0

    def box(self, word: PaperWord) -> Box:
        """On the page as it is, crooked or not: what is marked on its picture must meet the words."""
        across, down = self._turned_back((word.left + word.right) / 2, (word.top + word.bottom) / 2)
        return Box(
            _fraction(word.left + across, self.width),
            _fraction(word.top + down, self.height),
            _fraction(word.right + across, self.width),
            _fraction(word.bottom + down, self.height),
        )

    def _turned_back(self, x: float, y: float) -> tuple[float, float]:
        """How far a point moves when the turn is undone."""
        if not self.slant:
            return 0.0, 0.0
        cosine, sine = math.cos(math.radians(self.slant)), math.sin(math.radians(self.slant))
        from_middle, from_centre = x - self.width / 2, y - self.height / 2
        return (
            from_middle * cosine - from_centre * sine - from_middle,
            from_middle * sine + from_centre * cosine - from_centre,
        )

    def lines(self) -> Sequence[PaperLine]:
        return [part for part in self.content if isinstance(part, PaperLine)]


def _fraction(length: float, whole: float) -> float:
    return round(min(1.0, max(0.0, length / whole)), 4)
