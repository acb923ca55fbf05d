"""The tables of the spine"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import ExactDecimal, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('province', 'commune')", name=op.f("ck_locality_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["locality.id"], name=op.f("fk_locality_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locality")),
        sa.UniqueConstraint("code", name=op.f("uq_locality_code")),
    )
    with op.batch_alter_table("locality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_locality_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("device_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_try_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_try_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_try_login_hash"), ["login_hash"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("login", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("post", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'disabled')", name=op.f("ck_account_state")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_account_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_account_locality_id_id")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "ledger",
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_ledger_locality_id")),
        sa.PrimaryKeyConstraint("locality_id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "period_scheme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_period_scheme_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_scheme")),
        sa.UniqueConstraint("locality_id", "code", name=op.f("uq_period_scheme_locality_id_code")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_period_scheme_locality_id_id")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_stored_file_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_stored_file_locality_id_id")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("short_name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("identifier", sqlmodel.sql.sqltypes.AutoString(length=35), nullable=True),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reports_to_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('party_committee', 'party_agency', 'party_cell_village', 'party_cell_school', 'party_cell_other', 'peoples_committee', 'division', 'service', 'front', 'mass_organisation', 'school', 'police', 'military', 'superior', 'external', 'group')",
            name=op.f("ck_unit_kind"),
        ),
        sa.CheckConstraint(
            "identifier IS NULL OR length(identifier) BETWEEN 1 AND 35", name=op.f("ck_unit_identifier")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_valid")),
        sa.ForeignKeyConstraint(
            ["locality_id", "reports_to_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_unit_locality_id_reports_to_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_unit_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("locality_id", "code", name=op.f("uq_unit_locality_id_code")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_unit_locality_id_id")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_locality_id_name_key", ["locality_id", "name_key"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_api_token_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("signed_as", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("signed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("distribution", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id", "stored_file_id"],
            ["stored_file.locality_id", "stored_file.id"],
            name=op.f("fk_document_locality_id_stored_file_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_document_locality_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name=op.f("fk_document_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_document_locality_id_id")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            "ix_document_locality_id_created_at", ["locality_id", "created_at"], unique=False
        )

    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_event_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_event_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("locality_id", "number", name=op.f("uq_event_locality_id_number")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_subject", ["subject_id", "number"], unique=False)
        batch_op.create_index("ix_event_unit", ["locality_id", "unit_id", "number"], unique=False)

    op.create_table(
        "kept_answer",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("request_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_answer_account_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_known_device_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_known_device_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_known_device_secret_hash")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_account_id"), ["account_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("(role = 'unit') = (unit_id IS NOT NULL)", name=op.f("ck_membership_unit_role")),
        sa.CheckConstraint(
            "role IN ('admin', 'office', 'unit', 'leader', 'inspector', 'province')",
            name=op.f("ck_membership_role"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_membership_valid")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_membership_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_membership_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_membership_locality",
            ["account_id", "role", "locality_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL AND unit_id IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND unit_id IS NULL"),
        )
        batch_op.create_index(
            "uq_membership_unit",
            ["account_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL AND unit_id IS NOT NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND unit_id IS NOT NULL"),
        )

    op.create_table(
        "period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("locks_on", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cycle IN ('month', 'quarter', 'half_year', 'nine_months', 'year', 'school_year')",
            name=op.f("ck_period_cycle"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_period_state")),
        sa.CheckConstraint(
            "ends_on >= starts_on AND due_on >= starts_on AND locks_on >= due_on", name=op.f("ck_period_span")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "scheme_id"],
            ["period_scheme.locality_id", "period_scheme.id"],
            name=op.f("fk_period_locality_id_scheme_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_period_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_period_locality_id_id")),
        sa.UniqueConstraint("scheme_id", "label", name=op.f("uq_period_scheme_id_label")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_session_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_session_secret_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "unit_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("definition", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["locality_id", "id"], ["unit.locality_id", "unit.id"], name=op.f("fk_unit_group_locality_id_id")
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_unit_group_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_group")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_unit_group_locality_id_id")),
    )
    op.create_table(
        "passage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("raw", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("end_at >= start_at AND start_at >= 0", name=op.f("ck_passage_span")),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_passage_locality_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_passage_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_passage_document_id_ordinal")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_passage_locality_id_id")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'draft' OR issued_at IS NOT NULL", name=op.f("ck_plan_issued")),
        sa.CheckConstraint(
            "state IN ('draft', 'issued', 'closed', 'superseded')", name=op.f("ck_plan_state")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_plan_locality_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_plan_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("document_id", name=op.f("uq_plan_document_id")),
        sa.UniqueConstraint("locality_id", "code", name=op.f("uq_plan_locality_id_code")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_plan_locality_id_id")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index("ix_plan_locality_id_state", ["locality_id", "state"], unique=False)

    op.create_table(
        "unit_group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("group_id <> unit_id", name=op.f("ck_unit_group_member_not_itself")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_group_member_valid")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "group_id"],
            ["unit_group.locality_id", "unit_group.id"],
            name=op.f("fk_unit_group_member_locality_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_unit_group_member_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_unit_group_member_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_group_member")),
        sa.UniqueConstraint(
            "group_id", "unit_id", "valid_from", name=op.f("uq_unit_group_member_group_id_unit_id_valid_from")
        ),
    )
    with op.batch_alter_table("unit_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_group_member_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("decided", sa.JSON(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_candidate_decision")),
        sa.CheckConstraint(
            "kind IN ('unit', 'duty', 'task', 'indicator', 'milestone')", name=op.f("ck_candidate_kind")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'edited', 'split', 'merged', 'rejected')",
            name=op.f("ck_candidate_state"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_candidate_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "document_id"],
            ["document.locality_id", "document.id"],
            name=op.f("fk_candidate_locality_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "parent_id"],
            ["candidate.locality_id", "candidate.id"],
            name=op.f("fk_candidate_locality_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "passage_id"],
            ["passage.locality_id", "passage.id"],
            name=op.f("fk_candidate_locality_id_passage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_candidate_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_candidate_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_candidate_document_id_ordinal")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_candidate_locality_id_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_passage_id"), ["passage_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("statement", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit_label", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("coverage", sa.JSON(), nullable=True),
        sa.Column("value_basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("numerator_name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("denominator_name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("cycle", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cycle IS NULL OR cycle IN ('month', 'quarter', 'half_year', 'nine_months', 'year', 'school_year')",
            name=op.f("ck_indicator_cycle"),
        ),
        sa.CheckConstraint("direction IN ('up', 'down', 'keep')", name=op.f("ck_indicator_direction")),
        sa.CheckConstraint(
            "measure IN ('percent', 'count', 'ratio', 'level', 'yes_no', 'money', 'text')",
            name=op.f("ck_indicator_measure"),
        ),
        sa.CheckConstraint(
            "value_basis IN ('in_period', 'to_date', 'point_in_time')", name=op.f("ck_indicator_value_basis")
        ),
        sa.CheckConstraint("decimals BETWEEN 0 AND 6", name=op.f("ck_indicator_decimals")),
        sa.ForeignKeyConstraint(
            ["locality_id", "passage_id"],
            ["passage.locality_id", "passage.id"],
            name=op.f("fk_indicator_locality_id_passage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "plan_id"],
            ["plan.locality_id", "plan.id"],
            name=op.f("fk_indicator_locality_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_indicator_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_indicator_locality_id_id")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_indicator_plan_id_code")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("section", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("cycle", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("expected_product", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cycle IS NULL OR (kind = 'standing' AND cycle IN ('month', 'quarter', 'half_year', 'nine_months', 'year', 'school_year'))",
            name=op.f("ck_task_cycle"),
        ),
        sa.CheckConstraint("due_on IS NULL OR kind <> 'standing'", name=op.f("ck_task_due_on")),
        sa.CheckConstraint("kind IN ('dated', 'standing', 'milestone')", name=op.f("ck_task_kind")),
        sa.ForeignKeyConstraint(
            ["locality_id", "passage_id"],
            ["passage.locality_id", "passage.id"],
            name=op.f("fk_task_locality_id_passage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "plan_id"],
            ["plan.locality_id", "plan.id"],
            name=op.f("fk_task_locality_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_task_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_task_locality_id_id")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_task_plan_id_code")),
    )
    op.create_table(
        "indicator_owner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id", "indicator_id"],
            ["indicator.locality_id", "indicator.id"],
            name=op.f("fk_indicator_owner_locality_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_indicator_owner_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_indicator_owner_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_owner")),
        sa.UniqueConstraint("indicator_id", "unit_id", name=op.f("uq_indicator_owner_indicator_id_unit_id")),
    )
    with op.batch_alter_table("indicator_owner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_owner_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("completion", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("mode", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "completion IN ('each', 'any', 'joint')", name=op.f("ck_responsibility_completion")
        ),
        sa.CheckConstraint("mode IN ('assign', 'request')", name=op.f("ck_responsibility_mode")),
        sa.CheckConstraint(
            "role IN ('lead', 'cooperate', 'advise', 'direct', 'monitor', 'inspect', 'report')",
            name=op.f("ck_responsibility_role"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "task_id"],
            ["task.locality_id", "task.id"],
            name=op.f("fk_responsibility_locality_id_task_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_responsibility_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_responsibility_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_responsibility_locality_id_id")),
        sa.UniqueConstraint(
            "task_id", "unit_id", "role", name=op.f("uq_responsibility_task_id_unit_id_role")
        ),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responsibility_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_responsibility_lead",
            ["task_id"],
            unique=True,
            sqlite_where=sa.text("role = 'lead' AND ended_on IS NULL"),
            postgresql_where=sa.text("role = 'lead' AND ended_on IS NULL"),
        )

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('expected', 'draft', 'sent', 'accepted', 'returned', 'reopened', 'waived')",
            name=op.f("ck_submission_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('returned', 'reopened', 'waived') OR state_reason IS NOT NULL",
            name=op.f("ck_submission_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "indicator_id"],
            ["indicator.locality_id", "indicator.id"],
            name=op.f("fk_submission_locality_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "period_id"],
            ["period.locality_id", "period.id"],
            name=op.f("fk_submission_locality_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_submission_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_submission_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "indicator_id", "unit_id", "period_id", name=op.f("uq_submission_indicator_id_unit_id_period_id")
        ),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_submission_locality_id_id")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_unit", ["locality_id", "unit_id", "period_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("comparator", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=True),
        sa.Column("value_to", ExactDecimal(), nullable=True),
        sa.Column("horizon", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(comparator = 'between') = (value_to IS NOT NULL)", name=op.f("ck_target_between")
        ),
        sa.CheckConstraint(
            "comparator IN ('gt', 'gte', 'lt', 'lte', 'reach', 'between', 'achieve', 'maintain')",
            name=op.f("ck_target_comparator"),
        ),
        sa.CheckConstraint(
            "value IS NOT NULL OR comparator IN ('achieve', 'maintain')", name=op.f("ck_target_figure")
        ),
        sa.CheckConstraint(
            "horizon IS NULL OR horizon BETWEEN 2000 AND 2100", name=op.f("ck_target_horizon")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "indicator_id"],
            ["indicator.locality_id", "indicator.id"],
            name=op.f("fk_target_locality_id_indicator_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_target_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("indicator_id", "horizon", name=op.f("uq_target_indicator_id_horizon")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("responsibility_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("period_id", sa.Uuid(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("blocked_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'confirmed' OR done_on IS NOT NULL", name=op.f("ck_assignment_done")),
        sa.CheckConstraint(
            "state IN ('waiting', 'assigned', 'acknowledged', 'in_progress', 'reported', 'returned', 'confirmed', 'waived', 'cancelled', 'not_needed')",
            name=op.f("ck_assignment_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('returned', 'waived') OR state_reason IS NOT NULL",
            name=op.f("ck_assignment_reason"),
        ),
        sa.CheckConstraint(
            "progress IS NULL OR progress BETWEEN 0 AND 100", name=op.f("ck_assignment_progress")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "group_id"],
            ["unit_group.locality_id", "unit_group.id"],
            name=op.f("fk_assignment_locality_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "period_id"],
            ["period.locality_id", "period.id"],
            name=op.f("fk_assignment_locality_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "plan_id"],
            ["plan.locality_id", "plan.id"],
            name=op.f("fk_assignment_locality_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "responsibility_id"],
            ["responsibility.locality_id", "responsibility.id"],
            name=op.f("fk_assignment_locality_id_responsibility_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "task_id"],
            ["task.locality_id", "task.id"],
            name=op.f("fk_assignment_locality_id_task_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_assignment_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_assignment_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_assignment_locality_id_id")),
        sa.UniqueConstraint(
            "responsibility_id",
            "unit_id",
            "period_id",
            name=op.f("uq_assignment_responsibility_id_unit_id_period_id"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignment_board", ["locality_id", "unit_id", "plan_id", "period_id"], unique=False
        )
        batch_op.create_index("ix_assignment_plan", ["locality_id", "plan_id", "period_id"], unique=False)
        batch_op.create_index("ix_assignment_task", ["task_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_once",
            ["responsibility_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )

    op.create_table(
        "submission_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=True),
        sa.Column("numerator", ExactDecimal(), nullable=True),
        sa.Column("denominator", ExactDecimal(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("flag", sa.Boolean(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "value IS NOT NULL OR (numerator IS NOT NULL AND denominator IS NOT NULL) OR level IS NOT NULL OR flag IS NOT NULL OR note IS NOT NULL",
            name=op.f("ck_submission_version_filled"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_submission_version_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_submission_version_locality_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_submission_version_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_version")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_submission_version_locality_id_id")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_submission_version_submission_id_number")
        ),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_remark_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_remark_locality_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_remark_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "submission_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'returned' OR reason IS NOT NULL", name=op.f("ck_submission_decision_reason")
        ),
        sa.CheckConstraint("kind IN ('accepted', 'returned')", name=op.f("ck_submission_decision_kind")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_submission_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "version_id"],
            ["submission_version.locality_id", "submission_version.id"],
            name=op.f("fk_submission_decision_locality_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_submission_decision_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_decision")),
        sa.UniqueConstraint("version_id", name=op.f("uq_submission_decision_version_id")),
    )
    op.create_table(
        "task_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("result", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("difficulty", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("proposal", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "progress IS NULL OR progress BETWEEN 0 AND 100", name=op.f("ck_task_report_progress")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_task_report_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_task_report_locality_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_task_report_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_report")),
        sa.UniqueConstraint("assignment_id", "number", name=op.f("uq_task_report_assignment_id_number")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_task_report_locality_id_id")),
    )
    op.create_table(
        "report_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'returned' OR reason IS NOT NULL", name=op.f("ck_report_decision_reason")
        ),
        sa.CheckConstraint("kind IN ('confirmed', 'returned')", name=op.f("ck_report_decision_kind")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_report_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "report_id"],
            ["task_report.locality_id", "task_report.id"],
            name=op.f("fk_report_decision_locality_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_report_decision_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_decision")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_decision_report_id")),
    )


def downgrade() -> None:
    op.drop_table("report_decision")
    op.drop_table("task_report")
    op.drop_table("submission_decision")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_assignment_id"))

    op.drop_table("remark")
    op.drop_table("submission_version")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_once",
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )
        batch_op.drop_index("ix_assignment_task")
        batch_op.drop_index("ix_assignment_plan")
        batch_op.drop_index("ix_assignment_board")

    op.drop_table("assignment")
    op.drop_table("target")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_unit")

    op.drop_table("submission")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_responsibility_lead",
            sqlite_where=sa.text("role = 'lead' AND ended_on IS NULL"),
            postgresql_where=sa.text("role = 'lead' AND ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_responsibility_unit_id"))

    op.drop_table("responsibility")
    with op.batch_alter_table("indicator_owner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_owner_unit_id"))

    op.drop_table("indicator_owner")
    op.drop_table("task")
    op.drop_table("indicator")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_passage_id"))

    op.drop_table("candidate")
    with op.batch_alter_table("unit_group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_group_member_unit_id"))

    op.drop_table("unit_group_member")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_locality_id_state")

    op.drop_table("plan")
    op.drop_table("passage")
    op.drop_table("unit_group")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_account_id"))

    op.drop_table("session")
    op.drop_table("period")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_unit",
            sqlite_where=sa.text("valid_to IS NULL AND unit_id IS NOT NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND unit_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_membership_locality",
            sqlite_where=sa.text("valid_to IS NULL AND unit_id IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND unit_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_unit_id"))
        batch_op.drop_index(batch_op.f("ix_membership_account_id"))

    op.drop_table("membership")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_device_account_id"))

    op.drop_table("known_device")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answer_kept_at"))

    op.drop_table("kept_answer")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_unit")
        batch_op.drop_index("ix_event_subject")

    op.drop_table("event")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_locality_id_created_at")

    op.drop_table("document")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_account_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_locality_id_name_key")

    op.drop_table("unit")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))

    op.drop_table("stored_file")
    op.drop_table("period_scheme")
    op.drop_table("ledger")
    op.drop_table("account")
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_try_login_hash"))
        batch_op.drop_index(batch_op.f("ix_sign_in_try_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_try_address"))

    op.drop_table("sign_in_try")
    with op.batch_alter_table("locality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_locality_parent_id"))

    op.drop_table("locality")
