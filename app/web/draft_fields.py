"""What is typed on a form with drafts: the fields of each row, and the version of the draft they go on from.

Fields are named <key><part>, where the key is "<row id>." on a form of many rows and empty on a row's own page; the
hidden fields <key>draft and <key>theirs hold the version shown, and the one of somebody else that is shown beside it,
<key>sent the number of what was last sent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from fastapi import Response

from app.errors import Conflict
from app.models import Assignment
from app.services.assignment_list import ReportSeen
from app.services.draft import PARTS, DraftInput, DraftSeen, Saved, Subject
from app.services.earlier_answers import Answer
from app.services.period_draft import TypedRow
from app.services.standing import Figure
from app.web.figure_fields import typed_parts
from app.web.forms import Form, checked
from app.web.pages import fragment

NAMES = frozenset(part for parts in PARTS.values() for part in parts)
# What is said of the choice between two people's words.
CHOSEN = {"keep": "Đã giữ bản của bạn làm bản nháp chung.", "take": "Đã lấy bản nháp của người kia."}


def typed_row(form: Form, key: str = "", *, over: str = "draft", names: Iterable[str] = NAMES) -> TypedRow:
    """Invalid when it is more than a draft may hold."""
    fields = {part: form.value(key + part) for part in names}
    return TypedRow(checked(DraftInput, {"fields": fields}), _version(form.value(key + over)))


def typed_fields(form: Form) -> dict[str, str]:
    """What was typed into a row's own form, to be read again."""
    return {part: text for part in NAMES if (text := form.value(part).strip())}


def typed_rows(form: Form) -> dict[UUID, TypedRow]:
    """Of a form of many rows, each by its id."""
    keys = {name.partition(".")[0] for name in form.values if name.partition(".")[2] in NAMES}
    found: dict[UUID, TypedRow] = {}
    for key in sorted(keys):
        if row_id := _as_id(key):
            found[row_id] = typed_row(form, f"{key}.")
    return found


def own_form(form: Form, subject: Subject) -> Form:
    """What was typed into the form of the report or figure, on a page that has other forms beside it."""
    return form.own("sent", *PARTS[subject])


def says_same(row: TypedRow, fields: Mapping[str, str]) -> bool:
    return _bare(row.typed.fields) == _bare(fields)


def overtaken(form: Form, draft: DraftSeen, key: str = "") -> bool:
    """Whether somebody else saved something else since this form was shown."""
    if not form.was_sent or not draft.version:
        return False
    row = typed_row(form, key)
    return row.version != draft.version and not says_same(row, draft.fields)


def number_seen(form: Form, key: str = "") -> int:
    """Of the version last sent when the form was shown."""
    return _version(form.value(f"{key}sent"))


def sent_since(form: Form, number: int, key: str = "") -> bool:
    """Whether `number`, the last version sent, is another one than this form was shown with."""
    return form.was_sent and number_seen(form, key) != number


def overtaken_by(draft: DraftSeen) -> str:
    return f"{draft.saved_by} vừa ghi vào mục này. Xem bản ấy rồi chọn."


def refuse_overtaken(form: Form, draft: DraftSeen) -> None:
    """Before a row's own form is sent: Conflict while somebody's newer words are unseen."""
    if overtaken(form, draft):
        raise Conflict(overtaken_by(draft))


def saved_lines(
    saved: Mapping[UUID, Saved],
    rows: Mapping[UUID, TypedRow],
    here: str,
    at: datetime,
    *,
    is_alone: bool = False,
) -> Response:
    """What the script gets: a line for each row says what became of it; 200 when all of it was saved, else 207.
    `is_alone`: on the row's own page, where keys are empty."""
    answer = fragment(
        "period_form/drafts_fragment.html", saved=saved, rows=rows, here=here, at=at, is_alone=is_alone
    )
    if any(one.outcome != "saved" for one in saved.values()):
        answer.status_code = 207
    return answer


def parts_of_answer(answer: Answer | ReportSeen | Figure | None) -> dict[str, str]:
    """A sent report or figure the way it would be typed, to fill its fields in."""
    if answer is None or isinstance(answer, Figure):
        return typed_parts(answer)
    kept = {part: getattr(answer, part) for part in PARTS[Assignment]}
    return {part: str(value) for part, value in kept.items() if value not in (None, "")}


def _bare(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in fields.items() if text.strip()}


def _version(typed: str) -> int:
    """0 when the field is absent or was tampered with: then nothing that stands there is overwritten."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _as_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
