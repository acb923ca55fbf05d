"""Rows waiting to be inserted straight into the tables, with ids from a counter."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from pydantic_core import PydanticUndefined

from app.models import (
    Account,
    Assignment,
    Document,
    EventRow,
    Indicator,
    IndicatorDefinition,
    IndicatorOwner,
    Ledger,
    Locality,
    Membership,
    Period,
    PeriodScheme,
    Plan,
    ReportDecision,
    Responsibility,
    SignIn,
    StoredFile,
    Submission,
    SubmissionVersion,
    SuperiorMatch,
    Target,
    Task,
    TaskReport,
    Unit,
    UnitGroup,
    UnitGroupMember,
)

ORDER = (
    Locality, PeriodScheme, Period, Account, Unit, UnitGroup, UnitGroupMember, Membership, SignIn, StoredFile, Document,
    Plan, Task, Responsibility, Assignment, TaskReport, ReportDecision, Indicator, IndicatorDefinition, IndicatorOwner,
    Target, SuperiorMatch, Submission, SubmissionVersion, EventRow, Ledger,
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    """Rows waiting to be inserted, by table, in an order that foreign keys allow."""

    ids: Iterator[int] = field(default_factory=lambda: count(1))
    of: dict[Any, list[dict[str, Any]]] = field(default_factory=lambda: {model: [] for model in ORDER})

    def new_id(self) -> UUID:
        """UUIDv7 in form and order, from a counter instead of a clock."""
        return UUID(int=(0x019B80000000 << 80) | (7 << 76) | (2 << 62) | next(self.ids))

    def add(self, model: Any, **values: Any) -> Any:
        """The row's id; values left out are the model's own defaults."""
        row = {**_defaults(model), **values}
        if "id" in model.model_fields and "id" not in values:
            row["id"] = self.new_id()
        self.of[model].append(row)
        return row.get("id")

    def insert(self, connection: Any) -> None:
        """Through the driver: 3 million rows through SQLAlchemy's types take half an hour."""
        for model, rows in self.of.items():
            if not rows:
                continue
            names = ", ".join(f'"{name}"' for name in rows[0])
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(
                f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks})",
                [[_STORED.get(type(value), _same)(value) for value in row.values()] for row in rows],
            )
            rows.clear()


def _same(value: Any) -> Any:
    return value


# As SQLAlchemy stores these types on SQLite; moments are UTC.
_STORED: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex,
    datetime: cache(lambda value: value.strftime("%Y-%m-%d %H:%M:%S.%f")),
    date: cache(date.isoformat),
    dict: lambda value: json.dumps(value, ensure_ascii=False),
    list: json.dumps,
}


@cache
def _defaults(model: Any) -> dict[str, Any]:
    found = {}
    for name, spec in model.model_fields.items():
        if name == "id":
            continue
        if spec.default_factory is not None:
            found[name] = spec.default_factory()
        elif spec.default is not PydanticUndefined:
            found[name] = spec.default
    return found
