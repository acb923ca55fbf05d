"""Programs of the machine that some formats need. A machine may lack them; everything else works without."""

import shutil
import subprocess
from functools import cache


def programs() -> dict[str, bool]:
    """What is there now: `ocr` (tesseract with Vietnamese) for scans and pictures, `libreoffice` for .doc."""
    tesseract = shutil.which("tesseract")
    return {
        "ocr": tesseract is not None and "vie" in _languages(tesseract),
        "libreoffice": any(map(shutil.which, ("soffice", "libreoffice"))),
    }


def missing_programs() -> tuple[str, ...]:
    """Formats that this machine cannot read, as people call them."""
    there = programs()
    cannot = {"ocr": "bản chụp, bản quét (PDF ảnh, .jpg, .png)", "libreoffice": "Word đời cũ (.doc)"}
    return tuple(said for name, said in cannot.items() if not there[name])


@cache
def _languages(tesseract: str) -> frozenset[str]:
    try:
        listed = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [tesseract, "--list-langs"], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(listed.stdout.split())
