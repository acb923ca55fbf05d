"""What a PDF page is drawn with, looked at only so far: a page may hold millions of strokes to keep us busy."""

from collections.abc import Iterator
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.decoding import TooLargeDocument

# A dense page of a real document has some thousands.
MOST_OBJECTS = 20_000
_DEEPEST = 4
# A map or a plan of a building may have tens of thousands; drawing more than this takes minutes.
_MOST_DRAWN = 300_000


def refuse_overloaded(page: pdfium.PdfPage) -> None:
    """Raise TooLargeDocument where a page holds more than anybody could look at."""
    if raw.FPDFPage_CountObjects(page) > _MOST_DRAWN:
        raise TooLargeDocument(
            "Tệp có trang chứa quá nhiều nét vẽ. Hãy in trang đó ra PDF dạng ảnh rồi tải lên lại."
        )


def objects_of(page: pdfium.PdfPage, *kinds: int) -> Iterator[pdfium.PdfObject]:
    """Objects of these kinds (FPDF_PAGEOBJ_…) among the first ones of the page."""
    every = islice(page.get_objects(max_depth=_DEEPEST), MOST_OBJECTS)
    return (drawn for drawn in every if drawn.type in kinds)
