"""`make bench`: the app's speed beside its two yardsticks, in one run on this machine.

SIZE=commune (default) or nation; SECONDS=5 for each figure; files are kept under .cache/bench. Read
docs/performance.md for what the lines mean.
"""

import os
import sys
from pathlib import Path

from bench.load import LoadFailed, check_wrk
from bench.measuring import measure

FOLDER = Path(".cache/bench").resolve()


def main() -> int:
    size, seconds = os.environ.get("SIZE", "commune"), os.environ.get("SECONDS", "5")
    if size not in ("commune", "nation") or not seconds.isdigit() or not 1 <= int(seconds) <= 60:
        print("SIZE is commune or nation, SECONDS a number from 1 to 60.", file=sys.stderr)
        return 2
    try:
        check_wrk()
        measure(FOLDER, size=size, rounds=int(seconds))
    except LoadFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
