"""Folders of killed readings."""

import os
import tempfile
import time

from app.outside.reader import FOLDER, LONGEST_READING
from app.outside.reading_leftovers import sweep


def test_only_folders_of_readings_that_must_have_ended_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh, other = (tmp_path / name for name in (f"{FOLDER}1", f"{FOLDER}2", "other"))
    for folder in (old, fresh, other):
        folder.mkdir()
        (folder / "0").write_bytes(b"...")
    long_ago = time.time() - LONGEST_READING - 60
    for folder in (old, other):
        os.utime(folder, (long_ago, long_ago))

    sweep()

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([fresh.name, other.name])
