"""The state machines (docs/glossary.md): one table and one pure function each.

An action is named like the permission behind it reads: who may take it is in `ACTION_PERMISSION`.
"""

from app.errors import IllegalStep
from app.models.task import ASSIGNMENT_STATES
from app.permissions import Permission

ASSIGNMENT_STEPS: dict[str, dict[str, str]] = {
    "acknowledge": {"assigned": "acknowledged"},
    "start": {"assigned": "in_progress", "acknowledged": "in_progress", "returned": "in_progress"},
    "report": {
        "assigned": "reported",
        "acknowledged": "reported",
        "in_progress": "reported",
        "returned": "reported",
        "reported": "reported",
    },
    "block": {s: s for s in ("assigned", "acknowledged", "in_progress", "returned")},
    "unblock": {s: s for s in ("assigned", "acknowledged", "in_progress", "returned", "reported")},
    "extend": {s: s for s in ("assigned", "acknowledged", "in_progress", "returned")},
    "confirm": {"reported": "confirmed"},
    "return": {"reported": "returned"},
    "waive": dict.fromkeys(
        ("waiting", "assigned", "acknowledged", "in_progress", "reported", "returned"), "waived"
    ),
    "reopen": {"confirmed": "in_progress", "waived": "assigned"},
    "remark": {s: s for s in ASSIGNMENT_STATES},
}
# What becomes of a row when its task or who carries it changes: taken by the office through the task, never
# on the row itself. Only a row nobody reported on ends so. `support` and `stand_alone`: somebody leads the task that
# a unit cooperates in, or no longer does; `release`, `recall…`: one member's report was enough, or no longer is
# (decision 0024).
OPEN_ASSIGNMENTS = ("assigned", "acknowledged", "in_progress", "reported", "returned")
CARRYING_STEPS: dict[str, dict[str, str]] = {
    "cancel": dict.fromkeys(
        ("waiting", "supporting", "assigned", "acknowledged", "in_progress"), "cancelled"
    ),
    "restore": {"cancelled": "assigned"},
    "support": dict.fromkeys(("assigned", "acknowledged", "in_progress"), "supporting"),
    "stand_alone": {"supporting": "assigned"},
    "release": dict.fromkeys(OPEN_ASSIGNMENTS, "not_needed"),
    "recall": {"not_needed": "assigned"},
    "recall_reported": {"not_needed": "reported"},
    "recall_returned": {"not_needed": "returned"},
}
# What becomes of a plan and its open rows when an amendment takes its place (decision 0018). A report that waits for
# the office is decided first: `end` knows no step from there.
AMENDING_STEPS: dict[str, dict[str, str]] = {
    "supersede": {"issued": "superseded"},
    "end": dict.fromkeys(
        ("waiting", "supporting", "assigned", "acknowledged", "in_progress", "returned"), "cancelled"
    ),
}
# What becomes of an open row whose unit ended (decision 0028): handed over as it stands, or ended. A report that waits
# for the office is decided first.
HANDING_STEPS: dict[str, dict[str, str]] = {
    "hand_over": {s: s for s in ("waiting", "supporting", *OPEN_ASSIGNMENTS)},
    "end": dict.fromkeys(
        ("waiting", "supporting", "assigned", "acknowledged", "in_progress", "returned"), "cancelled"
    ),
}
SUBMISSION_STEPS: dict[str, dict[str, str]] = {
    "send": dict.fromkeys(("expected", "draft", "sent", "returned", "reopened"), "sent"),
    "accept": {"sent": "accepted"},
    "return": {"sent": "returned"},
    "reopen": {"accepted": "reopened", "waived": "reopened"},
    "waive": dict.fromkeys(("expected", "draft", "sent", "returned", "reopened"), "waived"),
}
# `begin` from `reading`: the service was stopped while it read, and begins anew.
DOCUMENT_STEPS: dict[str, dict[str, str]] = {
    "begin": {"waiting": "reading", "reading": "reading"},
    "finish": {"reading": "read"},
    "fail": {"waiting": "failed", "reading": "failed"},
    "cancel": {"waiting": "cancelled", "reading": "cancelled"},
    "retry": {"failed": "waiting", "cancelled": "waiting"},
}
EXTENSION_STEPS: dict[str, dict[str, str]] = {
    "grant": {"requested": "granted"},
    "refuse": {"requested": "refused"},
    "withdraw": {"requested": "withdrawn"},
}
PLAN_STEPS: dict[str, dict[str, str]] = {"issue": {"draft": "issued"}, "close": {"issued": "closed"}}

# Rows of an amended plan that go on or end with it.
RUNNING_ASSIGNMENTS = ("waiting", "supporting", *OPEN_ASSIGNMENTS)
# What nobody is asked for: not counted; and who cooperates, whose work counts where the lead reports it.
NOT_COUNTED = ("waived", "not_needed", "cancelled", "waiting")
LEFT_OUT = (*NOT_COUNTED, "supporting")
SENT_ASSIGNMENTS = ("reported", "confirmed")
MISSING_SUBMISSIONS = ("expected", "draft", "returned", "reopened")

ACTION_PERMISSION: dict[str, dict[str, Permission]] = {
    "assignment": {
        "acknowledge": Permission.ASSIGNMENT_REPORT,
        "start": Permission.ASSIGNMENT_REPORT,
        "report": Permission.ASSIGNMENT_REPORT,
        "block": Permission.ASSIGNMENT_REPORT,
        "unblock": Permission.ASSIGNMENT_REPORT,
        "extend": Permission.ASSIGNMENT_REPORT,
        "confirm": Permission.ASSIGNMENT_DECIDE,
        "return": Permission.ASSIGNMENT_DECIDE,
        "waive": Permission.ASSIGNMENT_DECIDE,
        "reopen": Permission.ASSIGNMENT_DECIDE,
        "remark": Permission.REMARK_WRITE,
    },
    "submission": {
        "send": Permission.SUBMISSION_SEND,
        "accept": Permission.SUBMISSION_DECIDE,
        "return": Permission.SUBMISSION_DECIDE,
        "reopen": Permission.SUBMISSION_DECIDE,
        "waive": Permission.SUBMISSION_DECIDE,
    },
    "extension": {
        "grant": Permission.EXTENSION_DECIDE,
        "refuse": Permission.EXTENSION_DECIDE,
        "withdraw": Permission.ASSIGNMENT_REPORT,
    },
    "document": {"cancel": Permission.DOCUMENT_UPLOAD, "retry": Permission.DOCUMENT_UPLOAD},
    "plan": {"issue": Permission.PLAN_ISSUE, "close": Permission.PLAN_ISSUE},
}
_STEPS = {
    "assignment": ASSIGNMENT_STEPS,
    "carrying": CARRYING_STEPS,
    "amending": AMENDING_STEPS,
    "handing": HANDING_STEPS,
    "submission": SUBMISSION_STEPS,
    "extension": EXTENSION_STEPS,
    "document": DOCUMENT_STEPS,
    "plan": PLAN_STEPS,
}
_STATE_NAMES = {
    "supporting": "phối hợp",
    "assigned": "mới giao",
    "acknowledged": "đã tiếp nhận",
    "in_progress": "đang thực hiện",
    "reported": "đã báo cáo",
    "returned": "bị trả lại",
    "confirmed": "đã xác nhận",
    "waived": "không áp dụng",
    "waiting": "chưa kích hoạt",
    "cancelled": "đã hủy",
    "not_needed": "không cần nữa",
    "expected": "chờ gửi",
    "draft": "bản nháp",
    "sent": "đã gửi",
    "accepted": "đã chấp nhận",
    "reopened": "đã mở lại",
    "issued": "đã ban hành",
    "closed": "đã kết thúc",
    "superseded": "đã được thay thế",
    "requested": "xin gia hạn",
    "granted": "đã gia hạn",
    "refused": "không gia hạn",
    "withdrawn": "đã rút",
}


# The same codes mean other things of a document.
_DOCUMENT_STATE_NAMES = {
    "waiting": "chờ đọc",
    "reading": "đang đọc",
    "read": "đã đọc xong",
    "failed": "không đọc được",
    "cancelled": "đã dừng đọc",
}


# Where it is not the moment that is wrong but the one who asks.
_WHY_NOT = {
    "supporting": "Đơn vị chủ trì báo cáo việc này. Đơn vị phối hợp ghi ý kiến và gửi minh chứng cho đơn vị chủ trì."
}


def next_state(machine: str, state: str, action: str) -> str:
    """The state `action` leads to, or IllegalStep saying from where it may be taken."""
    steps = _STEPS[machine][action]
    if state not in steps:
        if why := _WHY_NOT.get(state):
            raise IllegalStep(why, details={"state": state, "allowed_from": sorted(steps)})
        names = _DOCUMENT_STATE_NAMES if machine == "document" else _STATE_NAMES
        wanted = ", ".join(names[s] for s in steps)
        raise IllegalStep(
            f"Đang ở trạng thái “{names[state]}” nên chưa làm được việc này"
            f" (chỉ làm được khi: {wanted})."
            " Tải lại trang để xem trạng thái mới nhất.",
            details={"state": state, "allowed_from": sorted(steps)},
        )
    return steps[state]


def sent_back(state: str, reason: str | None) -> str:
    """ "returned" or "reopened" where the office asks the unit for a row once more, else "". Work that was opened again
    is open work like any other but for the reason that stands with it."""
    if state in ("returned", "reopened"):
        return state
    return "reopened" if reason and state in ("assigned", "acknowledged", "in_progress") else ""


def refusals_in(state: str) -> dict[str, str]:
    """The steps of a row that another unit takes, with the reason to show."""
    why = _WHY_NOT.get(state)
    return dict.fromkeys(("report", "confirm", "waive"), why) if why else {}


def actions_from(machine: str, state: str) -> list[str]:
    """What the machine allows next, whoever asks."""
    return [action for action, steps in _STEPS[machine].items() if state in steps]
