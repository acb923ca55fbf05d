"""Figures: a province with a hundred communes that answer one of its indicators, and a commune with 40 indicators × 24
units × 12 months."""

import random
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3

from app.database import migrate
from app.models import (
    Account,
    Document,
    Indicator,
    IndicatorDefinition,
    Locality,
    Membership,
    Period,
    PeriodScheme,
    Plan,
    StoredFile,
    Submission,
    SubmissionVersion,
    SuperiorMatch,
    Target,
    Unit,
)
from app.permissions import Role
from app.services.definition import content_of
from app.services.period_rules import SHIPPED_SCHEMES, span_of_label
from app.text import compare_key, fold
from bench.rows import Rows

COMMUNES, INDICATORS, UNITS = 100, 40, 24
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 13))
QUARTER = "2026-Q4"
GOAL = {"comparator": "gte", "value": 90, "horizon": 2030}
BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def add_indicator(rows: Rows, locality: UUID, goal: dict[str, Any], **values: Any) -> UUID:
    """A percentage with its target and its first definition; its id."""
    said = {"measure": "percent", "unit_label": "%", "over_units": "ratio", "created_at": BEGIN} | values
    key: UUID = rows.add(Indicator, locality_id=locality, **said)
    rows.add(Target, locality_id=locality, indicator_id=key, **goal)
    told = Indicator(id=key, locality_id=locality, **said)
    exact = goal | {"value": Decimal(goal["value"])}
    rows.add(
        IndicatorDefinition,
        locality_id=locality,
        indicator_id=key,
        number=1,
        content=content_of(told, [Target(locality_id=locality, indicator_id=key, **exact)]),
        defined_at=BEGIN,
    )
    return key


@dataclass(frozen=True, slots=True)
class FiguresMeasured:
    """`plan`: the one with many figures, read by `office`; `indicator`: the province's, read by `officer`."""

    locality: UUID
    office: UUID
    officer: UUID
    plan: UUID
    indicator: UUID


def make_figures(path: Path) -> FiguresMeasured:
    """Migrate and fill a new SQLite file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate(f"sqlite:///{path}")
    rows, chance = Rows(), random.Random(5)
    province = _Place(rows, "01", "Tỉnh mẫu", None)
    asked = province.indicator(province.plan(), 1)
    province.periods((QUARTER,))
    for number in range(COMMUNES):
        commune = _Place(rows, f"{1000 + number}", f"Xã số {number + 1}", province.locality)
        plan = commune.plan()
        own, unit = commune.indicator(plan, 1), commune.unit(1)
        rows.add(
            SuperiorMatch,
            locality_id=commune.locality,
            plan_id=plan,
            superior_indicator_id=asked,
            indicator_id=own,
            decided_at=BEGIN,
        )
        (period,) = commune.periods((QUARTER,))
        commune.figure(own, unit, period, chance)
    many = _Place(rows, "0999", "Xã nhiều số liệu", province.locality)
    plan = many.plan()
    units, months = [many.unit(n) for n in range(UNITS)], many.periods(MONTHS)
    for ordinal in range(1, INDICATORS + 1):
        own = many.indicator(plan, ordinal)
        for unit in units:
            for month in months:
                many.figure(own, unit, month, chance)
    found = FiguresMeasured(
        many.locality, many.person("vp", Role.OFFICE), province.person("tinh", Role.PROVINCE), plan, asked
    )
    with closing(pysqlite3.connect(str(path))) as connection:
        rows.insert(connection)
        connection.execute("ANALYZE")
        connection.commit()
    return found


class _Place:
    """Adds the rows of one locality."""

    def __init__(self, rows: Rows, code: str, name: str, above: UUID | None) -> None:
        kind = "commune" if above else "province"
        said = {"code": code, "name": name, "folded": fold(name), "kind": kind, "created_at": BEGIN}
        self.rows, self.code = rows, code
        self.locality: UUID = rows.add(Locality, parent_id=above, **said)
        scheme = {"code": "calendar", "name": "Dương lịch", "rules": SHIPPED_SCHEMES["calendar"][1]}
        self.scheme = self._add(PeriodScheme, **scheme)

    def _add(self, model: Any, **values: Any) -> UUID:
        key: UUID = self.rows.add(model, locality_id=self.locality, **values)
        return key

    def periods(self, labels: tuple[str, ...]) -> list[UUID]:
        return [self._period(label) for label in labels]

    def _period(self, label: str) -> UUID:
        span = span_of_label(SHIPPED_SCHEMES["calendar"][1], label)
        return self._add(
            Period,
            scheme_id=self.scheme,
            cycle=span.cycle,
            label=label,
            name=span.name,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            due_on=span.due_on,
            locks_on=span.locks_on,
            opened_at=BEGIN,
        )

    def unit(self, number: int) -> UUID:
        name = f"Chi bộ số {number}"
        return self._add(
            Unit,
            code=f"CB-{number}",
            name=name,
            kind="party_cell_village",
            name_key=compare_key(name),
            folded=fold(name),
            valid_from=date(2026, 1, 1),
            created_at=BEGIN,
        )

    def plan(self) -> UUID:
        kept = self._add(
            StoredFile, sha256="0" * 64, size=9, name="a.txt", media_type="text/plain", stored_at=BEGIN
        )
        said = {"title": "Kế hoạch mẫu", "folded": "ke hoach mau", "created_at": BEGIN}
        document = self._add(Document, stored_file_id=kept, text="Kế hoạch.", **said)
        return self._add(Plan, document_id=document, code="KH-01", state="issued", issued_at=BEGIN, **said)

    def indicator(self, plan: UUID, ordinal: int) -> UUID:
        statement = f"Tỷ lệ trường học đạt tiêu chí {ordinal}"
        return add_indicator(
            self.rows,
            self.locality,
            GOAL,
            plan_id=plan,
            ordinal=ordinal,
            code=f"CT-{ordinal:02d}",
            name=statement,
            statement=statement,
            folded=fold(statement),
        )

    def figure(self, indicator: UUID, unit: UUID, period: UUID, chance: random.Random) -> None:
        """Accepted, of a share with both its parts."""
        sent_at = BEGIN + timedelta(days=chance.randrange(300))
        sent = self._add(
            Submission,
            indicator_id=indicator,
            unit_id=unit,
            period_id=period,
            state="accepted",
            sent_at=sent_at,
            created_at=BEGIN,
        )
        below = chance.randrange(20, 400)
        above = chance.randrange(below)
        self._add(
            SubmissionVersion,
            submission_id=sent,
            number=1,
            value=f"{Decimal(above * 100) / below:.8f}",
            numerator=str(above),
            denominator=str(below),
            sent_at=sent_at,
        )

    def person(self, post: str, role: Role) -> UUID:
        login = f"{post}-{self.code}"
        said = {"login": login, "name": login, "folded": login, "password_hash": "!", "created_at": BEGIN}
        account = self._add(Account, **said)
        self._add(Membership, account_id=account, role=role.value, valid_from=date(2026, 1, 1))
        return account
