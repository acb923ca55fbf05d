"""The lines drawn on a PDF page, which may be those of a table. Pure."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.pdf_objects import objects_of
from app.documents.pdf_words import Shown
from app.documents.ruled_tables import Rule, Rules

# Points: as thick as a line may be, and the shortest line.
_THICK = 3.0
_SHORTEST = 6.0
_MOST_LINES = 4000


def find_rules(page: pdfium.PdfPage) -> Rules:
    """None where the page is a drawing: thousands of lines make no table."""
    across: list[Rule] = []
    down: list[Rule] = []
    for left, top, right, bottom in _strokes(page):
        if bottom - top <= _THICK and right - left >= _SHORTEST:
            across.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THICK and bottom - top >= _SHORTEST:
            down.append(Rule((left + right) / 2, top, bottom))
        elif right - left > _SHORTEST and bottom - top > _SHORTEST:
            across += [Rule(top, left, right), Rule(bottom, left, right)]
            down += [Rule(left, top, bottom), Rule(right, top, bottom)]
        if len(across) + len(down) > _MOST_LINES:
            return Rules([], [])
    return Rules(across, down)


def _strokes(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom) of the straight lines and stroked rectangles drawn on the page."""
    shown = Shown(page, *page.get_size())
    for drawn in objects_of(page, raw.FPDF_PAGEOBJ_PATH):
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
