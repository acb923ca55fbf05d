"""The servers of a run: real processes on free loopback ports, ended by their own ids."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TIENDO = Path(sys.executable).with_name("tiendo")
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Running:
    """`started_in`: seconds from the command to the first answer."""

    url: str
    pid: int
    started_in: float

    def megabytes(self) -> float:
        """Memory held now (resident), on systems with /proc; else 0."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@contextmanager
def app_server(data: Path) -> Iterator[Running]:
    """`tiendo serve` over the database in `data`."""
    port = free_port()
    command = [str(TIENDO), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _process(command, port, "/readyz", data / "server.log", TIENDO_DATA_DIR=str(data)) as running:
        yield running


@contextmanager
def yardstick_server(data: Path, specification: Path) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "bench.yardsticks", str(specification), str(port)]
    with _process(command, port, "/ready", data / "yardsticks.log", TIENDO_DATA_DIR=str(data)) as running:
        yield running


@contextmanager
def _process(
    command: Sequence[str], port: int, ready: str, log: Path, **environment: str
) -> Iterator[Running]:
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=_environment() | environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + ready, process, log)
        yield Running(url, process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """A developer's own settings must not reach the measured server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
