"""Files that come as evidence: told by their content, photos without what they tell, hostile ones refused."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from app.documents.attachments import recognise_attachment, shown_name
from app.documents.decoding import UnreadableDocument
from app.outside.reader import look_into
from tests.documents.papers import as_docx, as_pdf, paper_is_there
from tests.outside import hostile
from tests.photos import DEVICE, photo, picture, saved


def test_a_photo_keeps_its_pixels_and_loses_place_device_and_all_else() -> None:
    data = photo()
    assert DEVICE.encode() in data
    assert dict(Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825))

    kept = look_into(data)

    shown = Image.open(io.BytesIO(kept.data))
    assert (kept.kind, shown.format, shown.size) == ("jpg", "JPEG", (480, 640))  # turned upright
    assert dict(shown.getexif()) == {}
    assert not [mark for mark in (DEVICE.encode(), b"Exif", b"ftyp", b"21.09") if mark in kept.data]
    assert kept.data.count(b"\xff\xd8\xff") == 1  # no thumbnail inside, no film behind


def test_the_turned_photo_shows_what_was_on_top() -> None:
    red_on_the_left = Image.new("RGB", (400, 200), "blue")
    red_on_the_left.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6

    shown = Image.open(io.BytesIO(look_into(saved(red_on_the_left, "JPEG", exif=exif)).data)).convert("RGB")

    top, bottom = shown.getpixel((100, 50)), shown.getpixel((100, 350))
    assert (shown.size, top[0] > 200, bottom[2] > 200) == ((200, 400), True, True)


@pytest.mark.parametrize("data", [photo(2000, 900), saved(picture(900, 2000)), saved(picture(), "WEBP")])
def test_a_preview_is_small(data: bytes) -> None:
    preview = look_into(data).preview

    assert preview is not None
    assert len(preview) < 40_000
    assert max(Image.open(io.BytesIO(preview)).size) <= 320


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_kind_are_taken_without_their_comments(mode: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Comment", DEVICE)
    image = Image.new(mode, (40, 30)) if mode == "I;16" else picture(40, 30).convert(mode)

    kept = look_into(saved(image, pnginfo=said))

    assert kept.kind == "png"
    assert DEVICE.encode() not in kept.data
    assert Image.open(io.BytesIO(kept.data)).size == (40, 30)


@pytest.mark.skipif(not paper_is_there(), reason="fonts-liberation2 is not installed")
def test_papers_are_told_by_content_and_kept_as_they_came() -> None:
    for kind, data in (
        ("docx", as_docx("Biên bản")),
        ("pdf", as_pdf("Biên bản")),
        ("txt", "Biên bản".encode()),
    ):
        kept = look_into(data)

        assert (kept.kind, kept.data) == (kind, data)
        assert (kept.preview is not None) == (kind == "pdf")


def picture_that_lies_about_its_size() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IDAT"
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )


def half_a_photo() -> bytes:
    data = photo(3000, 2000)
    return data[: len(data) // 3]


def page_with_script() -> bytes:
    return b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>"


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic" + bytes(200)


def program() -> bytes:
    return b"MZ" + bytes(range(32)) * 40


def secret_text() -> bytes:
    return "ĐẢNG ỦY XÃ\nMẬT\nBáo cáo".encode()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (picture_that_lies_about_its_size, "too_large_document"),
        (hostile.picture_bomb, "too_large_document"),
        (half_a_photo, "damaged_document"),
        (page_with_script, "damaged_document"),
        (heic, "unsupported_document"),
        (program, "unsupported_document"),
        (hostile.zip_bomb, "too_large_document"),
        (hostile.macros, "macro_document"),
        (hostile.plain_zip, "unsupported_document"),
        (hostile.zip_with_password, "encrypted_document"),
        (hostile.pages_in_a_circle, "damaged_document"),
        (secret_text, "secret_document"),
        (lambda: b"", "empty_document"),
        (lambda: saved(picture(), "GIF"), "unsupported_document"),
    ],
)
def test_what_is_hostile_broken_or_of_another_kind_is_refused_with_advice(
    make: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(UnreadableDocument, match="Hãy") as refusal:
        look_into(make())

    assert refusal.value.code == code


def test_a_text_is_no_picture_whatever_its_name() -> None:
    assert recognise_attachment(b"xin chao") == "txt"


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\Lan\\ảnh họp.JPG", "jpg", "ảnh họp.JPG"),
        ("ảnh.png", "jpg", "ảnh.jpg"),
        ("virus.exe", "txt", "virus.exe.txt"),
        ("bien\u202egpj.exe", "pdf", "biengpj.exe.pdf"),
        ('a"b<c>.pdf', "pdf", "a_b_c_.pdf"),
        ("", "png", "minh-chung.png"),
        ("x" * 400 + ".pdf", "pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_no_path_and_ends_as_its_content_is(name: str, kind: str, shown: str) -> None:
    assert shown_name(name, kind) == shown
