"""The tables of a run."""

from bench.load import Speed
from bench.operations import Operation
from bench.transfer import Transfers

FIRST_VISIT_KB, LATER_VISIT_KB, FIRST_VISIT_REQUESTS = 40, 5, 4
_LINE = "{:<18} {:>4} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7} {:>7} {:>8}  {}"


def print_heading(rounds: int) -> None:
    print(f"one process, SQLite, signed in; medians of {rounds} rounds, app and yardsticks in turn\n")
    print(
        _LINE.format(
            "operation", "conn", "app/s", "floor/s", "bare/s", "÷floor", "÷bare", "p50 ms", "p99 ms",
            "queries", "promise",
        )
    )  # fmt: skip


def print_operation(operation: Operation, connections: int, found: dict[str, Speed], queries: int) -> None:
    app = found["app"]
    of = {name: app.per_second / speed.per_second for name, speed in found.items()}
    print(
        _LINE.format(
            operation.title,
            connections,
            f"{app.per_second:,.0f}",
            *(f"{found[name].per_second:,.0f}" if name in found else "–" for name in ("floor", "bare")),
            *(_ratio(of[name]) if name in of else "–" for name in ("floor", "bare")),
            f"{app.p50:.2f}",
            f"{app.p99:.2f}",
            queries,
            _promise(operation, of, queries),
        ),
        flush=True,
    )


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def print_transfers(seen: Transfers) -> None:
    first = seen.first.bytes <= FIRST_VISIT_KB * 1000 and seen.first.requests <= FIRST_VISIT_REQUESTS
    later = seen.changed.bytes <= LATER_VISIT_KB * 1000
    print(f"\nboard on a phone, first visit        {seen.first}  {_kept(first)} (≤ 40 KB, ≤ 4)")
    print(f"later visit, something changed       {seen.changed}  {_kept(later)} (≤ 5 KB)")
    print(f"later visit, nothing changed         {seen.unchanged}")


def print_process(started_in: float, megabytes: float) -> None:
    print(
        f"cold start {started_in:.1f} s {_kept(started_in <= 2)} (≤ 2 s); {megabytes:.0f} MB after the runs"
    )


def print_sizes(operation: Operation, commune: Speed, nation: Speed) -> None:
    cost = commune.per_second / nation.per_second
    print(
        f"{operation.title:<18} commune {commune.per_second:,.0f}/s, nation {nation.per_second:,.0f}/s:"
        f" cost × {cost:.2f}  {_kept(cost <= operation.wanted_cost)} (≤ {operation.wanted_cost})",
        flush=True,
    )


def print_changes(rows: int, seconds: float) -> None:
    print(f"history by keyset  {rows:,} rows, {rows / seconds:,.0f} rows/s  {_kept(rows / seconds >= 20_000)}"
          " (≥ 20,000)")  # fmt: skip


def _promise(operation: Operation, of: dict[str, float], queries: int) -> str:
    said = []
    for name, wanted in (("floor", operation.wanted_of_floor), ("bare", operation.wanted_of_bare)):
        if wanted is not None:
            said.append(f"{_kept(of[name] >= wanted)} (≥ {wanted:.2f} × {name})")
    if operation.wanted_queries is not None:
        said.append(f"{_kept(queries <= operation.wanted_queries)} (≤ {operation.wanted_queries} queries)")
    return ", ".join(said)


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "NOT kept"
