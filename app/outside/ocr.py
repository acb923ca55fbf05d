"""Reading words off a picture with the program tesseract and its Vietnamese data."""

import os
import shutil

import pytesseract
from PIL import Image

from app.documents.decoding import ProgramMissing, ReadingFailed
from app.documents.scan_words import SeenWord

# One column of text of varying sizes: the layout of pages is ours (page_rows.py).
_LAYOUT = "--psm 4 --oem 1"
_LONGEST_PAGE = 60
_LINE, _WORD = 4, 5


def see_words(picture: Image.Image) -> list[SeenWord]:
    """Words from top to bottom. Raises ProgramMissing, ReadingFailed."""
    _check_installed()
    os.environ["OMP_THREAD_LIMIT"] = "1"  # more threads cost more than they bring
    picture.format = "BMP"  # how it is handed over; packing it as PNG takes a second
    try:
        seen = pytesseract.image_to_data(
            picture,
            lang="vie",
            config=_LAYOUT,
            timeout=_LONGEST_PAGE,
            output_type=pytesseract.Output.DICT,
        )
    except pytesseract.TesseractError as error:
        raise _missing() if "vie" in str(error) else _failed() from error
    except RuntimeError as error:  # pytesseract's word for a time-out
        raise _failed() from error
    return _words(seen)


def _words(seen: dict[str, list[int | float | str]]) -> list[SeenWord]:
    words: list[SeenWord] = []
    line = (0, 0)
    for level, text, confidence, left, top, width, height in zip(
        *(seen[name] for name in ("level", "text", "conf", "left", "top", "width", "height")), strict=True
    ):
        x, y, wide, high = int(left), int(top), int(width), int(height)
        if level == _LINE:
            line = (y, y + high)
        elif level == _WORD and float(confidence) >= 0:
            words.append(SeenWord(str(text), x, y, x + wide, y + high, line, float(confidence)))
    return words


def _check_installed() -> None:
    if shutil.which("tesseract") is None:
        raise _missing()


def _missing() -> ProgramMissing:
    return ProgramMissing(
        "Tệp là bản quét hoặc ảnh chụp, nhưng máy chủ chưa cài chương trình nhận dạng chữ (tesseract-ocr và "
        "tesseract-ocr-vie). Hãy báo người quản trị cài thêm, hoặc tải lên tệp Word, PDF có chữ."
    )


def _failed() -> ReadingFailed:
    return ReadingFailed(
        "Không nhận dạng được chữ trên trang này. Hãy quét lại ở 300 dpi, thẳng và rõ nét, rồi tải lên."
    )
