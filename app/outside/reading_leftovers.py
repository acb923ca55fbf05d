"""What readings left behind that were killed together with the process that would have cleaned up after them."""

import shutil
import tempfile
import time
from pathlib import Path

from app.outside.reader import FOLDER, LONGEST_READING


def sweep() -> None:
    """Remove folders of readings that must have ended: among what they hold may be what must not be kept."""
    oldest = time.time() - LONGEST_READING
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
