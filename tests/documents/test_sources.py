import json

import pytest

from app.documents.reading import read_source, reading_as_json
from app.documents.sources import (
    Box,
    Note,
    Places,
    Source,
    Word,
    join_sources,
    part_of_page,
)

TEXT = (
    "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n- Đến năm 2030, 95% số hộ có nước sạch. Trạm hoạt động tốt.\n\n"
    "II. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám."
)


def test_a_passage_has_the_place_of_its_words() -> None:
    reading = read_source(seen(TEXT))
    target = next(passage for passage in reading.passages if "95%" in passage.text)

    assert (target.page, target.confidence) == (2, 90)
    assert target.box is not None
    assert target.box.left < target.box.right
    shape = reading_as_json(reading)["passages"]
    printed = next(passage for passage in shape if passage["id"] == target.id)
    assert printed["page"] == 2
    assert printed["box"] == [target.box.left, target.box.top, target.box.right, target.box.bottom]
    json.dumps(shape)


def test_the_box_is_that_of_the_first_page_and_the_confidence_the_lowest() -> None:
    words = (
        Word(0, 3, 1, Box(0.1, 0.9, 0.2, 0.95), 99),
        Word(4, 7, 1, Box(0.3, 0.9, 0.4, 0.95), None),
        Word(8, 9, 2, Box(0.1, 0.1, 0.2, 0.15), 41),
    )
    place = Places(words).find(0, 9)

    assert place is not None
    assert (place.page, place.box, place.confidence) == (1, Box(0.1, 0.9, 0.4, 0.95), 41)
    assert Places(words).find(20, 30) is None


@pytest.mark.parametrize(("word", "told"), [("95%", True), ("hộ", True), ("Trạm", False), ("Khám.", False)])
def test_a_word_ocr_is_unsure_of_is_told_inside_a_target_only(word: str, told: bool) -> None:
    reading = read_source(seen(TEXT, unsure=word))

    warnings = [warning for warning in reading.warnings if warning.code == "unsure_word"]

    assert bool(warnings) is told
    if told:
        assert word in warnings[0].message
        assert word in warnings[0].excerpt


def test_a_text_has_no_places() -> None:
    reading = read_source(Source("txt", TEXT))

    assert {(passage.page, passage.box, passage.confidence) for passage in reading.passages} == {
        (None, None, None)
    }


def test_spreadsheets_stand_behind_the_plan_and_offsets_count_on() -> None:
    sheet, plan, scan = Source("xlsx", "| a |"), Source("docx", TEXT), seen("PHỤ LỤC")
    joined = join_sources([("bieu.xlsx", sheet), ("ke-hoach.docx", plan), ("quet.pdf", scan)])

    order = [(part.file, part.name) for part in joined.parts]
    assert order == [(1, "ke-hoach.docx"), (2, "quet.pdf"), (0, "bieu.xlsx")]
    assert [joined.text[part.start : part.end] for part in joined.parts] == [TEXT, "PHỤ LỤC", "| a |"]
    assert [joined.text[word.start : word.end] for word in joined.words] == ["PHỤ", "LỤC"]
    assert part_of_page(joined, 1) == (2, 1)
    assert part_of_page(joined, scan.pages + 1) is None


def test_what_should_be_known_of_a_file_comes_first_among_the_warnings() -> None:
    noted = Source("txt", TEXT, notes=(Note("hidden_sheet", "Có trang tính bị ẩn."),))

    assert read_source(join_sources([("a", noted)])).warnings[0].code == "hidden_sheet"


def seen(text: str, *, unsure: str = "") -> Source:
    """As if OCR had seen it: the first three words on page 1, the rest on page 2."""
    words: list[Word] = []
    place = 0
    for number, word in enumerate(text.split()):
        place = text.index(word, place)
        left = number % 10 / 10
        box = Box(left, 0.1, left + 0.05, 0.12)
        confidence = 30 if word == unsure else 90
        words.append(Word(place, place + len(word), 1 if number < 3 else 2, box, confidence))
        place += len(word)
    return Source("scan", text, 2, tuple(words))
