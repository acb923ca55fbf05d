"""Steps of deciding that can be taken back; candidates made by splitting and merging"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ACTIONS = "'accept', 'edit', 'reject', 'undo', 'set', 'split', 'merge', 'set_aside', 'take_back'"


def upgrade() -> None:
    op.add_column("candidate", sa.Column("stands_at", sa.Integer(), nullable=True))
    op.add_column(
        "candidate",
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(length=30), server_default="", nullable=False),
    )
    op.add_column("candidate", sa.Column("made_of", sa.JSON(), nullable=True))
    op.add_column("candidate", sa.Column("last_step_id", sa.Uuid(), nullable=True))
    op.add_column("passage", sa.Column("last_step_id", sa.Uuid(), nullable=True))
    op.create_table(
        "decision_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(f"action IN ({ACTIONS})", name=op.f("ck_decision_step_action")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_decision_step_account_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_decision_step_locality_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_decision_step_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_step")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_decision_step_locality_id_id")),
    )
    op.create_index("ix_decision_step_document_id_account_id", "decision_step", ["document_id", "account_id"])


def downgrade() -> None:
    op.drop_table("decision_step")
    # The version before cannot tell a piece from what it was cut from: both would be issued.
    op.execute("DELETE FROM candidate WHERE made_of IS NOT NULL AND stands_at IS NOT NULL")
    op.execute(
        "UPDATE candidate SET state = 'pending', decided = NULL, decided_at = NULL, decided_by_id = NULL "
        "WHERE state IN ('split', 'merged')"
    )
    op.drop_column("passage", "last_step_id")
    for column in ("last_step_id", "made_of", "part", "stands_at"):
        op.drop_column("candidate", column)
