"""`make bench`: the app's speed beside its two yardsticks, in one run on this machine.

SIZE=commune (default) or nation; SECONDS=5 for each figure; ONLY=list,step for some operations (names in
bench/operations.py). Files are kept under .cache/bench. Read docs/performance.md for what the lines mean.
"""

import os
import sys
from pathlib import Path

from bench.data import COMMUNES
from bench.load import LoadFailed, check_wrk
from bench.measuring import measure
from bench.operations import FIGURES, READS, WRITES

NAMES = READS | WRITES | FIGURES
FOLDER = Path(".cache/bench").resolve()


def main() -> int:
    size, seconds = os.environ.get("SIZE", "commune"), os.environ.get("SECONDS", "5")
    if size not in ("commune", "nation") or not seconds.isdigit() or not 1 <= int(seconds) <= 60:
        print("SIZE is commune or nation, SECONDS a number from 1 to 60.", file=sys.stderr)
        return 2
    only = frozenset(filter(None, os.environ.get("ONLY", "").split(",")))
    if unknown := only - NAMES:
        print(f"ONLY knows {', '.join(sorted(NAMES))}; not {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    try:
        check_wrk()
        communes = COMMUNES if size == "nation" else 1
        measure(FOLDER, rounds=int(seconds), communes=communes, only=only)
    except LoadFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
