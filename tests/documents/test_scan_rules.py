import pytest
from PIL import Image, ImageDraw

from app.documents.paper import PaperPage
from app.documents.pictures import find_slant, turned
from app.documents.ruled_tables import of_tables
from app.documents.scan_rules import erased, find_rules
from app.documents.scan_words import SeenWord, words_on_paper

WIDTH = 595.0


def test_the_lines_of_a_grid_are_found_and_taken_out() -> None:
    picture = _page()
    _grid(picture)
    rules = of_tables(find_rules(picture, WIDTH))

    assert {round(rule.at / 10) for rule in rules.across} == {20, 30, 40}
    assert {round(rule.at / 10) for rule in rules.down} == {10, 25, 50}
    dark = erased(picture, rules, WIDTH).point(lambda grey: grey < 128).getbbox()
    assert dark is None


def test_lines_of_letters_and_underlines_are_no_table() -> None:
    picture = _page()
    pen = ImageDraw.Draw(picture)
    for row in range(300, 900, 60):
        for place in range(200, 1500, 26):
            pen.rectangle((place, row, place + 14, row + 24), fill=0)
    pen.line((600, 1000, 1000, 1000), fill=0, width=3)

    rules = of_tables(find_rules(picture, WIDTH))

    assert (rules.across, rules.down) == ([], [])


@pytest.mark.parametrize("degrees", [-2.3, -0.7, 0.0, 1.4])
def test_a_crooked_page_is_set_straight(degrees: float) -> None:
    picture = _page()
    pen = ImageDraw.Draw(picture)
    for row in range(200, 2000, 60):
        pen.rectangle((200, row, 1400, row + 22), fill=40)

    assert find_slant(turned(picture, degrees)) == pytest.approx(-degrees, abs=0.2)


def test_boxes_are_given_on_the_page_as_it_is_crooked_or_not() -> None:
    (word,) = words_on_paper([SeenWord("chữ", 1000, 100, 1100, 140, (100, 140), 90)], 0.36)
    straight = PaperPage(1, 595, 842).box(word)
    crooked = PaperPage(1, 595, 842, slant=2).box(word)

    # Turned back clockwise, what stands right of the middle at the top comes lower and further right.
    assert crooked.top > straight.top
    assert crooked.left > straight.left


def _page() -> Image.Image:
    return Image.new("L", (1654, 2339), 245)


def _grid(picture: Image.Image) -> None:
    pen, scale = ImageDraw.Draw(picture), picture.width / WIDTH
    for height in (200, 300, 400):
        pen.line((100 * scale, height * scale, 500 * scale, height * scale), fill=30, width=2)
    for left in (100, 250, 500):
        pen.line((left * scale, 200 * scale, left * scale, 400 * scale), fill=30, width=2)
