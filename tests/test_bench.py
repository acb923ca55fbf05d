"""The bench runs from end to end, on little data and for a second each; what it measures is not judged here."""

import os
import shutil
from pathlib import Path

import pytest

from bench.load import MISSING
from bench.measuring import measure
from bench.operations import WITH_SIGN_IN


@pytest.fixture(autouse=True)
def load_program() -> None:
    if shutil.which("wrk") is None:
        if os.environ.get("TIENDO_REQUIRE_WRK"):
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


def test_reads_and_changes_are_measured_against_their_yardsticks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measure(tmp_path, rounds=1, connections=(16,), only=frozenset({"list", "figures", "figure", "rollup"}))
    printed = capsys.readouterr().out
    columns = {line[:18].strip(): line[18:].split() for line in printed.splitlines()}
    of_floor = [float(columns[title][4]) for title in ("list of 100", "submission")]
    assert all(part > 0 for part in of_floor)
    for title in ("plan's indicators", "roll-up, province"):
        assert int(columns[title][8]) <= WITH_SIGN_IN
    assert "first visit" in printed
    assert "cold start" in printed
