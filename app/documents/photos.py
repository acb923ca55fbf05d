"""A photo without what it tells of its maker: drawn anew from its pixels, turned as its camera noted. Pure.

Place, device, comments, the thumbnail inside it, a film behind it: whatever is not a pixel is left behind.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.documents.decoding import TooLargeDocument
from app.documents.pictures import MOST_PIXELS
from app.documents.recognition import damaged

PREVIEW = 320
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_QUALITY, _PREVIEW_QUALITY = 88, 70
_KEPT_AS_THEY_ARE = ("1", "L", "LA", "RGB", "RGBA", "I;16")


@dataclass(frozen=True, slots=True)
class Photo:
    """`data` in the format it came in; `preview` a small JPEG."""

    data: bytes
    preview: bytes


def clean_photo(data: bytes, kind: str) -> Photo:
    """Raises UnreadableDocument where it is damaged, or larger than a camera makes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning of large pictures comes before our limit
            picture = Image.open(io.BytesIO(data), formats=(_FORMATS[kind],))
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            upright = _in_plain_colours(ImageOps.exif_transpose(picture))
            return Photo(_bare(upright, kind), make_preview(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError) as error:
        raise damaged() from error
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except ValueError as error:
        if isinstance(error, TooLargeDocument):
            raise
        raise damaged() from error


def make_preview(picture: Image.Image) -> bytes:
    """At most PREVIEW pixels either way, on white, as JPEG."""
    small = picture.copy() if picture.mode in ("L", "RGB", "RGBA", "LA") else picture.convert("RGBA")
    small.thumbnail((PREVIEW, PREVIEW))
    paper = Image.new("RGB", small.size, "white")
    paper.paste(small, mask=small.getchannel("A") if small.mode in ("RGBA", "LA") else None)
    return _saved(paper, "JPEG", quality=_PREVIEW_QUALITY)


def _bare(picture: Image.Image, kind: str) -> bytes:
    if kind == "png":
        mode = picture.mode if picture.mode in _KEPT_AS_THEY_ARE else "RGBA"
        return _saved(picture.convert(mode), "PNG", optimize=True)
    if kind == "webp":
        mode = "RGBA" if "A" in picture.getbands() else "RGB"
        return _saved(picture.convert(mode), "WEBP", quality=_QUALITY)
    return _saved(picture.convert("L" if picture.mode in ("1", "L") else "RGB"), "JPEG", quality=_QUALITY)


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """A camera's own colours become those every screen shows; its colour profile names the camera too."""
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=wanted)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return shown or picture


def _saved(picture: Image.Image, format_: str, **how: int | bool) -> bytes:
    picture.info = {}
    file = io.BytesIO()
    picture.save(file, format_, **how)
    return file.getvalue()


def _too_large() -> TooLargeDocument:
    return TooLargeDocument("Ảnh quá lớn (hơn 60 triệu điểm ảnh). Hãy chụp lại ở cỡ thường rồi gửi.")
