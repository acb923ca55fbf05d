"""Definitions of indicators: where data come from, who vouches, limits, how figures become one; each definition is kept"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import sqlmodel
import uuid6
from alembic import op

from app.models.base import ExactDecimal, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = "indicator_definition"
BATCH = 1000
INDICATOR = sa.table(
    "indicator",
    *(
        sa.column(name)
        for name in (
            "name",
            "measure",
            "direction",
            "unit_label",
            "value_basis",
            "numerator_name",
            "denominator_name",
            "cycle",
            "over_units",
            "over_periods",
        )
    ),
    sa.column("id", sa.Uuid()),
    sa.column("locality_id", sa.Uuid()),
    sa.column("decimals", sa.Integer()),
    sa.column("created_at", UtcDateTime()),
)
TARGET = sa.table(
    "target",
    sa.column("id", sa.Uuid()),
    sa.column("indicator_id", sa.Uuid()),
    sa.column("comparator"),
    sa.column("value", ExactDecimal()),
    sa.column("value_to", ExactDecimal()),
    sa.column("horizon", sa.Integer()),
)


def text(length: int | None = None) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    for name, length in (("data_source", 300), ("baseline_label", 60)):
        op.add_column("indicator", sa.Column(name, text(length), nullable=True))
    for name in ("baseline", "range_from", "range_to", "jump_limit"):
        op.add_column("indicator", sa.Column(name, ExactDecimal(), nullable=True))
    for name in ("is_key", "adds_up"):
        op.add_column("indicator", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    add_key("verifier_id", "unit")
    add_key("part_of_id", "indicator")
    op.create_index("ix_indicator_part_of_id", "indicator", ["part_of_id"])
    add_rule("over_units", ("ratio", "sum", "met", "none"), "none")
    add_rule("over_periods", ("ratio", "sum", "last", "none"), "last")
    for table in ("indicator", "submission_version"):
        op.add_column(table, sa.Column("definition", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "submission_version", sa.Column("no_data", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("submission_version", sa.Column("doubts", sa.JSON(), nullable=True))
    declare_rules()
    make_definitions()
    define_what_is_there()
    refuse_changes()


def add_key(column: str, other: str) -> None:
    """A key to another table; op.add_column would leave it out on SQLite."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE indicator ADD COLUMN {column} CHAR(32) "
            f"CONSTRAINT fk_indicator_{column} REFERENCES {other} (id)"
        )
        return
    op.add_column("indicator", sa.Column(column, sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(f"fk_indicator_{column}"), "indicator", other, [column], ["id"])


def add_rule(column: str, codes: tuple[str, ...], usual: str) -> None:
    listed = ", ".join(repr(code) for code in codes)
    op.execute(
        f"ALTER TABLE indicator ADD COLUMN {column} VARCHAR DEFAULT '{usual}' NOT NULL "
        f"CONSTRAINT ck_indicator_{column} CHECK ({column} IN ({listed}))"
    )


def declare_rules() -> None:
    """What the measure allows (app/services/definition.py)."""
    op.execute(
        "UPDATE indicator SET over_units = CASE WHEN measure IN ('percent', 'ratio') THEN 'ratio' "
        "WHEN measure IN ('count', 'money') THEN 'sum' WHEN measure = 'text' THEN 'none' ELSE 'met' END, "
        "over_periods = CASE WHEN measure = 'text' THEN 'none' "
        "WHEN value_basis = 'in_period' AND measure IN ('percent', 'ratio') THEN 'ratio' "
        "WHEN value_basis = 'in_period' AND measure IN ('count', 'money') THEN 'sum' ELSE 'last' END"
    )


def make_definitions() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("defined_at", UtcDateTime(), nullable=False),
        sa.Column("defined_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["defined_by_id"], ["account.id"], name=op.f("fk_indicator_definition_defined_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "indicator_id"],
            ["indicator.locality_id", "indicator.id"],
            name=op.f("fk_indicator_definition_locality_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_indicator_definition_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_definition")),
        sa.UniqueConstraint(
            "indicator_id", "number", name=op.f("uq_indicator_definition_indicator_id_number")
        ),
    )


def define_what_is_there() -> None:
    """The definition of today becomes number 1; what it was before is in the history alone."""
    connection = op.get_bind()
    new = sa.table(
        TABLE,
        sa.column("id", sa.Uuid()),
        sa.column("locality_id", sa.Uuid()),
        sa.column("indicator_id", sa.Uuid()),
        sa.column("number", sa.Integer()),
        sa.column("content", sa.JSON()),
        sa.column("defined_at", UtcDateTime()),
    )
    goals: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    in_order = sa.select(TARGET).order_by(TARGET.c.horizon.is_(None), TARGET.c.horizon, TARGET.c.id)
    for goal in connection.execute(in_order):
        goals[goal.indicator_id].append(
            {
                "comparator": goal.comparator,
                "value": as_text(goal.value),
                "value_to": as_text(goal.value_to),
                "horizon": goal.horizon,
            }
        )
    made = [definition(row, goals[row.id]) for row in connection.execute(sa.select(INDICATOR))]
    for first in range(0, len(made), BATCH):
        connection.execute(sa.insert(new), made[first : first + BATCH])


def definition(row: Any, goals: list[dict[str, Any]]) -> dict[str, Any]:
    said = {
        column.name: getattr(row, column.name)
        for column in INDICATOR.c
        if column.name not in ("id", "locality_id", "created_at")
    }
    unsaid = dict.fromkeys(
        (
            "data_source",
            "verifier",
            "baseline",
            "baseline_label",
            "range_from",
            "range_to",
            "jump_limit",
            "part_of",
        )
    )
    return {
        "id": uuid6.uuid7(),
        "locality_id": row.locality_id,
        "indicator_id": row.id,
        "number": 1,
        "content": said | unsaid | {"is_key": False, "adds_up": False, "targets": goals},
        "defined_at": row.created_at,
    }


def as_text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_refuses_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    for column in ("definition", "doubts", "no_data"):
        op.drop_column("submission_version", column)
    op.drop_index("ix_indicator_part_of_id", "indicator")
    for column in (
        "definition",
        "over_periods",
        "over_units",
        "part_of_id",
        "verifier_id",
        "adds_up",
        "is_key",
        "jump_limit",
        "range_to",
        "range_from",
        "baseline",
        "baseline_label",
        "data_source",
    ):
        op.drop_column("indicator", column)
