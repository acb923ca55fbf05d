"""What is measured: requests to the real app, as one signed-in person sends them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from bench.commune import QUARTERS, Measured
from bench.figures import QUARTER, FiguresMeasured

COOKIE = "tiendo_session"
FORM = "application/json"
WITH_SIGN_IN = 5 + 1
READS = frozenset({"board", "kept", "same", "list", "detail", "lanes", "overview", "figures"})
FIGURES = frozenset({"table", "rollup"})
WRITES = frozenset({"step", "figure"})


@dataclass(frozen=True, slots=True)
class Operation:
    """`requests` are (path, body). `floor`: "page" (same SQL, same template), "json" (same SQL, rows as JSON) or
    "write" (the row, its event and the ledger in one commit). `wanted`: the least part of a yardstick promised."""

    name: str
    title: str
    person: str
    requests: Sequence[tuple[str, str]]
    floor: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    is_conditional: bool = False  # sent with If-None-Match, once the ETag is known
    wanted_of_floor: float | None = None
    wanted_of_bare: float | None = None
    wanted_queries: int | None = None
    seconds: int = 1  # of one round; more, over one connection, where an answer takes long
    wanted_cost: float = 1.05  # at most, in one commune among the nation's, of what it costs alone

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def first(self) -> tuple[str, str]:
        path, body = self.requests[0]
        return path.replace("{n}", "0"), body


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder with a database of its own, who is asked about in it, and what is asked."""

    data: Path
    about: Measured | FiguresMeasured
    operations: Sequence[Operation]


def reading(about: Measured) -> list[Operation]:
    """The reads. What PocketBase does on the same work is the measure of the last three: its 980 and 1,430
    requests a second were seen where the floor did 6,800 and 8,300."""
    board, plan = f"/bang/{about.board_unit}", f"/api/v1/plans/{about.plan}"
    assignments = "/api/v1/assignments"
    return [
        Operation(
            "board", "board, fresh", "officer", [(board + "?lan={n}", "")], "page",
            wanted_of_floor=0.5, wanted_queries=3,
        ),
        Operation("kept", "board, kept page", "officer", [(board, "")], "page", wanted_of_bare=0.5),
        Operation(
            "same", "board, 304", "officer", [(board, "")], "page", is_conditional=True, wanted_of_bare=0.5
        ),
        Operation(
            "list", "list of 100", "office", [(f"{assignments}?plan={about.plan}&limit=100", "")], "json",
            wanted_of_floor=0.6,
        ),
        Operation(
            "detail", "detail, 30 events", "office", [(f"{assignments}/{about.rich_assignment}", "")], "json",
            wanted_of_floor=980 / 6800,
        ),
        Operation(
            "lanes", "plan, lanes", "office", [(f"{plan}/board", "")], "json", wanted_of_floor=1430 / 8300
        ),
        Operation(
            "overview", "plan, overview", "office", [(f"{plan}/overview", "")], "json",
            wanted_of_floor=1430 / 8300,
        ),
        Operation(
            "figures", "plan's indicators", "office", [(f"/chi-tieu?ke-hoach={about.plan}", "")], "page",
            wanted_queries=WITH_SIGN_IN, wanted_cost=1.2, seconds=2,
        ),
    ]  # fmt: skip


def comparing(about: FiguresMeasured) -> list[Operation]:
    """Many figures at once: a plan's table of 40 indicators × 24 units × 12 months, a province over 100 communes."""
    rolled = f"/api/v1/indicators/{about.indicator}/roll-up?period={QUARTER}"
    return [
        Operation(
            "table", "indicator table", "office", [(f"/chi-tieu?ke-hoach={about.plan}", "")], "page",
            wanted_queries=WITH_SIGN_IN, seconds=10,
        ),
        Operation(
            "rollup", "roll-up, province", "officer", [(rolled, "")], "json", wanted_queries=WITH_SIGN_IN
        ),
    ]  # fmt: skip


def writing(about: Measured, prepared: Sequence[UUID]) -> list[Operation]:
    """Committed changes, each with permission and history; the status change measured against PocketBase's
    854 where the floor did 6,900."""
    steps = [(f"/api/v1/assignments/{key}/acknowledgements", "") for key in prepared]
    figures = [
        (
            "/api/v1/submissions",
            json.dumps(
                {
                    "indicator": str(key),
                    "unit": str(about.board_unit),
                    "period": QUARTERS[-1],
                    "value": f"{90 + n}.5",
                }
            ),
        )
        for n, key in enumerate(about.indicators)
    ]
    return [
        Operation("step", "status change", "officer", steps, "write", "POST", wanted_of_floor=854 / 6900),
        Operation("figure", "submission", "officer", figures, "write", "POST", {"Content-Type": FORM}),
    ]
