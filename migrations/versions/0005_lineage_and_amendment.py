"""What a plan comes from: superior documents, the plan it amends, and what becomes of the old one's work"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# (table, column, what it points at)
LINKS = (
    ("plan", "amends_id", "plan"),
    ("task", "previous_id", "task"),
    ("responsibility", "previous_id", "responsibility"),
    ("indicator", "previous_id", "indicator"),
)


def text(length: int | None = None) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def within(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_locality_id_{column}")
    return sa.ForeignKeyConstraint(["locality_id", column], [f"{to}.locality_id", f"{to}.id"], name=name)


def points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    # Added one by one: a batch would make the table anew on SQLite, under the feet of those that point at it.
    key = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    for table, column, to in LINKS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {key} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)"
        )
        op.create_index(f"ix_{table}_{column}", table, [column])
    # No foreign key: a plan points at its document already, and tables must not go round in a circle.
    op.add_column("document", sa.Column("amends_id", sa.Uuid(), nullable=True))
    make_bases()
    make_matches()
    make_decisions()


def make_bases() -> None:
    op.create_table(
        "plan_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("symbol", text(60), nullable=False),
        sa.Column("symbol_key", text(60), nullable=False),
        sa.Column("kind", text(60), nullable=True),
        sa.Column("issuer", text(300), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("superior_plan_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        points("plan_basis", "locality_id", "locality"),
        points("plan_basis", "superior_plan_id", "plan"),
        within("plan_basis", "plan_id", "plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_basis")),
        sa.UniqueConstraint("plan_id", "symbol_key", name=op.f("uq_plan_basis_plan_id_symbol_key")),
    )
    op.create_index("ix_plan_basis_symbol_key", "plan_basis", ["symbol_key"])
    op.create_index("ix_plan_basis_superior_plan_id", "plan_basis", ["superior_plan_id"])


def make_matches() -> None:
    op.create_table(
        "superior_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("superior_indicator_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        points("superior_match", "locality_id", "locality"),
        points("superior_match", "superior_indicator_id", "indicator"),
        points("superior_match", "decided_by_id", "account"),
        within("superior_match", "plan_id", "plan"),
        within("superior_match", "indicator_id", "indicator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_match")),
        sa.UniqueConstraint(
            "plan_id", "superior_indicator_id", name=op.f("uq_superior_match_plan_id_superior_indicator_id")
        ),
    )


def make_decisions() -> None:
    op.create_table(
        "amendment_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("indicator_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", text(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("reason", text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'changed', 'ended')", name=op.f("ck_amendment_decision_outcome")
        ),
        sa.CheckConstraint(
            "(task_id IS NULL) <> (indicator_id IS NULL)", name=op.f("ck_amendment_decision_subject")
        ),
        sa.CheckConstraint(
            "(outcome = 'ended') = (candidate_id IS NULL)", name=op.f("ck_amendment_decision_candidate")
        ),
        sa.CheckConstraint(
            "outcome <> 'ended' OR reason IS NOT NULL", name=op.f("ck_amendment_decision_reason")
        ),
        points("amendment_decision", "locality_id", "locality"),
        points("amendment_decision", "decided_by_id", "account"),
        within("amendment_decision", "plan_id", "plan"),
        within("amendment_decision", "task_id", "task"),
        within("amendment_decision", "indicator_id", "indicator"),
        within("amendment_decision", "candidate_id", "candidate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_decision")),
        *(
            sa.UniqueConstraint("plan_id", column, name=op.f(f"uq_amendment_decision_plan_id_{column}"))
            for column in ("task_id", "indicator_id", "candidate_id")
        ),
    )


def downgrade() -> None:
    for table in ("amendment_decision", "superior_match", "plan_basis"):
        op.drop_table(table)
    op.drop_column("document", "amends_id")
    for table, column, _ in LINKS:
        op.drop_index(f"ix_{table}_{column}", table)
        op.drop_column(table, column)
