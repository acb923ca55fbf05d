"""What a plan comes from: the superior documents it carries out, and the plan it amends."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, moment, one_of, rule

OUTCOMES = ("kept", "changed", "ended")


class PlanBasis(Row, table=True):
    """A superior document the plan carries out. `symbol` as written, `symbol_key` for equality (case, marks and
    spaces do not matter). `superior_plan_id` points at that document's plan where the system has it, possibly in
    the locality above: a link between two communes' rows, so no composite key can hold it (decision 0018)."""

    __tablename__ = "plan_basis"
    __table_args__ = (
        UniqueConstraint("plan_id", "symbol_key"),
        Index("ix_plan_basis_symbol_key", "symbol_key"),
        inside("plan_id", "plan"),
    )

    plan_id: UUID
    symbol: str = Field(max_length=60)
    symbol_key: str = Field(max_length=60)
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = Field(default=None, max_length=300)
    issued_on: date | None = None
    superior_plan_id: UUID | None = Field(default=None, foreign_key="plan.id", index=True)
    created_at: datetime = moment()
    version: int = 1


class SuperiorMatch(Row, table=True):
    """A person's word on which indicator of the plan answers one of a superior plan; `indicator_id` null: none does."""

    __tablename__ = "superior_match"
    __table_args__ = (
        UniqueConstraint("plan_id", "superior_indicator_id"),
        inside("plan_id", "plan"),
        inside("indicator_id", "indicator"),
    )

    plan_id: UUID
    superior_indicator_id: UUID = Field(foreign_key="indicator.id")
    indicator_id: UUID | None = None
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime = moment()
    version: int = 1


class AmendmentDecision(Row, table=True):
    """What becomes of a task or an indicator of the plan that `plan_id` amends. Kept and changed ones go on in what
    `candidate_id` becomes; an ended one says why."""

    __tablename__ = "amendment_decision"
    __table_args__ = (
        UniqueConstraint("plan_id", "task_id"),
        UniqueConstraint("plan_id", "indicator_id"),
        UniqueConstraint("plan_id", "candidate_id"),
        one_of("outcome", *OUTCOMES),
        rule("subject", "(task_id IS NULL) <> (indicator_id IS NULL)"),
        rule("candidate", "(outcome = 'ended') = (candidate_id IS NULL)"),
        rule("reason", "outcome <> 'ended' OR reason IS NOT NULL"),
        inside("plan_id", "plan"),
        inside("task_id", "task"),
        inside("indicator_id", "indicator"),
        inside("candidate_id", "candidate"),
    )

    plan_id: UUID
    task_id: UUID | None = None
    indicator_id: UUID | None = None
    outcome: str
    candidate_id: UUID | None = None
    reason: str | None = None
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime = moment()
    version: int = 1
