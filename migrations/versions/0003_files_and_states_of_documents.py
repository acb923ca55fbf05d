"""Documents of one or several files, read by a job: states, files, progress; pages and boxes of passages"""

from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import UtcDateTime, new_id

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'reading', 'read', 'failed', 'cancelled')"
FORMATS = "format IN ('txt', 'docx', 'pdf', 'scan', 'image', 'xlsx', 'doc')"


def upgrade() -> None:
    # Added one by one: a batch would make the table anew on SQLite, under the feet of those that point at it.
    op.execute(
        "ALTER TABLE document ADD COLUMN state VARCHAR(20) DEFAULT 'read' NOT NULL "
        f"CONSTRAINT ck_document_state CHECK ({STATES})"
    )
    op.create_index("ix_document_state", "document", ["state"])
    op.add_column("document", sa.Column("attempt", sa.Integer(), server_default="1", nullable=False))
    op.add_column("document", sa.Column("pages", sa.Integer(), nullable=True))
    op.add_column(
        "document", sa.Column("failure_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True)
    )
    op.add_column("document", sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("passage", sa.Column("file_ordinal", sa.Integer(), server_default="1", nullable=False))
    op.add_column("passage", sa.Column("page", sa.Integer(), nullable=True))
    op.add_column("passage", sa.Column("box", sa.JSON(), nullable=True))
    op.add_column("passage", sa.Column("confidence", sa.Float(), nullable=True))
    make_tables()
    give_each_document_its_file()


def make_tables() -> None:
    op.create_table(
        "document_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("format", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("first_page", sa.Integer(), nullable=True),
        sa.Column("last_page", sa.Integer(), nullable=True),
        sa.Column("start_at", sa.Integer(), nullable=True),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.CheckConstraint(FORMATS, name=op.f("ck_document_file_format")),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_document_file_locality_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_document_file_locality_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "stored_file_id"],
            ["stored_file.locality_id", "stored_file.id"],
            name=op.f("fk_document_file_locality_id_stored_file_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_document_file_document_id_ordinal")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_document_file_locality_id_id")),
    )
    op.create_table(
        "reading_progress",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("preview", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_reading_progress_locality_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_reading_progress")),
    )


def give_each_document_its_file() -> None:
    """Until now every document was one text file."""
    key = sa.Uuid()
    document = sa.table(
        "document",
        sa.column("id", key),
        sa.column("locality_id", key),
        sa.column("stored_file_id", key),
        sa.column("text", sa.String()),
    )
    file = sa.table(
        "document_file",
        *(sa.column(name, key) for name in ("id", "locality_id", "document_id", "stored_file_id")),
        *(sa.column(name, sa.Integer()) for name in ("ordinal", "start_at", "end_at")),
        sa.column("format", sa.String()),
    )
    connection = op.get_bind()
    asked = sa.select(
        document.c.id, document.c.locality_id, document.c.stored_file_id, sa.func.length(document.c.text)
    )
    rows = [_file(*row) for row in connection.execute(asked)]
    if rows:
        connection.execute(sa.insert(file), rows)


def _file(document: UUID, locality: UUID, stored: UUID, length: int) -> dict[str, object]:
    return {
        "id": new_id(),
        "locality_id": locality,
        "document_id": document,
        "stored_file_id": stored,
        "ordinal": 1,
        "start_at": 0,
        "end_at": length,
        "format": "txt",
    }


def downgrade() -> None:
    op.drop_table("reading_progress")
    op.drop_table("document_file")
    # The version before knows read documents only; of the others nothing was made yet.
    op.execute("DELETE FROM document WHERE state <> 'read'")
    for column in ("confidence", "box", "page", "file_ordinal"):
        op.drop_column("passage", column)
    for column in ("failure", "failure_code", "pages", "attempt"):
        op.drop_column("document", column)
    op.drop_index("ix_document_state", "document")
    op.drop_column("document", "state")
