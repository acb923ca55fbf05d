"""Things that can happen, past tense: one frozen dataclass each. Which, and what a person reads of them."""

from typing import Any

from app.events.base import Event, kind_of
from app.events.figures import (
    IndicatorAdded,
    IndicatorChanged,
    IndicatorOwnersSet,
    SubmissionAccepted,
    SubmissionReopened,
    SubmissionReturned,
    SubmissionSent,
    SubmissionWaived,
    TargetEnded,
    TargetSet,
)
from app.events.intake import (
    CandidateDecided,
    CandidatesAccepted,
    DocumentReadingBegun,
    DocumentReadingCancelled,
    DocumentReadingFailed,
    DocumentReadingRetried,
    DocumentReceived,
    DocumentRefused,
    DocumentUploaded,
    PassageSetAside,
    PlanChanged,
    PlanClosed,
    PlanDrafted,
    PlanIssued,
)
from app.events.places import (
    GroupMembersSet,
    LocalityAdded,
    PersonAdded,
    PersonChanged,
    RoleEnded,
    RoleGranted,
    SampleDataLoaded,
    SignedIn,
    SignedOut,
    TokenAdded,
    TokenRevoked,
    UnitAdded,
    UnitChanged,
)
from app.events.work import (
    AssignmentAcknowledged,
    AssignmentBlocked,
    AssignmentCancelled,
    AssignmentConfirmed,
    AssignmentReleased,
    AssignmentRemarked,
    AssignmentReopened,
    AssignmentReported,
    AssignmentRestored,
    AssignmentReturned,
    AssignmentStarted,
    AssignmentUnblocked,
    AssignmentWaived,
    PeriodClosed,
    PeriodOpened,
    ResponsibilityEnded,
    ResponsibilityGiven,
    TaskAdded,
    TaskChanged,
)

EVENT_KINDS: dict[str, type[Event]] = {kind_of(kind): kind for kind in Event.__subclasses__()}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"  # a fact that was not kept


def sentence_of(kind: str, data: dict[str, Any]) -> str:
    """The Vietnamese sentence of a stored event; a fact that was not kept shows as "…"."""
    return EVENT_KINDS[kind].sentence.format_map(_Known(data))


__all__ = [
    "EVENT_KINDS",
    "AssignmentAcknowledged",
    "AssignmentBlocked",
    "AssignmentCancelled",
    "AssignmentConfirmed",
    "AssignmentReleased",
    "AssignmentRemarked",
    "AssignmentReopened",
    "AssignmentReported",
    "AssignmentRestored",
    "AssignmentReturned",
    "AssignmentStarted",
    "AssignmentUnblocked",
    "AssignmentWaived",
    "CandidateDecided",
    "CandidatesAccepted",
    "DocumentReadingBegun",
    "DocumentReadingCancelled",
    "DocumentReadingFailed",
    "DocumentReadingRetried",
    "DocumentReceived",
    "DocumentRefused",
    "DocumentUploaded",
    "Event",
    "GroupMembersSet",
    "IndicatorAdded",
    "IndicatorChanged",
    "IndicatorOwnersSet",
    "LocalityAdded",
    "PassageSetAside",
    "PeriodClosed",
    "PeriodOpened",
    "PersonAdded",
    "PersonChanged",
    "PlanChanged",
    "PlanClosed",
    "PlanDrafted",
    "PlanIssued",
    "ResponsibilityEnded",
    "ResponsibilityGiven",
    "RoleEnded",
    "RoleGranted",
    "SampleDataLoaded",
    "SignedIn",
    "SignedOut",
    "SubmissionAccepted",
    "SubmissionReopened",
    "SubmissionReturned",
    "SubmissionSent",
    "SubmissionWaived",
    "TargetEnded",
    "TargetSet",
    "TaskAdded",
    "TaskChanged",
    "TokenAdded",
    "TokenRevoked",
    "UnitAdded",
    "UnitChanged",
    "sentence_of",
]
