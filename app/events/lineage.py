"""What a plan carries out, and what becomes of it when it is amended. `plan`: the code of the other plan."""

from dataclasses import dataclass
from datetime import date

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBasisSet(Event):
    subject_kind = "plan"
    sentence = "Ghi văn bản được thực hiện: {symbol}"
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBasisEnded(Event):
    subject_kind = "plan"
    sentence = "Bỏ văn bản được thực hiện: {symbol}"
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBasisLinked(Event):
    """`said`: to which plan, or that the link was taken away."""

    subject_kind = "plan"
    sentence = "{symbol}: {said}"
    symbol: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorMatched(Event):
    """`code` of the superior plan's indicator; `said`: which of our own answers it, or that none does."""

    subject_kind = "plan"
    sentence = "Đối chiếu chỉ tiêu cấp trên {code}: {said}"
    code: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentDrafted(Event):
    """The subject is the plan that is to be amended."""

    subject_kind = "plan"
    sentence = "Lập dự thảo sửa đổi, thay thế: {plan}"
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentSet(Event):
    """The subject is the draft; `said`: which plan it amends, or that it amends none."""

    subject_kind = "plan"
    sentence = "Dự thảo này {said}"
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentDecided(Event):
    """The subject is the draft; `code` of the old task or indicator."""

    subject_kind = "plan"
    sentence = "Đối chiếu {code} của kế hoạch cũ: {said}"
    code: str
    outcome: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentKept(Event):
    subject_kind = "plan"
    sentence = "Giữ nguyên {count} nhiệm vụ, chỉ tiêu không đổi lời văn"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSuperseded(Event):
    subject_kind = "plan"
    sentence = "Được thay thế bởi {plan}: {kept} giữ nguyên, {changed} sửa đổi, {ended} kết thúc"
    plan: str
    kept: int
    changed: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCarriedOn(Event):
    """The subject is the old task; `code` of the one that goes on from it."""

    subject_kind = "task"
    sentence = "Tiếp nối ở {code} của {plan}{said}"
    code: str
    plan: str
    outcome: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEnded(Event):
    subject_kind = "task"
    sentence = "Kết thúc theo {plan}: {reason}"
    plan: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentMoved(Event):
    """An open row changed hands; `said` has the due dates where they differ."""

    subject_kind = "assignment"
    sentence = "Chuyển sang {code} của {plan}{said}"
    code: str
    plan: str
    said: str = ""
    due_on: date | None = None
    due_on_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorCarriedOn(Event):
    subject_kind = "indicator"
    sentence = "Tiếp nối ở {code} của {plan}{said}"
    code: str
    plan: str
    outcome: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorEnded(Event):
    subject_kind = "indicator"
    sentence = "Kết thúc theo {plan}: {reason}"
    plan: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionMoved(Event):
    subject_kind = "submission"
    sentence = "Chuyển sang {code} của {plan}"
    code: str
    plan: str
