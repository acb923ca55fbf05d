"""Rows of the work cycle: dates that move, work that only supports, periods and schemes of a plan, remarks on figures"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = [
    "waiting",
    "supporting",
    "assigned",
    "acknowledged",
    "in_progress",
    "reported",
    "returned",
    "confirmed",
    "waived",
    "cancelled",
    "not_needed",
]
CYCLES = ["month", "quarter", "half_year", "nine_months", "year", "school_year", "ad_hoc"]


def listed(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    change_check(
        "assignment", "state", *(listed("state", s) for s in (without(STATES, "supporting"), STATES))
    )
    change_check("period", "cycle", *(listed("cycle", c) for c in (without(CYCLES, "ad_hoc"), CYCLES)))
    for table in ("assignment", "submission"):
        op.add_column(table, sa.Column("first_due_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("extended", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "task", sa.Column("needs_evidence", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    add_key("period", "plan_id", "plan")
    op.create_index("ix_period_plan_id", "period", ["plan_id"])
    op.add_column("period", sa.Column("reminded_on", sa.Date(), nullable=True))
    add_key("plan", "scheme_id", "period_scheme")
    for table in ("task_report", "submission_version"):
        add_key(table, "carried_from_id", table)
    cycles = tuple(without(CYCLES, "ad_hoc"))
    op.execute(
        f"ALTER TABLE plan ADD COLUMN cycle VARCHAR CONSTRAINT ck_plan_cycle CHECK (cycle IS NULL OR cycle IN {cycles})"
    )
    let_remarks_be_about_figures()
    keep_answers_by_sender()


def without(values: list[str], one: str) -> list[str]:
    return [value for value in values if value != one]


def change_check(table: str, name: str, before: str, after: str) -> None:
    """On SQLite by the way its makers describe for constraints (lang_altertable.html, 7): making the table anew would
    be done under the feet of those that point at it."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (before, after, table, before),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"{table} has no check {before}")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def add_key(table: str, column: str, to: str) -> None:
    key = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {key} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)"
    )


def let_remarks_be_about_figures() -> None:
    with op.batch_alter_table("remark") as batch:
        batch.add_column(sa.Column("submission_id", sa.Uuid(), nullable=True))
        batch.alter_column("assignment_id", existing_type=sa.Uuid(), nullable=True)
        batch.create_index("ix_remark_submission_id", ["submission_id"])
        batch.create_unique_constraint(op.f("uq_remark_locality_id_id"), ["locality_id", "id"])
        batch.create_foreign_key(
            op.f("fk_remark_locality_id_submission_id"),
            "submission",
            ["locality_id", "submission_id"],
            ["locality_id", "id"],
        )
        batch.create_check_constraint(
            op.f("ck_remark_subject"), "(assignment_id IS NULL) <> (submission_id IS NULL)"
        )


def keep_answers_by_sender() -> None:
    """Answers are kept for two days only: none is worth carrying over."""
    op.drop_table("kept_answer")
    make_kept_answer(sa.Column("sender", sa.Uuid(), nullable=False))


def make_kept_answer(sender: sa.Column[sa.Uuid], *rules: sa.schema.SchemaItem) -> None:
    op.create_table(
        "kept_answer",
        sender,
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("request_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        *rules,
        sa.PrimaryKeyConstraint(sender.name, "key", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_kept_at", "kept_answer", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_answer")
    make_kept_answer(
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_answer_account_id")),
    )
    op.execute("DELETE FROM remark WHERE assignment_id IS NULL")
    with op.batch_alter_table("remark") as batch:
        batch.drop_constraint(op.f("ck_remark_subject"), type_="check")
        batch.drop_constraint(op.f("fk_remark_locality_id_submission_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_remark_locality_id_id"), type_="unique")
        batch.drop_index("ix_remark_submission_id")
        batch.alter_column("assignment_id", existing_type=sa.Uuid(), nullable=False)
        batch.drop_column("submission_id")
    for table in ("task_report", "submission_version"):
        op.drop_column(table, "carried_from_id")
    for table, column in (("plan", "cycle"), ("plan", "scheme_id"), ("period", "reminded_on")):
        op.drop_column(table, column)
    op.drop_index("ix_period_plan_id", "period")
    op.drop_column("period", "plan_id")
    op.drop_column("task", "needs_evidence")
    for table in ("assignment", "submission"):
        op.drop_column(table, "extended")
        op.drop_column(table, "first_due_on")
    # The version before knows neither: such a row is given, such a period is a month.
    op.execute("UPDATE assignment SET state = 'assigned' WHERE state = 'supporting'")
    op.execute("UPDATE period SET cycle = 'month' WHERE cycle = 'ad_hoc'")
    change_check("period", "cycle", *(listed("cycle", c) for c in (CYCLES, without(CYCLES, "ad_hoc"))))
    change_check(
        "assignment", "state", *(listed("state", s) for s in (STATES, without(STATES, "supporting")))
    )
