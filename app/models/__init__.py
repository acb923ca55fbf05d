"""The tables. Importing this package fills SQLModel.metadata."""

from app.models.document import (
    Candidate,
    DecisionStep,
    Document,
    DocumentFile,
    Passage,
    ReadingProgress,
    StoredFile,
)
from app.models.event import EventRow, KeptAnswer, Ledger
from app.models.indicator import Indicator, IndicatorOwner, Target
from app.models.lineage import AmendmentDecision, PlanBasis, SuperiorMatch
from app.models.locality import Locality
from app.models.period import Period, PeriodScheme
from app.models.person import Account, ApiToken, KnownDevice, Membership, SignIn, SignInTry
from app.models.plan import Plan
from app.models.submission import Submission, SubmissionDecision, SubmissionVersion
from app.models.task import Assignment, Remark, ReportDecision, Responsibility, Task, TaskReport
from app.models.unit import Unit, UnitGroup, UnitGroupMember

__all__ = [
    "Account",
    "AmendmentDecision",
    "ApiToken",
    "Assignment",
    "Candidate",
    "DecisionStep",
    "Document",
    "DocumentFile",
    "EventRow",
    "Indicator",
    "IndicatorOwner",
    "KeptAnswer",
    "KnownDevice",
    "Ledger",
    "Locality",
    "Membership",
    "Passage",
    "Period",
    "PeriodScheme",
    "Plan",
    "PlanBasis",
    "ReadingProgress",
    "Remark",
    "ReportDecision",
    "Responsibility",
    "SignIn",
    "SignInTry",
    "StoredFile",
    "Submission",
    "SubmissionDecision",
    "SubmissionVersion",
    "SuperiorMatch",
    "Target",
    "Task",
    "TaskReport",
    "Unit",
    "UnitGroup",
    "UnitGroupMember",
]
