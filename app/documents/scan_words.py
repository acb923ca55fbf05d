"""Words that OCR saw on a picture → words on paper."""

from dataclasses import dataclass

from app.documents.paper import PaperWord


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word OCR read, in pixels of the picture; `line` is (top, bottom) of the line it stands in."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[int, int]
    confidence: float


def words_on_paper(seen: list[SeenWord], scale: float) -> list[PaperWord]:
    """`scale`: points of the page per pixel of the picture."""
    return [_on_paper(word, scale) for word in seen if _is_word(word)]


def _on_paper(word: SeenWord, scale: float) -> PaperWord:
    top, bottom = word.line
    return PaperWord(
        word.text,
        word.left * scale,
        word.top * scale,
        word.right * scale,
        word.bottom * scale,
        base=(top + bottom) / 2 * scale,
        size=(bottom - top) * scale * 0.8,
        confidence=word.confidence,
    )


def _is_word(word: SeenWord) -> bool:
    """Not a speck: OCR takes lines and stains for bars, dots and dashes it is unsure of."""
    return bool(word.text.strip()) and (
        any(letter.isalnum() for letter in word.text) or word.confidence >= 50 or word.text in "-+*–"
    )
