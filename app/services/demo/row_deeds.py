"""What is done to one row of the demo's story: the deeds of its acts, each a call of the service people use."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.models import Assignment, Submission
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    acknowledge_assignment,
    block_assignment,
    confirm_assignment,
    report_assignment,
    return_assignment,
    start_assignment,
    waive_assignment,
)
from app.services.demo.picture import garden_photo
from app.services.evidence import Subject, add_evidence
from app.services.extension import (
    ExtensionFilter,
    ExtensionInput,
    GrantInput,
    RefusalInput,
    grant_extension,
    list_extensions,
    refuse_extension,
    request_extension,
)
from app.services.question import AnswerInput, answer_question
from app.services.remark import RemarkInput, remark_on_assignment
from app.services.submission import (
    SubmissionInput,
    accept_submission,
    reopen_submission,
    return_submission,
    send_submission,
    waive_submission,
)
from app.services.waive_request import WaiveRequestInput, list_waive_requests, raise_waive_request
from app.work import Work

Said = dict[str, Any]
Deed = Callable[[Work, UUID, Said], object]


def _send(work: Work, submission_id: UUID, said: Said) -> None:
    row = work.get(Submission, submission_id)
    send_submission(
        work,
        SubmissionInput(indicator=row.indicator_id, unit=row.unit_id, period=str(row.period_id), **said),
    )


def _request_for_time(work: Work, row: UUID) -> UUID:
    (one,) = list_extensions(work, ExtensionFilter(assignment=row, states=("requested",)))
    return one.id


def _answer_question(work: Work, row: UUID, said: Said) -> None:
    last = list_waive_requests(work, Assignment, row)[0]
    answer_question(work, last.id, AnswerInput(**said))


def _lay_evidence(work: Work, row: UUID, said: Said) -> None:
    add_evidence(work, Subject("assignment", row), garden_photo(said["name"]))


DEEDS: dict[str, Deed] = {
    "acknowledge": lambda work, row, said: acknowledge_assignment(work, row),
    "start": lambda work, row, said: start_assignment(work, row),
    "block": lambda work, row, said: block_assignment(work, row, ReasonInput(**said)),
    "report": lambda work, row, said: report_assignment(work, row, ReportInput(**said)),
    "confirm": lambda work, row, said: confirm_assignment(work, row),
    "return": lambda work, row, said: return_assignment(work, row, ReasonInput(**said)),
    "waive": lambda work, row, said: waive_assignment(work, row, ReasonInput(**said)),
    "remark": lambda work, row, said: remark_on_assignment(work, row, RemarkInput(**said)),
    "ask_for_time": lambda work, row, said: request_extension(work, row, ExtensionInput(**said)),
    "grant_time": lambda work, row, said: grant_extension(
        work, _request_for_time(work, row), GrantInput(**said)
    ),
    "refuse_time": lambda work, row, said: refuse_extension(
        work, _request_for_time(work, row), RefusalInput(**said)
    ),
    "ask_to_waive": lambda work, row, said: raise_waive_request(
        work, Assignment, row, WaiveRequestInput(**said)
    ),
    "answer_question": _answer_question,
    "lay_evidence": _lay_evidence,
    "send": _send,
    "accept_figure": lambda work, row, said: accept_submission(work, row),
    "return_figure": lambda work, row, said: return_submission(work, row, ReasonInput(**said)),
    "reopen_figure": lambda work, row, said: reopen_submission(work, row, ReasonInput(**said)),
    "waive_figure": lambda work, row, said: waive_submission(work, row, ReasonInput(**said)),
}
