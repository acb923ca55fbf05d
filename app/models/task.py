"""Tasks, who carries them out, and the rows a board shows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

CYCLES = ("month", "quarter", "half_year", "nine_months", "year", "school_year")
RESPONSIBILITY_ROLES = ("lead", "cooperate", "advise", "direct", "monitor", "inspect", "report")
ASSIGNMENT_STATES = (
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
)
EXTENSION_STATES = ("requested", "granted", "refused", "withdrawn")


class Task(Row, table=True):
    """What the plan asks for, with its source clause. `cycle` null on a standing task: due in every period.
    `needs_evidence`: no report of it is confirmed without a file. `previous_id`: the same task in the plan that this
    one amends."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("plan_id", "code"),
        one_of("kind", "dated", "standing", "milestone"),
        rule("cycle", f"cycle IS NULL OR (kind = 'standing' AND cycle IN {CYCLES})"),
        rule("due_on", "due_on IS NULL OR kind <> 'standing'"),
        inside("plan_id", "plan"),
        inside("passage_id", "passage"),
    )

    plan_id: UUID
    passage_id: UUID | None = None
    ordinal: int
    code: str = Field(max_length=20)
    title: str = Field(max_length=200)
    text: str
    section: str | None = None
    kind: str = "standing"
    cycle: str | None = None
    due_on: date | None = None
    expected_product: str | None = None
    needs_evidence: bool = False
    previous_id: UUID | None = Field(default=None, foreign_key="task.id", index=True)
    folded: str
    created_at: datetime = moment()
    version: int = 1


class Responsibility(Row, table=True):
    """Task × unit (or group) × role. The Front is asked (`request`), never ordered (`assign`).

    One that ended stays for the rows it made; `ended_on` is the day from which it makes no more. `previous_id`: the
    one it goes on from in the plan amended; what that one finished is not asked for again (decision 0018).
    """

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("task_id", "unit_id", "role"),
        Index(
            "uq_responsibility_lead",
            "task_id",
            unique=True,
            sqlite_where=text("role = 'lead' AND ended_on IS NULL"),
            postgresql_where=text("role = 'lead' AND ended_on IS NULL"),
        ),
        one_of("role", *RESPONSIBILITY_ROLES),
        one_of("completion", "each", "any", "joint"),
        one_of("mode", "assign", "request"),
        inside("task_id", "task"),
        inside("unit_id", "unit"),
    )

    task_id: UUID
    unit_id: UUID = Field(index=True)
    role: str = "lead"
    completion: str = "each"
    mode: str = "assign"
    ended_on: date | None = None
    previous_id: UUID | None = Field(default=None, foreign_key="responsibility.id", index=True)
    version: int = 1


class Assignment(Row, table=True):
    """The row a board shows: one unit's part of a responsibility, in one period for standing tasks.

    Overdue is never stored. `reported_on` is the day (in Vietnam) the last report was sent, `done_on` the day
    the confirmed one was. `due_on` is the date in force, `first_due_on` the one it was given with, kept once it
    moved; `extended` counts how often.
    `plan_id` and `task_id` repeat what the responsibility says, so that a board is one indexed read.
    """

    __table_args__ = (
        key_within_locality(),
        Index(
            "uq_assignment_once",
            "responsibility_id",
            "unit_id",
            unique=True,
            sqlite_where=text("period_id IS NULL"),
            postgresql_where=text("period_id IS NULL"),
        ),
        UniqueConstraint("responsibility_id", "unit_id", "period_id"),
        Index("ix_assignment_board", "locality_id", "unit_id", "plan_id", "period_id"),
        Index("ix_assignment_plan", "locality_id", "plan_id", "period_id"),
        Index("ix_assignment_task", "task_id"),
        one_of("state", *ASSIGNMENT_STATES),
        rule("progress", "progress IS NULL OR progress BETWEEN 0 AND 100"),
        rule("reason", "state NOT IN ('returned', 'waived') OR state_reason IS NOT NULL"),
        rule("done", "state <> 'confirmed' OR done_on IS NOT NULL"),
        inside("plan_id", "plan"),
        inside("task_id", "task"),
        inside("responsibility_id", "responsibility"),
        inside("unit_id", "unit"),
        inside("group_id", "unit_group"),
        inside("period_id", "period"),
    )

    plan_id: UUID
    task_id: UUID
    responsibility_id: UUID
    unit_id: UUID
    group_id: UUID | None = None
    period_id: UUID | None = None
    state: str = "assigned"
    state_reason: str | None = None
    blocked_reason: str | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    extended: int = 0
    progress: int | None = None
    acknowledged_at: datetime | None = moment(default=None)
    reported_at: datetime | None = moment(default=None)
    reported_on: date | None = None
    done_on: date | None = None
    created_at: datetime = moment()
    version: int = 1


class TaskReport(Row, table=True):
    """What a unit sent: immutable. A correction is the next number. `carried_from_id`: the report of an earlier period
    that says the same, word for word."""

    __tablename__ = "task_report"
    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("assignment_id", "number"),
        rule("progress", "progress IS NULL OR progress BETWEEN 0 AND 100"),
        inside("assignment_id", "assignment"),
    )

    assignment_id: UUID
    number: int
    result: str
    difficulty: str | None = None
    proposal: str | None = None
    progress: int | None = None
    carried_from_id: UUID | None = Field(default=None, foreign_key="task_report.id")
    sent_at: datetime = moment()
    sent_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class ReportDecision(Row, table=True):
    """The office's answer to one report: confirmed, or returned with a reason. Immutable."""

    __tablename__ = "report_decision"
    __table_args__ = (
        UniqueConstraint("report_id"),
        one_of("kind", "confirmed", "returned"),
        rule("reason", "kind <> 'returned' OR reason IS NOT NULL"),
        inside("report_id", "task_report"),
    )

    report_id: UUID
    kind: str
    reason: str | None = None
    decided_at: datetime = moment()
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class Extension(Row, table=True):
    """A unit asks for a later date; the office grants it (perhaps another date) or refuses with a reason.
    `due_before` is the date in force when it was asked."""

    __table_args__ = (
        key_within_locality(),
        Index(
            "uq_extension_requested",
            "assignment_id",
            unique=True,
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
        Index("ix_extension_locality_id_state", "locality_id", "state"),
        one_of("state", *EXTENSION_STATES),
        rule("granted", "(state = 'granted') = (granted_due_on IS NOT NULL)"),
        rule("decision", "state <> 'refused' OR decision_reason IS NOT NULL"),
        inside("assignment_id", "assignment"),
        inside("unit_id", "unit"),
    )

    assignment_id: UUID = Field(index=True)
    unit_id: UUID
    state: str = "requested"
    due_before: date | None = None
    asked_due_on: date
    reason: str
    asked_at: datetime = moment()
    asked_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    granted_due_on: date | None = None
    decision_reason: str | None = None
    decided_at: datetime | None = moment(default=None)
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    version: int = 1


class Remark(Row, table=True):
    """A word on a row of work or a figure by those who read, supervise or cooperate; it never changes the row."""

    __table_args__ = (
        key_within_locality(),
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
    )

    assignment_id: UUID | None = Field(default=None, index=True)
    submission_id: UUID | None = Field(default=None, index=True)
    text: str
    written_at: datetime = moment()
    written_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class RemarkMention(Row, table=True):
    """A unit named in a remark: its people are told at once."""

    __tablename__ = "remark_mention"
    __table_args__ = (
        UniqueConstraint("remark_id", "unit_id"),
        inside("remark_id", "remark"),
        inside("unit_id", "unit"),
    )

    remark_id: UUID
    unit_id: UUID
