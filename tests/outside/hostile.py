"""Files that mean harm or are broken, made on the spot. Each is as small as it can be."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import xlsxwriter
from PIL import Image

from tests.documents.papers import as_docx, as_pdf

PLAN = "KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám bệnh cho 100% học sinh.\n"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_with(part: str, content: bytes) -> bytes:
    """A good Word file with one part replaced or added."""
    return _repacked(as_docx(PLAN), {part: content})


def zip_bomb() -> bytes:
    """70 megabytes of one letter in a part of 70 kilobytes."""
    return word_with("word/document.xml", b"a" * (70 * 1024 * 1024))


def zip_of_many_parts() -> bytes:
    return _repacked(as_docx(PLAN), {f"word/media/{number}.xml": b"<a/>" for number in range(5000)})


def zip_that_lies_about_size() -> bytes:
    """The directory says that a large part is small."""
    data = bytearray(word_with("word/document.xml", b" " * (50 * 1024 * 1024)))
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x05\x06"))
    while data[directory + 46 : directory + 63] != b"word/document.xml":
        directory = data.rindex(b"PK\x01\x02", 0, directory)
    struct.pack_into("<I", data, directory + 24, 10)
    return bytes(data)


def growing_entities() -> bytes:
    """A billion laughs."""
    kinds = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{kinds}]>'
    return word_with(
        "word/document.xml", f"{xml}<w:document {_W}><w:body>&e9;</w:body></w:document>".encode()
    )


def foreign_entity() -> bytes:
    """An entity that would read a file of the server."""
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document {_W}>'
    text = "<w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>"
    return word_with("word/document.xml", (xml + text).encode("utf-16"))


def deep_nesting() -> bytes:
    open_, close = "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"
    xml = f"<w:document {_W}><w:body>{open_ * 100_000}{close * 100_000}</w:body></w:document>"
    return word_with("word/document.xml", xml.encode())


def nested_tables() -> bytes:
    open_, close = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    xml = f"<w:document {_W}><w:body>{open_ * 80}{close * 80}</w:body></w:document>"
    return word_with("word/document.xml", xml.encode())


def table_of_huge_spans() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc>'
    xml = f"<w:document {_W}><w:body><w:tbl>{f'<w:tr>{cell * 60}</w:tr>' * 400}</w:tbl></w:body></w:document>"
    return word_with("word/document.xml", xml.encode())


def endless_text() -> bytes:
    paragraph = f"<w:p><w:r><w:t>{'chữ ' * 1000}</w:t></w:r></w:p>"
    xml = f"<w:document {_W}><w:body>{paragraph * 600}</w:body></w:document>"
    return word_with("word/document.xml", xml.encode())


def macros() -> bytes:
    types = zipfile.ZipFile(io.BytesIO(as_docx(PLAN))).read("[Content_Types].xml")
    types = types.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )
    return _repacked(
        as_docx(PLAN), {"[Content_Types].xml": types, "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    )


def word_with_password() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )


def zip_with_password() -> bytes:
    data = bytearray(as_docx(PLAN))
    place = data.index(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def plain_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("../../etc/cron.d/a", "x")
    return file.getvalue()


def far_cell() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Nhiệm vụ")
        sheet.write(1_048_575, 16_383, "xa")
    return file.getvalue()


def huge_page() -> bytes:
    return as_pdf("KẾ HOẠCH").replace(b"/MediaBox [0 0 595.28 841.89]", b"/MediaBox [0 0 9e9 9e9]      ")


def pages_in_a_circle() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>endobj\ntrailer<</Root 1 0 R>>"
    )


def stream_bomb() -> bytes:
    """A page whose drawing orders unpack to 50 megabytes."""
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * (50 * 1024 * 1024 // 14), 9)
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
    head = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return body + page + head + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"


def picture_bomb() -> bytes:
    """A picture of 3.6 thousand million dots in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


def picture_full_of_text() -> bytes:
    """A PNG whose comments unpack to 100 megabytes."""
    packed = zlib.compress(b"a" * 100 * 1024 * 1024)
    data = b"chu\0\0" + packed
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    good = picture()
    return good[:33] + chunk + good[33:]


def half_a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(file, "JPEG")
    return file.getvalue()[:300]


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("L", (400, 500), 255).save(file, "PNG")
    return file.getvalue()


def sheet() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for row in range(8):
            page.write_row(row, 0, [row, f"Nhiệm vụ {row}", "Trạm Y tế", "Quý I/2026"])
    return file.getvalue()


def polyglots() -> dict[str, bytes]:
    """Files that are two things at once."""
    word, pdf = as_docx(PLAN), as_pdf(PLAN)
    return {"pdf-then-zip": pdf + word, "zip-then-pdf": word + pdf, "text-then-pdf": b"KE HOACH\n" + pdf}


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Good files with bytes turned, cut, doubled or moved; the same for the same seed."""
    chance = random.Random(seed)
    good = {"docx": as_docx(PLAN * 3), "pdf": as_pdf(PLAN * 3), "xlsx": sheet(), "png": picture()}
    for number in range(count):
        kind = chance.choice(sorted(good))
        data = good[kind]
        if kind in ("docx", "xlsx") and chance.random() < 0.7:
            yield f"{kind}-{number}", _with_mutated_part(data, chance)
        else:
            yield f"{kind}-{number}", _mutated(data, chance)


def _with_mutated_part(data: bytes, chance: random.Random) -> bytes:
    """Past the checks of the archive, into the readers of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        name = chance.choice([name for name in package.namelist() if name.endswith(".xml")])
        return _repacked(data, {name: _mutated(package.read(name), chance)})


def _mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        _CHANGES[chance.randrange(len(_CHANGES))](changed, chance)
    return bytes(changed)


def _turn(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    del data[place : place + chance.choice((1, 10, 500))]


def _double(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = data[place : place + chance.choice((4, 100))] * chance.choice((1, 50))


def _overwrite(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    data[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"9999", b"</w:", b"<w:tbl>"))


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (_turn, _turn, _cut, _double, _overwrite)


def _repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()
