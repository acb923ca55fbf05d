"""A real `tiendo serve` for tests that need a browser or the network."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import free_port

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
def demo_server(folder: Path, **settings: str) -> Iterator[Server]:
    """Serve the demo data from a new database in `folder`; `settings` are variables without TIENDO_."""
    environment = os.environ | {"TIENDO_DATA_DIR": str(folder / "data"), "TIENDO_DEMO": "true"}
    environment |= {f"TIENDO_{name.upper()}": value for name, value in settings.items()}
    run_tiendo(environment, "migrate")
    run_tiendo(environment, "demo")
    with serving(environment, folder / "server.log") as server:
        yield server


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
