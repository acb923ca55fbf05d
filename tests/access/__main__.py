"""`python -m tests.access`: ask every route as everybody and write matrix.txt anew (minutes). With `--missing` only
what is not in the table yet; with parts of labels (`/viec/ "POST /ky"`) only those routes."""

import sys
import tempfile
from pathlib import Path

from tests.access.table import Ground, read_table, write_table
from tests.access.world import everybody
from tests.databases import begin_run

parts = [part for part in sys.argv[1:] if part != "--missing"]
kept = read_table() if sys.argv[1:] else {}
run = begin_run()
with tempfile.TemporaryDirectory() as folder:
    ground = Ground(run, Path(folder))
    answers = {}
    for label in ground.asked:
        known = {} if any(part in label for part in parts) else kept.get(label, {})
        answers[label] = {
            person: known[person] if person in known else ground.ask(label, person).status_code
            for person in everybody()
        }
    write_table(answers)
    ground.close()
run.end()
