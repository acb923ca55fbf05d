"""Commands run in this process, on this test's own database."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.cli import main
from app.settings import get_settings


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def tiendo(monkeypatch, capsys, database_url, tmp_path) -> Callable[..., Ended]:
    """`tiendo("unit", "list", …, stdin="…")` runs one command; once on each engine."""
    monkeypatch.setenv("TIENDO_DATABASE_URL", database_url)
    monkeypatch.setenv("TIENDO_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str, stdin: str = "") -> Ended:
        get_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["tiendo", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return Ended(int(end.value.code or 0), printed.out, printed.err)

    yield run
    get_settings.cache_clear()
