"""Load from wrk, in short rounds that alternate between what is compared."""

import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
MISSING = "wrk is missing: install it with `apt-get install wrk` (or your system's package of that name)."


class LoadFailed(RuntimeError):
    """wrk could not run, or the server refused what it was sent."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one server is asked, over and over. `requests` are (path, body); {n} in a path becomes a number."""

    url: str
    requests: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over the rounds: requests per second, and milliseconds for half and for 99 of 100."""

    per_second: float
    p50: float
    p99: float
    sent: int


def check_wrk() -> None:
    if shutil.which("wrk") is None:
        raise LoadFailed(MISSING)


def compare(
    targets: Mapping[str, Target],
    folder: Path,
    *,
    connections: int,
    rounds: int,
    skip: int = 0,
    seconds: int = 1,
) -> dict[str, Speed]:
    """Some seconds each in turn, `rounds` times after one to warm up: what disturbs the machine disturbs them all."""
    files = {name: _write_requests(target, folder / f"{name}.requests") for name, target in targets.items()}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in targets}
    sent = dict.fromkeys(targets, skip)
    for _ in range(1 + rounds):
        for name, target in targets.items():
            count, *figures = _run(target, files[name], connections, sent[name], seconds)
            sent[name] += int(count)
            found[name].append((figures[0], figures[1], figures[2]))
    return {name: _median(rows[1:], sent[name]) for name, rows in found.items()}


def _median(rows: Sequence[tuple[float, float, float]], sent: int) -> Speed:
    per_second, p50, p99 = (statistics.median(column) for column in zip(*rows, strict=True))
    return Speed(per_second, p50, p99, sent)


def _write_requests(target: Target, file: Path) -> Path:
    file.write_text("".join(f"{path}\t{body}\n" for path, body in target.requests))
    return file


def _run(
    target: Target, file: Path, connections: int, skip: int, seconds: int
) -> tuple[float, float, float, float]:
    """(requests, requests per second, p50 ms, p99 ms) of one round."""
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency"]
    ended = subprocess.run(
        [*command, "-s", str(SCRIPT), *headers, target.url, "--", target.method, str(file), str(skip)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    line = next((text for text in ended.stdout.splitlines() if text.startswith("RESULT ")), None)
    if line is None:
        raise LoadFailed(f"wrk said: {ended.stdout[-500:]}{ended.stderr[-500:]}")
    count, microseconds, failed, p50, p99 = (int(part) for part in line.split()[1:])
    if failed or not count:
        raise LoadFailed(
            f"{failed} of {count} requests failed or none came back: {target.method} {target.requests[0][0]}"
        )
    return count, count * 1e6 / microseconds, p50 / 1000, p99 / 1000
