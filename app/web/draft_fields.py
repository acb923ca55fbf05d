"""What is typed on a form with drafts: the fields of each row, and the version of the draft they go on from.

Fields are named <key><part>, where the key is "<row id>." on a form of many rows and empty on a row's own page; the
hidden fields <key>draft and <key>theirs hold the version shown, and the one of somebody else that is shown beside it.
"""

from collections.abc import Mapping
from uuid import UUID

from app.services.draft import PARTS, DraftInput, DraftSeen
from app.services.period_draft import TypedRow
from app.web.forms import Form, checked

NAMES = frozenset(part for parts in PARTS.values() for part in parts)


def typed_row(form: Form, key: str = "", *, over: str = "draft") -> TypedRow:
    """Invalid when it is more than a draft may hold."""
    fields = {part: form.value(key + part) for part in NAMES}
    return TypedRow(checked(DraftInput, {"fields": fields}), _version(form.value(key + over)))


def typed_rows(form: Form) -> dict[UUID, TypedRow]:
    """Of a form of many rows, each by its id."""
    keys = {name.partition(".")[0] for name in form.values if name.partition(".")[2] in NAMES}
    found: dict[UUID, TypedRow] = {}
    for key in sorted(keys):
        if row_id := _as_id(key):
            found[row_id] = typed_row(form, f"{key}.")
    return found


def says_same(row: TypedRow, fields: Mapping[str, str]) -> bool:
    return _bare(row.typed.fields) == _bare(fields)


def overtaken(form: Form, draft: DraftSeen, key: str = "") -> bool:
    """Whether somebody else saved something else since this form was shown."""
    if not form.was_sent or not draft.version:
        return False
    row = typed_row(form, key)
    return row.version != draft.version and not says_same(row, draft.fields)


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
