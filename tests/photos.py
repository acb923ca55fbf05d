"""Photos for the tests, as a phone makes them: with place, device, a thumbnail inside, and lying on their side."""

import io
import random
from typing import Any

from PIL import Image

DEVICE = "MAY-ANH-BI-MAT"
_GPS, _ORIENTATION, _MAKE, _COMMENT = 0x8825, 0x0112, 0x010F, 0x9286


def picture(width: int = 640, height: int = 480, *, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """Noise in soft blocks: no two seeds give the same bytes."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (32, 24), chance.randbytes(32 * 24 * 3))
    return small.resize((width, height)).convert(mode)


def photo(width: int = 640, height: int = 480, *, seed: int = 1) -> bytes:
    """A JPEG that says where and by what it was taken, to be turned by a quarter; with its own thumbnail, a comment and
    a colour profile's worth of device data."""
    exif = Image.Exif()
    exif[_MAKE] = DEVICE
    exif[_ORIENTATION] = 6
    exif.get_ifd(_GPS).update({1: "N", 2: (21.0, 5.0, 33.0), 3: "E", 4: (105.0, 12.0, 7.0)})
    inside = io.BytesIO()
    picture(160, 120, seed=seed + 1).save(inside, "JPEG")
    return saved(
        picture(width, height, seed=seed),
        "JPEG",
        exif=exif,
        comment=f"{DEVICE} 21.0925 105.2019".encode(),
        quality=85,
    ) + (b"\x00\x00\x00\x18ftypmp42" + DEVICE.encode() + inside.getvalue())


def saved(image: Image.Image, format_: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **how)
    return file.getvalue()
