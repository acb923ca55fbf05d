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
from app.models.draft import Draft
from app.models.event import EventRow, KeptAnswer, Ledger
from app.models.evidence import Evidence, Upload
from app.models.indicator import Indicator, IndicatorDefinition, IndicatorOwner, Target
from app.models.lineage import AmendmentDecision, PlanBasis, SuperiorMatch
from app.models.link import AccessLink, CalendarLink
from app.models.locality import Locality
from app.models.notice import Mail, Notice, NoticeChoice, NoticeCursor
from app.models.period import Period, PeriodException, PeriodScheme
from app.models.person import Account, ApiToken, KnownDevice, Membership, SignIn, SignInTry
from app.models.plan import Plan
from app.models.question import Question
from app.models.submission import Submission, SubmissionDecision, SubmissionVersion
from app.models.task import (
    Assignment,
    Extension,
    Remark,
    RemarkMention,
    ReportDecision,
    Responsibility,
    Task,
    TaskReport,
)
from app.models.unit import RowMove, Unit, UnitChange, UnitGroup, UnitGroupMember, UnitName, UnitSuccessor
from app.models.urging import Urging, UrgingRow

__all__ = [
    "AccessLink",
    "Account",
    "AmendmentDecision",
    "ApiToken",
    "Assignment",
    "CalendarLink",
    "Candidate",
    "DecisionStep",
    "Document",
    "DocumentFile",
    "Draft",
    "EventRow",
    "Evidence",
    "Extension",
    "Indicator",
    "IndicatorDefinition",
    "IndicatorOwner",
    "KeptAnswer",
    "KnownDevice",
    "Ledger",
    "Locality",
    "Mail",
    "Membership",
    "Notice",
    "NoticeChoice",
    "NoticeCursor",
    "Passage",
    "Period",
    "PeriodException",
    "PeriodScheme",
    "Plan",
    "PlanBasis",
    "Question",
    "ReadingProgress",
    "Remark",
    "RemarkMention",
    "ReportDecision",
    "Responsibility",
    "RowMove",
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
    "UnitChange",
    "UnitGroup",
    "UnitGroupMember",
    "UnitName",
    "UnitSuccessor",
    "Upload",
    "Urging",
    "UrgingRow",
]
