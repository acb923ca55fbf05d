"""The process that opens what was sent: `python -m app.outside.reading_child` in a folder of `reader.py`.

It limits itself before it touches a byte. It reads `asked.json` and the files "0", "1", …; it writes
`outcome.json` or `page.jpg`, or `refusal.json` with a code and a sentence; progress goes to standard output.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.documents.decoding import UnreadableDocument, decode
from app.documents.reading import read_source
from app.documents.recognition import recognise
from app.documents.secrecy import refuse_secret
from app.documents.sources import Source, join_sources
from app.outside.reader import Outcome

_MEMORY = 2 * 1024**3
_CPU_SECONDS = 15 * 60
_LARGEST_FILE = 256 * 1024 * 1024
_PREVIEW = 600


def main() -> None:
    _limit()
    asked = json.loads(Path("asked.json").read_text(encoding="utf-8"))
    try:
        _TASKS[asked["task"]](asked)
    except UnreadableDocument as error:
        said = json.dumps({"code": error.code, "message": str(error)})
        Path("refusal.json").write_text(said, encoding="utf-8")


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    sys.setrecursionlimit(2000)


def _read(asked: dict[str, Any]) -> None:
    names: list[str] = asked["names"]
    files = [(name, Path(str(number)).read_bytes()) for number, name in enumerate(names)]
    for name, _ in files:
        refuse_secret("", name)
    kinds = [recognise(data) for _, data in files]
    source = join_sources(
        [(name, _source_of(kind, data)) for (name, data), kind in zip(files, kinds, strict=True)]
    )
    outcome = Outcome(source, read_source(source))
    Path("outcome.json").write_bytes(TypeAdapter(Outcome).dump_json(outcome))


def _source_of(kind: str, data: bytes) -> Source:
    return Source("txt", decode(data))


_TASKS: dict[str, Callable[[dict[str, Any]], None]] = {"read": _read}


if __name__ == "__main__":
    main()
