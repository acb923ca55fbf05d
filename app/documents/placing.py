"""A reading's passages get their places on the pages, and targets with words OCR is unsure of get a warning."""

from collections.abc import Iterator
from dataclasses import replace

from app.documents.sources import Places, Source
from app.documents.values import IndicatorRead, Passage, Reading, WarningRead
from app.text import compare_key

# On clean scans half of the words tesseract reads wrongly lie below this, and 3 in 1,000 of the right ones.
UNSURE_BELOW = 80
_EXCERPT = 80


def place_reading(reading: Reading, source: Source) -> Reading:
    """The same reading with page, box and confidence of each passage, and what is to be known about the files."""
    noted = tuple(WarningRead(note.code, note.message, None, "") for note in source.notes)
    reading = replace(reading, warnings=(*noted, *reading.warnings))
    if not source.words:
        return reading
    places = Places(source.words)
    passages = tuple(_placed(passage, places) for passage in reading.passages)
    unsure = _unsure_words(reading, source.text, places)
    return replace(reading, passages=passages, warnings=_in_order(reading, (*reading.warnings, *unsure)))


def _placed(passage: Passage, places: Places) -> Passage:
    place = places.find(passage.start, passage.end)
    if place is None:
        return passage
    return replace(passage, page=place.page, box=place.box, confidence=place.confidence)


def _unsure_words(reading: Reading, text: str, places: Places) -> Iterator[WarningRead]:
    """Of the words inside a target: one wrong digit there misleads for years."""
    passages = {passage.id: passage for passage in reading.passages}
    told: set[int] = set()
    for indicator in reading.indicators:
        passage = passages[indicator.passage]
        for word in places.words(passage.start, passage.end):
            unsure = word.confidence is not None and word.confidence < UNSURE_BELOW
            said = text[word.start : word.end].strip("*.,;:()“”\"'-")
            if unsure and said and word.start not in told and _is_in(said, indicator):
                told.add(word.start)
                yield WarningRead(
                    "unsure_word",
                    f"Máy nhận dạng chưa chắc chữ “{said}” trong chỉ tiêu này. Hãy đối chiếu ảnh bản gốc.",
                    passage.id,
                    _around(text, max(passage.start, word.start), passage),
                )


def _is_in(word: str, indicator: IndicatorRead) -> bool:
    return compare_key(word) in compare_key(indicator.statement)


def _around(text: str, place: int, passage: Passage) -> str:
    begin = max(passage.start, place - _EXCERPT // 2)
    end = min(passage.end, place + _EXCERPT // 2)
    return " ".join(text[begin:end].replace("**", "").split())


def _in_order(reading: Reading, warnings: tuple[WarningRead, ...]) -> tuple[WarningRead, ...]:
    order = {passage.id: place for place, passage in enumerate(reading.passages)}
    return tuple(sorted(warnings, key=lambda warning: order.get(warning.passage or "", -1)))
