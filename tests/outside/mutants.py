"""`python -m tests.outside.mutants SEED COUNT`: each mutated file is opened in a fork with the child's own limits.

A fork that ends by itself has read the file, refused it, or met an error that the reader turns into a refusal; a fork
that is killed by a limit or crashes is reported, and more than a few of them fail the run.
"""

import os
import resource
import sys
import time
from collections import Counter

from app.documents.decoding import UnreadableDocument
from app.documents.pdf_file import read_pdf, read_picture
from app.documents.reading import read_source
from app.documents.recognition import recognise
from app.documents.sheet import read_sheet
from app.documents.sources import Source
from app.documents.word_file import read_docx
from tests.outside.hostile import mutants

SECONDS, MEMORY = 20, 2 * 1024**3
READ, REFUSED, FAILED = 0, 10, 11
FEW = 0.01


def main(seed: int, count: int) -> int:
    ends: Counter[str] = Counter()
    strange: list[str] = []
    slowest = 0.0
    for name, data in mutants(seed, count):
        begun = time.monotonic()
        end = _open_in_fork(data)
        slowest = max(slowest, time.monotonic() - begun)
        ends[end] += 1
        if end not in ("read", "refused"):
            strange.append(f"{name} {end}")
    print(dict(ends), f"slowest {slowest:.1f} s", *strange[:20], sep="\n")
    return 0 if len(strange) <= FEW * count else 1


def _open_in_fork(data: bytes) -> str:
    child = os.fork()
    if child == 0:
        os._exit(_opened(data))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return {READ: "read", REFUSED: "refused"}.get(os.WEXITSTATUS(status), "failed")


def _opened(data: bytes) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        read_source(_source(data))
    except UnreadableDocument:
        return REFUSED
    except BaseException as error:  # noqa: BLE001 - the fork's whole life
        print(f"{type(error).__name__}: {str(error)[:100]}", file=sys.stderr, flush=True)
        return FAILED
    return READ


def _source(data: bytes) -> Source:
    kind = recognise(data)
    if kind == "docx":
        return read_docx(data)
    if kind == "xlsx":
        return read_sheet(data)
    if kind == "pdf":
        return read_pdf(data, lambda picture: [], lambda text: None)
    if kind == "image":
        return read_picture(data, lambda picture: [], lambda text: None)
    raise UnreadableDocument(kind)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
