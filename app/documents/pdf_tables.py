"""Tables drawn with lines on a PDF page: the lines make a grid, words in one cell belong together. Pure."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.page_rows import plain_lines
from app.documents.paper import PaperLine, PaperTable, PaperWord
from app.documents.pdf_words import Shown

# Points: as thick as a line may be, as far as two strokes of one line may lie apart, the shortest line.
_THICK = 3.0
_NEAR = 3.0
_SHORTEST = 6.0
_MOST_LINES = 4000
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class _Rule:
    """A drawn line: at `at` on its own axis, from `begin` to `end` along the other."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class _Rules:
    across: list[_Rule]
    down: list[_Rule]


def find_tables(page: pdfium.PdfPage, words: list[PaperWord]) -> list[PaperTable]:
    """Tables of at least two rows and two columns with words in them, from the top of the page."""
    rules = _rules(page)
    tables = [table for group in _groups(rules) if (table := _table(group, words)) is not None]
    return sorted(tables, key=lambda table: table.top)


def without(words: list[PaperWord], tables: list[PaperTable]) -> list[PaperWord]:
    """The words that stand in none of the tables."""
    taken = {
        id(word)
        for table in tables
        for row in table.rows
        for cell in row
        for line in cell or ()
        for word in line.words
    }
    return [word for word in words if id(word) not in taken]


def _rules(page: pdfium.PdfPage) -> _Rules:
    across: list[_Rule] = []
    down: list[_Rule] = []
    for left, top, right, bottom in _strokes(page):
        if bottom - top <= _THICK and right - left >= _SHORTEST:
            across.append(_Rule((top + bottom) / 2, left, right))
        elif right - left <= _THICK and bottom - top >= _SHORTEST:
            down.append(_Rule((left + right) / 2, top, bottom))
        elif right - left > _SHORTEST and bottom - top > _SHORTEST:
            across += [_Rule(top, left, right), _Rule(bottom, left, right)]
            down += [_Rule(left, top, bottom), _Rule(right, top, bottom)]
        if len(across) + len(down) > _MOST_LINES:
            return _Rules([], [])
    return _Rules(across, down)


def _strokes(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom) of the straight lines and stroked rectangles drawn on the page."""
    shown = Shown(page, *page.get_size())
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        matrix = drawn.get_matrix()
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
        points: list[tuple[float, float]] = []
        for index in range(min(raw.FPDFPath_CountSegments(drawn), _MOST_LINES)):
            segment = raw.FPDFPath_GetPathSegment(drawn, index)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                yield from _boxes(points, stroked=bool(stroke.value))
                points = []
            points.append(shown.point(*matrix.on_point(x.value, y.value)))
        yield from _boxes(points, stroked=bool(stroke.value))


def _boxes(
    points: list[tuple[float, float]], *, stroked: bool
) -> Iterator[tuple[float, float, float, float]]:
    """A filled shape counts when it is as thin as a line (Word draws lines so); of a stroked one, each side."""
    if len(points) < 2:
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    whole = (min(xs), min(ys), max(xs), max(ys))
    if min(whole[2] - whole[0], whole[3] - whole[1]) <= _THICK:
        yield whole
    elif stroked:
        for (x, y), (next_x, next_y) in zip(points, [*points[1:], points[0]], strict=True):
            if min(abs(x - next_x), abs(y - next_y)) <= 1:
                yield min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y)


def _groups(rules: _Rules) -> Iterator[_Rules]:
    """Lines that touch belong to one table."""
    everything = [(rule, True) for rule in rules.across] + [(rule, False) for rule in rules.down]
    while everything:
        group, everything = [everything[0]], everything[1:]
        grown = True
        while grown:
            touching = [one for one in everything if any(_touch(one, other) for other in group)]
            grown = bool(touching)
            chosen = {id(one) for one in touching}
            everything = [one for one in everything if id(one) not in chosen]
            group += touching
        yield _Rules([r for r, across in group if across], [r for r, across in group if not across])


def _touch(one: tuple[_Rule, bool], other: tuple[_Rule, bool]) -> bool:
    (a, a_across), (b, b_across) = one, other
    if a_across == b_across:
        return abs(a.at - b.at) <= _NEAR and a.begin - _NEAR <= b.end and b.begin - _NEAR <= a.end
    return a.begin - _NEAR <= b.at <= a.end + _NEAR and b.begin - _NEAR <= a.at <= b.end + _NEAR


def _table(rules: _Rules, words: list[PaperWord]) -> PaperTable | None:
    xs = _places([rule.at for rule in rules.down])
    ys = _places([rule.at for rule in rules.across])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:
        return None
    cells = _merged(rules, xs, ys)
    held: dict[tuple[int, int], list[PaperWord]] = {}
    for word in words:
        row, column = _slot(ys, (word.top + word.bottom) / 2), _slot(xs, (word.left + word.right) / 2)
        if row is not None and column is not None:
            held.setdefault(cells[row, column], []).append(word)
    if len(held) < 3:
        return None
    content = [[_cell((row, column), cells, held) for column in range(columns)] for row in range(rows)]
    return PaperTable(ys[0], ys[-1], [row for row in content if any(row)])


def _cell(
    place: tuple[int, int],
    cells: dict[tuple[int, int], tuple[int, int]],
    held: dict[tuple[int, int], list[PaperWord]],
) -> list[PaperLine] | None:
    first = cells[place]
    if first[0] < place[0] and first[1] == place[1]:
        return None
    return plain_lines(held.get(place, []))


def _places(values: list[float]) -> list[float]:
    """Strokes of one line count once."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _slot(edges: list[float], place: float) -> int | None:
    return next((i for i in range(len(edges) - 1) if edges[i] <= place < edges[i + 1]), None)


def _merged(rules: _Rules, xs: list[float], ys: list[float]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid the first place (top, then left) of the cell it belongs to."""
    first = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while first[place] != place:
            place = first[place]
        return place

    for row, column in list(first):
        middle_y, middle_x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column and not _is_drawn(rules.down, xs[column], middle_y):
            _join(first, root((row, column - 1)), root((row, column)))
        if row and not _is_drawn(rules.across, ys[row], middle_x):
            _join(first, root((row - 1, column)), root((row, column)))
    return {place: root(place) for place in first}


def _join(first: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], two: tuple[int, int]) -> None:
    first[max(one, two)] = min(one, two)


def _is_drawn(rules: list[_Rule], at: float, beside: float) -> bool:
    return any(
        abs(rule.at - at) <= _NEAR and rule.begin - _NEAR <= beside <= rule.end + _NEAR for rule in rules
    )
