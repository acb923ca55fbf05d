"""A real `tiendo serve` for tests that need a browser or the network."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Run, free_port

TIENDO = Path(sys.executable).with_name("tiendo")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: its address without a trailing slash, and the environment its commands need."""

    url: str
    environment: dict[str, str]

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Run a `tiendo` command on this server's data and return what it printed."""
        return run_tiendo(self.environment, *arguments, stdin=stdin)


@contextmanager
def demo_server(run: Run, folder: Path, **settings: str) -> Iterator[Server]:
    """Serve a copy of the run's demo data from `folder`; `settings` are variables without TIENDO_."""
    shutil.copytree(demo_data(run), folder / "data")
    environment = demo_environment(folder / "data")
    environment |= {f"TIENDO_{name.upper()}": value for name, value in settings.items()}
    with serving(environment, folder / "server.log") as server:
        yield server


def demo_data(run: Run) -> Path:
    """The data folder of a loaded demo that nobody has open; loading takes seconds, so a run does it once."""
    loaded = run.folder / "demo"
    with run.lock("demo"):
        if not loaded.exists():
            draft = run.folder / "demo-draft"
            run_tiendo(demo_environment(draft), "migrate")
            run_tiendo(demo_environment(draft), "demo")
            draft.rename(loaded)
    return loaded


def demo_environment(data: Path) -> dict[str, str]:
    return os.environ | {"TIENDO_DATA_DIR": str(data), "TIENDO_DEMO": "true"}


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run `tiendo serve` on a free loopback port until the block ends; its output goes to `log`."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [TIENDO, "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Server(f"http://127.0.0.1:{port}", environment)
    finally:
        stop(process)


def run_tiendo(environment: dict[str, str], *arguments: str, stdin: str = "") -> str:
    ended = subprocess.run(
        [TIENDO, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, f"tiendo {' '.join(arguments)}: {ended.stderr[-2000:]}"
    return ended.stdout


def wait_until_healthy(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
