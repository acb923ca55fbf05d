"""A photo for the demo, drawn by ourselves and the same each time: people at work in a school's garden."""

import io

from PIL import Image, ImageDraw

from app.documents.photos import clean_photo
from app.services.evidence_file import PreparedFile

SIZE = 960, 720
SKY, HILLS, WALL, ROOF, SOIL, LEAF, SKIN = (
    "#bcd9ea", "#5f8f63", "#f3e3b3", "#a8432f", "#7a5636", "#3f8f3a", "#c99a76",
)  # fmt: skip
SHIRTS = ("#1b4b7a", "#8f181c", "#c9982f", "#1a6840", "#5d544d")


def garden_photo(name: str) -> PreparedFile:
    """As a phone would have sent it: a JPEG with its small picture."""
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 330), (180, 190), (360, 300), (560, 150), (760, 290), (960, 210), (960, 460), (0, 460)], HILLS
    )
    _draw_school(draw)
    draw.rectangle((0, 430, *SIZE), SOIL)
    for row in range(4):
        for plant in range(14):
            x, y = 20 + plant * 70 + row * 15, 470 + row * 62
            draw.ellipse((x, y, x + 44, y + 22), LEAF)
    for number, shirt in enumerate(SHIRTS):
        _draw_person(draw, 90 + number * 185, 400 + (number % 2) * 70, shirt)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82)
    photo = clean_photo(file.getvalue(), "jpg")
    return PreparedFile(name, "image/jpeg", photo.data, photo.preview)


def _draw_school(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((330, 270, 700, 430), WALL)
    draw.polygon([(310, 275), (515, 205), (720, 275)], ROOF)
    for window in range(4):
        draw.rectangle((355 + window * 88, 310, 410 + window * 88, 360), "#6d8ea3")
    draw.line((770, 430, 770, 190), "#5d544d", 6)
    draw.rectangle((773, 190, 850, 240), "#d0252b")


def _draw_person(draw: ImageDraw.ImageDraw, x: int, y: int, shirt: str) -> None:
    draw.rectangle((x - 22, y + 95, x + 22, y + 170), "#2c2c33")
    draw.rounded_rectangle((x - 32, y, x + 32, y + 105), 18, shirt)
    draw.ellipse((x - 22, y - 50, x + 22, y - 4), SKIN)
    draw.polygon([(x - 48, y - 34), (x, y - 74), (x + 48, y - 34)], "#e3cd94")
    draw.line((x + 30, y + 30, x + 74, y + 150), "#4b3a2a", 7)
