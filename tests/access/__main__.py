"""`python -m tests.access`: ask every route as everybody and write matrix.txt anew."""

import tempfile
from pathlib import Path

from tests.access.table import Ground, write_table
from tests.access.world import everybody
from tests.databases import begin_run

run = begin_run()
with tempfile.TemporaryDirectory() as folder:
    ground = Ground(run, Path(folder))
    write_table({label: {p: ground.ask(label, p).status_code for p in everybody()} for label in ground.asked})
    ground.close()
run.end()
