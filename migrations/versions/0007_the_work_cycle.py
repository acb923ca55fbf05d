"""The work cycle: exceptions, questions, extensions, drafts, evidence, urging, notices, links, changes of units"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    make_periods()
    make_drafts_and_evidence()
    make_urgings()
    make_notices()
    make_links()
    make_unit_changes()
    open_sessions_to_links()
    let_cooperating_rows_support()


def let_cooperating_rows_support() -> None:
    """Where somebody leads, who cooperates no longer reports: open rows nobody reported on leave the counts. What was
    reported stays as it was (decision 0024)."""
    op.execute(
        """
        UPDATE assignment SET state = 'supporting', blocked_reason = NULL, version = version + 1
        WHERE reported_at IS NULL
          AND state IN ('assigned', 'acknowledged', 'in_progress')
          AND plan_id IN (SELECT id FROM plan WHERE state = 'issued')
          AND (period_id IS NULL OR period_id IN (SELECT id FROM period WHERE state = 'open'))
          AND responsibility_id IN (
            SELECT helping.id FROM responsibility AS helping
            JOIN responsibility AS led_by ON led_by.task_id = helping.task_id
            WHERE helping.role = 'cooperate' AND led_by.role = 'lead' AND led_by.ended_on IS NULL
          )
        """
    )


def make_periods() -> None:
    op.create_table(
        "period_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_period_exception_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "period_id"],
            ["period.locality_id", "period.id"],
            name=op.f("fk_period_exception_locality_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_period_exception_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_period_exception_locality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_exception")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_period_exception_locality_id_id")),
        sa.UniqueConstraint("period_id", "unit_id", name=op.f("uq_period_exception_period_id_unit_id")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("period_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("text", text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", text(), nullable=True),
        sa.Column("answer_text", text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name=op.f("ck_question_answered")),
        sa.CheckConstraint(
            "answer IN ('added', 'left_out', 'kept', 'cancelled', 'waived', 'refused')",
            name=op.f("ck_question_answer"),
        ),
        sa.CheckConstraint(
            "kind IN ('late_joiner', 'ended_member', 'waive_request')", name=op.f("ck_question_kind")
        ),
        sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f("ck_question_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_question_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_question_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_question_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "group_id"],
            ["unit_group.locality_id", "unit_group.id"],
            name=op.f("fk_question_locality_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "period_id"],
            ["period.locality_id", "period.id"],
            name=op.f("fk_question_locality_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_question_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_question_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_question_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_question_locality_id_id")),
    )
    op.create_index("ix_question_assignment_id", "question", ["assignment_id"])
    op.create_index("ix_question_locality_id_state", "question", ["locality_id", "state"])
    op.create_index("ix_question_submission_id", "question", ["submission_id"])
    op.create_index("ix_question_unit", "question", ["locality_id", "unit_id", "state"])
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("asked_due_on", sa.Date(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_due_on", sa.Date(), nullable=True),
        sa.Column("decision_reason", text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'granted') = (granted_due_on IS NOT NULL)", name=op.f("ck_extension_granted")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_reason IS NOT NULL", name=op.f("ck_extension_decision")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'granted', 'refused', 'withdrawn')", name=op.f("ck_extension_state")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_extension_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_extension_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_extension_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_extension_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_extension_locality_id_id")),
    )
    op.create_index("ix_extension_assignment_id", "extension", ["assignment_id"])
    op.create_index("ix_extension_locality_id_state", "extension", ["locality_id", "state"])
    op.create_index(
        "uq_extension_requested",
        "extension",
        ["assignment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "remark_mention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locality_id", "remark_id"],
            ["remark.locality_id", "remark.id"],
            name=op.f("fk_remark_mention_locality_id_remark_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_remark_mention_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_remark_mention_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark_mention")),
        sa.UniqueConstraint("remark_id", "unit_id", name=op.f("uq_remark_mention_remark_id_unit_id")),
    )


def make_drafts_and_evidence() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", text(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_draft_subject")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_draft_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_draft_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_draft_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_draft_assignment_id")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_draft_submission_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=True),
        sa.Column("name", text(255), nullable=False),
        sa.Column("media_type", text(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", text(300), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_by", text(300), nullable=True),
        sa.Column("removed_reason", text(), nullable=True),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_evidence_subject")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_reason IS NULL)", name=op.f("ck_evidence_removed")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_evidence_added_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_evidence_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "preview_id"],
            ["stored_file.locality_id", "stored_file.id"],
            name=op.f("fk_evidence_locality_id_preview_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "stored_file_id"],
            ["stored_file.locality_id", "stored_file.id"],
            name=op.f("fk_evidence_locality_id_stored_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_evidence_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_evidence_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_evidence_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_evidence_locality_id_id")),
    )
    op.create_index("ix_evidence_assignment_id", "evidence", ["assignment_id"])
    op.create_index("ix_evidence_submission_id", "evidence", ["submission_id"])
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("sender", sa.Uuid(), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_upload_subject")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_upload_size")),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_upload_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "evidence_id"],
            ["evidence.locality_id", "evidence.id"],
            name=op.f("fk_upload_locality_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_upload_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_upload_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_upload_locality_id_id")),
    )
    op.create_index("ix_upload_expires_at", "upload", ["expires_at"])
    op.create_index("ix_upload_sender", "upload", ["sender"])


def make_urgings() -> None:
    op.create_table(
        "urging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("channel", text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("about_unit_id", sa.Uuid(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("text", text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("step_up_after", sa.Integer(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('app', 'phone', 'paper', 'meeting')", name=op.f("ck_urging_channel")),
        sa.CheckConstraint("kind IN ('urge', 'step_up')", name=op.f("ck_urging_kind")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_urging_answered_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "about_unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_urging_locality_id_about_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_urging_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_urging_locality_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["urging.id"], name=op.f("fk_urging_previous_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_urging_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_urging_locality_id_id")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_urging_previous_id")),
    )
    op.create_index("ix_urging_locality_id_sent_at", "urging", ["locality_id", "sent_at"])
    op.create_index("ix_urging_unit", "urging", ["locality_id", "unit_id"])
    op.create_table(
        "urging_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("urging_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_urging_row_subject")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_urging_row_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_urging_row_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "urging_id"],
            ["urging.locality_id", "urging.id"],
            name=op.f("fk_urging_row_locality_id_urging_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_urging_row_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging_row")),
        sa.UniqueConstraint("urging_id", "assignment_id", name=op.f("uq_urging_row_urging_id_assignment_id")),
        sa.UniqueConstraint("urging_id", "submission_id", name=op.f("uq_urging_row_urging_id_submission_id")),
    )
    op.create_index("ix_urging_row_assignment_id", "urging_row", ["assignment_id"])
    op.create_index("ix_urging_row_submission_id", "urging_row", ["submission_id"])


def make_notices() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", text(200), nullable=False),
        sa.Column("subject", text(300), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.Column("message_id", text(200), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("failure", text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent")),
        sa.CheckConstraint("kind IN ('digest', 'at_once')", name=op.f("ck_mail_kind")),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_mail_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_mail_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index("ix_mail_account_id", "mail", ["account_id"])
    op.create_index("ix_mail_state_next_try_at", "mail", ["state", "next_try_at"])
    op.create_index(
        "uq_mail_digest",
        "mail",
        ["account_id", "day"],
        unique=True,
        sqlite_where=sa.text("kind = 'digest'"),
        postgresql_where=sa.text("kind = 'digest'"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("href", text(300), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('assigned', 'due_soon', 'overdue', 'reported', 'returned', 'confirmed', 'urged', 'mentioned', 'question', 'extension')",
            name=op.f("ck_notice_kind"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_notice_locality_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_notice_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "account_id",
            "locality_id",
            "event_number",
            "kind",
            "href",
            name=op.f("uq_notice_account_id_locality_id_event_number_kind_href"),
        ),
    )
    op.create_index("ix_notice_account_id_at", "notice", ["account_id", "at"])
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["account_id"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "notice_cursor",
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_notice_cursor_locality_id")),
        sa.PrimaryKeyConstraint("locality_id", name=op.f("pk_notice_cursor")),
    )
    # What happened before people could be told is told to nobody.
    op.execute("INSERT INTO notice_cursor (locality_id, number) SELECT locality_id, number FROM ledger")
    op.create_table(
        "notice_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('assigned', 'due_soon', 'overdue', 'reported', 'returned', 'confirmed', 'urged', 'mentioned', 'question', 'extension')",
            name=op.f("ck_notice_choice_kind"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_choice_account_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_notice_choice_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choice")),
        sa.UniqueConstraint("account_id", "kind", name=op.f("uq_notice_choice_account_id_kind")),
    )


def make_links() -> None:
    op.create_table(
        "access_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", text(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_access_link_created_by_id")),
        sa.ForeignKeyConstraint(
            ["locality_id", "period_id"],
            ["period.locality_id", "period.id"],
            name=op.f("fk_access_link_locality_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_access_link_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_access_link_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_access_link_locality_id_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_access_link_secret_hash")),
    )
    op.create_index("ix_access_link_unit", "access_link", ["locality_id", "unit_id", "period_id"])
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", text(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_calendar_link_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_calendar_link_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_calendar_link_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_calendar_link_locality_id_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_link_secret_hash")),
    )
    op.create_index("ix_calendar_link_unit_id", "calendar_link", ["unit_id"])


def make_unit_changes() -> None:
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis", text(300), nullable=True),
        sa.Column("note", text(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('merge', 'split', 'rename', 'end')", name=op.f("ck_unit_change_kind")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_unit_change_locality_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_unit_change_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
        sa.UniqueConstraint("locality_id", "id", name=op.f("uq_unit_change_locality_id_id")),
    )
    op.create_table(
        "unit_successor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["locality_id", "change_id"],
            ["unit_change.locality_id", "unit_change.id"],
            name=op.f("fk_unit_successor_locality_id_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "from_unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_unit_successor_locality_id_from_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "to_unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_unit_successor_locality_id_to_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_unit_successor_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_successor")),
        sa.UniqueConstraint(
            "change_id",
            "from_unit_id",
            "to_unit_id",
            name=op.f("uq_unit_successor_change_id_from_unit_id_to_unit_id"),
        ),
    )
    op.create_index("ix_unit_successor_from_unit_id", "unit_successor", ["from_unit_id"])
    op.create_index("ix_unit_successor_to_unit_id", "unit_successor", ["to_unit_id"])
    op.create_table(
        "unit_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("name", text(300), nullable=False),
        sa.Column("short_name", text(100), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_name_valid")),
        sa.ForeignKeyConstraint(
            ["locality_id", "change_id"],
            ["unit_change.locality_id", "unit_change.id"],
            name=op.f("fk_unit_name_locality_id_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_unit_name_locality_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_unit_name_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_name")),
        sa.UniqueConstraint("unit_id", "valid_to", name=op.f("uq_unit_name_unit_id_valid_to")),
    )
    op.create_table(
        "row_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("moved_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_row_move_subject")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "assignment_id"],
            ["assignment.locality_id", "assignment.id"],
            name=op.f("fk_row_move_locality_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "change_id"],
            ["unit_change.locality_id", "unit_change.id"],
            name=op.f("fk_row_move_locality_id_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "from_unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_row_move_locality_id_from_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "submission_id"],
            ["submission.locality_id", "submission.id"],
            name=op.f("fk_row_move_locality_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id", "to_unit_id"],
            ["unit.locality_id", "unit.id"],
            name=op.f("fk_row_move_locality_id_to_unit_id"),
        ),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_row_move_locality_id")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["account.id"], name=op.f("fk_row_move_moved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_move")),
    )
    op.create_index("ix_row_move_assignment_id", "row_move", ["assignment_id"])
    op.create_index("ix_row_move_from_unit_id", "row_move", ["from_unit_id"])
    op.create_index("ix_row_move_submission_id", "row_move", ["submission_id"])


def open_sessions_to_links() -> None:
    """A session is a person's, or was opened with an access link."""
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("access_link_id", sa.Uuid(), nullable=True))
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        batch.create_index("ix_session_access_link_id", ["access_link_id"])
        batch.create_foreign_key(
            op.f("fk_session_locality_id_access_link_id"),
            "access_link",
            ["locality_id", "access_link_id"],
            ["locality_id", "id"],
        )
        batch.create_check_constraint(
            op.f("ck_session_whose"), "(account_id IS NULL) <> (access_link_id IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM session WHERE account_id IS NULL")
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("ck_session_whose"), type_="check")
        batch.drop_constraint(op.f("fk_session_locality_id_access_link_id"), type_="foreignkey")
        batch.drop_index("ix_session_access_link_id")
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
        batch.drop_column("access_link_id")
    for table in (
        "row_move",
        "unit_name",
        "unit_successor",
        "unit_change",
        "calendar_link",
        "access_link",
        "notice_choice",
        "notice_cursor",
        "notice",
        "mail",
        "urging_row",
        "urging",
        "upload",
        "evidence",
        "draft",
        "remark_mention",
        "extension",
        "question",
        "period_exception",
    ):
        op.drop_table(table)
