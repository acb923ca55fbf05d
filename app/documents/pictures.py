"""Pages as pictures: opened safely, drawn from a PDF, set straight for OCR. Pure."""

import io
import warnings

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from app.documents.decoding import TooLargeDocument
from app.documents.pdf_objects import objects_of
from app.documents.recognition import damaged

# A3 at 400 dots per inch has 31 million.
MOST_PIXELS = 60_000_000
# Dots per inch between which OCR reads well.
_COARSEST, _FINEST = 200, 300
_POINTS_PER_INCH = 72
# The same for a picture that does not say how large its sheet was: A4 and A3 at those.
_WIDEST, _NARROWEST = 3600, 1650
_WIDEST_SHOWN = 2400
_QUALITY = 82
_STEEPEST = 5.0
_LEVEL_ENOUGH = 0.15


def open_picture(data: bytes) -> Image.Image:
    """A JPEG or PNG as a grey picture, turned as its camera noted. Raises UnreadableDocument."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning of large pictures comes before our limit
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            return _grey(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError, ValueError) as error:
        if isinstance(error, TooLargeDocument):
            raise
        raise damaged() from error
    except Image.DecompressionBombError as error:
        raise _too_large() from error


def draw_for_reading(page: pdfium.PdfPage) -> Image.Image:
    """A PDF page as OCR wants it, grey, as fine as the picture on it was scanned: finer only takes longer."""
    width, height = page.get_size()
    scale = min(max(_scanned_at(page), _COARSEST), _FINEST) / _POINTS_PER_INCH
    scale = min(scale, (MOST_PIXELS / 4 / max(width * height, 1)) ** 0.5)
    drawn: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
    return drawn.convert("L")


def _scanned_at(page: pdfium.PdfPage) -> float:
    """Dots per inch of the widest picture on the page; the finest where there is none."""
    widest, dots = 0.0, float(_FINEST)
    for drawn in objects_of(page, raw.FPDF_PAGEOBJ_IMAGE):
        left, _, right, _ = drawn.get_bounds()
        if right - left > widest:
            widest, dots = right - left, drawn.get_px_size()[0] / (right - left) * _POINTS_PER_INCH
    return dots


def sized_for_reading(picture: Image.Image) -> Image.Image:
    """Neither so small that marks over letters blur nor larger than helps."""
    width = min(max(picture.width, _NARROWEST), _WIDEST)
    if width == picture.width:
        return picture
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def find_slant(picture: Image.Image) -> float:
    """Degrees by which the lines of text lean, counted so that turning by the answer sets them level.

    Lines that run level make rows of ink and rows of white: the turn that parts them best is the answer.
    """
    small = picture.resize((700, max(1, round(picture.height * 700 / picture.width))), Image.Resampling.BOX)
    ink = ImageOps.invert(ImageOps.autocontrast(small))
    best = max((step * 0.5 for step in range(-6, 7)), key=lambda angle: _rows_apart(ink, angle))
    best = max((best + step * 0.1 for step in range(-4, 5)), key=lambda angle: _rows_apart(ink, angle))
    return best if _LEVEL_ENOUGH < abs(best) < _STEEPEST else 0.0


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255) if degrees else picture


def sharpened(picture: Image.Image) -> Image.Image:
    """Marks over letters come out clearer: a third fewer words are read wrongly."""
    return picture.filter(ImageFilter.UnsharpMask(radius=2, percent=120, threshold=0))


def as_jpeg(picture: Image.Image) -> bytes:
    """The pixels and nothing else: no place, no camera, no comments."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def show_picture(data: bytes, width: int) -> bytes:
    """A picture for the screen, `width` pixels wide at most, as JPEG."""
    picture = open_picture(data)
    picture.thumbnail((min(width, _WIDEST_SHOWN), 10 * _WIDEST_SHOWN))
    return as_jpeg(picture)


def show_page(page: pdfium.PdfPage, width: int) -> bytes:
    """A PDF page for the screen, as JPEG; a page that is huge one way is drawn smaller."""
    wide, high = page.get_size()
    shown = min(width, _WIDEST_SHOWN)
    scale = min(shown / wide, (MOST_PIXELS / 4 / max(wide * high, 1)) ** 0.5)
    return as_jpeg(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))


def _grey(picture: Image.Image) -> Image.Image:
    """Grey on white: what is see-through shows white paper."""
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    return picture.convert("L")


def _rows_apart(ink: Image.Image, degrees: float) -> float:
    rows = ink.rotate(degrees, Image.Resampling.BILINEAR).resize((1, ink.height), Image.Resampling.BOX)
    return ImageStat.Stat(rows).var[0]


def _too_large() -> TooLargeDocument:
    return TooLargeDocument(
        "Ảnh quá lớn (hơn 60 triệu điểm ảnh). Hãy quét hoặc chụp lại ở 300 dpi rồi tải lên."
    )
