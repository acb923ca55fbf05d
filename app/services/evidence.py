"""Files and photos beside a row of work or a figure. Adding and removing one never touches the row's version.

Who may see the row sees them; who leads sees those of the units that cooperate, too. The unit and the office add and
remove; once the row is decided, the office alone (decision 0022). A removed one is no longer shown nor given out, but
stays recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.errors import Conflict, Invalid, NotFound
from app.events import EvidenceAdded, EvidenceRefused, EvidenceRemoved
from app.models import Assignment, Evidence, Responsibility, StoredFile, Submission, Unit
from app.models.base import columns, new_id
from app.outside import file_store
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.assignment import ReasonInput
from app.services.evidence_file import PreparedFile, RefusedFile
from app.services.states import OPEN_ASSIGNMENTS
from app.work import Work

MOST_FILES = 20
CONTENT, PREVIEW = "content", "preview"
# Rows in these states are still worked on: the unit itself may add and remove.
OPEN = {
    "assignment": ("supporting", *OPEN_ASSIGNMENTS),
    "submission": ("expected", "draft", "sent", "returned", "reopened"),
}
_MODELS: dict[str, type[Assignment] | type[Submission]] = {"assignment": Assignment, "submission": Submission}
_DECIDES = {"assignment": Permission.ASSIGNMENT_DECIDE, "submission": Permission.SUBMISSION_DECIDE}

evidence, stored, units = columns(Evidence), columns(StoredFile), columns(Unit)
assignments, submissions, given = columns(Assignment), columns(Submission), columns(Responsibility)
helping = columns(aliased(Assignment))


@dataclass(frozen=True, slots=True)
class Subject:
    """The row a file is about: `kind` is assignment or submission."""

    kind: str
    id: UUID

    def of(self, row: Any) -> Any:
        """The condition that a table with both keys points at this row."""
        return (row.assignment_id if self.kind == "assignment" else row.submission_id) == self.id

    @property
    def assignment_id(self) -> UUID | None:
        return self.id if self.kind == "assignment" else None

    @property
    def submission_id(self) -> UUID | None:
        return self.id if self.kind == "submission" else None


class EvidenceSeen(NamedTuple):
    """One file, ready to show. `is_own` is False for one of a unit that cooperates in the same work."""

    id: UUID
    assignment_id: UUID | None
    submission_id: UUID | None
    unit_id: UUID
    unit_name: str
    name: str
    media_type: str
    size: int
    has_preview: bool
    added_at: datetime
    added_by: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """Bytes to hand out; `key` changes whenever they would."""

    name: str
    media_type: str
    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class EvidenceOf:
    """The files of a row, and whether this actor may add one now (and remove its own)."""

    about: Subject
    items: tuple[EvidenceSeen, ...]
    may_add: bool

    @property
    def is_full(self) -> bool:
        return sum(one.is_own for one in self.items) >= MOST_FILES


# Reads


def list_evidence(work: Work, about: Subject) -> EvidenceOf:
    """What is beside a row, oldest first; beside a lead's row also what the units that cooperate laid beside theirs."""
    row = find(work, _MODELS[about.kind], about.id)
    where = about.of(evidence)
    if isinstance(row, Assignment):
        where = or_(where, evidence.assignment_id.in_(_beside_lead(work, row)))
    asked = _seen(about.of(evidence)).where(where)
    items = tuple(EvidenceSeen._make(one) for one in work.session.execute(asked))
    return EvidenceOf(about, items, _may_change(work, about.kind, row))


def list_evidence_of_unit(
    work: Work, unit: Unit, kind: str, states: Mapping[UUID, str]
) -> dict[UUID, EvidenceOf]:
    """The unit's own files beside many of its rows, given with their states. The caller has made sure that the actor
    may see them."""
    key = evidence.assignment_id if kind == "assignment" else evidence.submission_id
    found: dict[UUID, list[EvidenceSeen]] = {row_id: [] for row_id in states}
    for one in work.session.execute(_seen(literal(value=True)).where(key.in_(list(states)))):
        seen = EvidenceSeen._make(one)
        found[subject_of(seen).id].append(seen)
    return {
        row_id: EvidenceOf(
            Subject(kind, row_id),
            tuple(items),
            _may_change_in(work, kind, states[row_id], unit.locality_id, unit.id),
        )
        for row_id, items in found.items()
    }


def get_evidence(work: Work, evidence_id: UUID) -> Evidence:
    """One that is beside a row the actor may see; NotFound otherwise, and once it was removed."""
    for model, key in ((Assignment, evidence.assignment_id), (Submission, evidence.submission_id)):
        row = columns(model)
        asked = visible(work, model, evidence).join(row, row.id == key)
        found: Evidence | None = work.session.scalars(asked.where(evidence.id == evidence_id)).first()
        if found is not None and found.removed_at is None:
            return found
    if (shown := _find_beside_lead(work, evidence_id)) is not None:
        return shown
    raise NotFound


def open_evidence(work: Work, evidence_id: UUID, what: str = CONTENT) -> OpenedFile:
    """The file itself, or its small picture; NotFound where it has none."""
    one = get_evidence(work, evidence_id)
    key = one.stored_file_id if what == CONTENT else one.preview_id
    kept = work.session.get(StoredFile, key) if key else None
    if kept is None:
        raise NotFound
    try:
        data = file_store.get(work.settings.data_dir, kept.sha256)
    except FileNotFoundError:
        raise NotFound("Tệp này không còn trong kho lưu. Hãy báo người quản trị.") from None
    return OpenedFile(one.name, kept.media_type, kept.sha256[:20], data)


def check_may_add(work: Work, about: Subject) -> None:
    """What is asked before a file is taken from the network: may this actor add one to this row?"""
    _to_change(work, about.kind, about.id)


# Writes


def add_files(
    work: Work, about: Subject, sent: Sequence[PreparedFile | RefusedFile]
) -> tuple[list[Evidence], list[RefusedFile]]:
    """Add what is good of several files sent together; what is not comes back with the reason. Where none is good, the
    first refusal is raised; a file marked secret refuses all that came with it."""
    refused = [one for one in sent if isinstance(one, RefusedFile)]
    good = [one for one in sent if isinstance(one, PreparedFile)]
    row = _to_change(work, about.kind, about.id)
    if not sent:
        raise Invalid.field("file", "Chưa chọn tệp. Hãy chọn ảnh hoặc tệp rồi gửi.")
    if secret := next((one for one in refused if one.is_secret), None):
        refuse_secret_file(work, about.kind, row)
        raise secret.error
    if not good:
        said = " ".join(one.sentence for one in refused)
        raise type(refused[0].error)(said, code=refused[0].error.code, errors={"file": said})
    return [add_evidence(work, about, one) for one in good], refused


def add_evidence(work: Work, about: Subject, file: PreparedFile) -> Evidence:
    """Lay a file beside a row. The same file again changes nothing: the one that is there comes back. Conflict when
    the row is decided, or holds as many files as it may."""
    row = _to_change(work, about.kind, about.id)
    sha256 = file_store.name_of(file.data)
    if (same := _same(work, about, sha256)) is not None:
        return same
    _check_room(work, about)

    kept = _keep(work, row, file.data, file.name, file.media_type)
    preview = _keep(work, row, file.preview, file.name, "image/jpeg") if file.preview else None
    made = Evidence(
        id=new_id(),
        locality_id=row.locality_id,
        assignment_id=about.assignment_id,
        submission_id=about.submission_id,
        unit_id=row.unit_id,
        stored_file_id=kept.id,
        preview_id=preview.id if preview else None,
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        added_at=work.now,
        added_by=work.actor.name,
        added_by_id=work.actor.account_id,
    )
    work.add(made)
    work.record(EvidenceAdded(**_about(about.kind, row), evidence=made.id, name=made.name))
    return made


def remove_evidence(work: Work, evidence_id: UUID, why: ReasonInput) -> Evidence:
    """No longer shown nor given out; who took it away, when and why stays."""
    about = subject_of(get_evidence(work, evidence_id))
    row = _to_change(work, about.kind, about.id)
    one = get_evidence(work, evidence_id)  # anew: the row's lock may have been waited for

    one.removed_at, one.removed_by, one.removed_reason = work.now, work.actor.name, why.reason
    work.record(EvidenceRemoved(**_about(about.kind, row), evidence=one.id, name=one.name, reason=why.reason))
    return one


def refuse_secret_file(work: Work, kind: str, row: Assignment | Submission) -> None:
    """Of a file marked secret the refusal is kept, even though this work fails: the caller raises next."""
    work.record_if_refused(EvidenceRefused(**_about(kind, row)))


def subject_of(row: Any) -> Subject:
    """What an evidence or an upload is about."""
    if row.assignment_id is not None:
        return Subject("assignment", row.assignment_id)
    return Subject("submission", row.submission_id)


def row_to_change(work: Work, about: Subject) -> Assignment | Submission:
    return _to_change(work, about.kind, about.id)


def _to_change(work: Work, kind: str, row_id: UUID) -> Assignment | Submission:
    """The row, once the actor may see it (404) and add to it (403), and it is not decided (409; not for the office)."""
    row = find(work, _MODELS[kind], row_id)
    work.require(Permission.EVIDENCE_WRITE, row.locality_id, row.unit_id)
    if not _may_change(work, kind, row):
        raise Conflict(
            "Việc này đã được quyết định nên chỉ Văn phòng thêm hoặc bỏ được minh chứng. Hãy gửi tệp cho Văn phòng.",
            code="row_decided",
        )
    return row


def _may_change(work: Work, kind: str, row: Assignment | Submission) -> bool:
    return _may_change_in(work, kind, row.state, row.locality_id, row.unit_id)


def _may_change_in(work: Work, kind: str, state: str, locality_id: UUID, unit_id: UUID) -> bool:
    if not work.actor.may(Permission.EVIDENCE_WRITE, locality_id, unit_id):
        return False
    return state in OPEN[kind] or work.actor.may(_DECIDES[kind], locality_id)


def _seen(is_own: Any) -> Select[Any]:
    """The columns of EvidenceSeen, of files that are still there, oldest first."""
    return (
        select(
            evidence.id,
            evidence.assignment_id,
            evidence.submission_id,
            evidence.unit_id,
            units.name,
            evidence.name,
            evidence.media_type,
            evidence.size,
            evidence.preview_id.is_not(None),
            evidence.added_at,
            evidence.added_by,
            is_own,
        )
        .join(units, units.id == evidence.unit_id)
        .where(evidence.removed_at.is_(None))
        .order_by(evidence.id)
    )


def _beside_lead(work: Work, row: Assignment) -> Any:
    """Rows of units that cooperate in work this row leads. A link shows one unit's own (decision 0027)."""
    leads = select(given.id).where(given.id == row.responsibility_id, given.role == "lead").exists()
    found = select(helping.id).where(
        leads,
        helping.task_id == row.task_id,
        helping.period_id.is_not_distinct_from(row.period_id),
        helping.state == "supporting",
    )
    return found if work.actor.link is None else found.where(false())


def _find_beside_lead(work: Work, evidence_id: UUID) -> Evidence | None:
    """One of a unit that cooperates, for who may see the row that leads."""
    if work.actor.link is not None:
        return None
    asked = (
        visible(work, Assignment, evidence)
        .join(helping, helping.id == evidence.assignment_id)
        .join(
            assignments,
            and_(
                assignments.task_id == helping.task_id,
                assignments.period_id.is_not_distinct_from(helping.period_id),
            ),
        )
        .join(given, given.id == assignments.responsibility_id)
        .where(evidence.id == evidence_id, evidence.removed_at.is_(None))
        .where(helping.state == "supporting", given.role == "lead")
    )
    found: Evidence | None = work.session.scalars(asked).first()
    return found


def _same(work: Work, about: Subject, sha256: str) -> Evidence | None:
    asked = (
        select(evidence)
        .join(stored, stored.id == evidence.stored_file_id)
        .where(about.of(evidence), evidence.removed_at.is_(None), stored.sha256 == sha256)
        .order_by(evidence.id)
    )
    found: Evidence | None = work.session.scalars(asked).first()
    return found


def _check_room(work: Work, about: Subject) -> None:
    there = select(func.count()).where(about.of(evidence), evidence.removed_at.is_(None))
    if (work.session.scalar(there) or 0) >= MOST_FILES:
        raise Conflict(
            f"Mỗi việc chỉ kèm tối đa {MOST_FILES} tệp. Hãy gộp ảnh vào một tệp PDF, hoặc bỏ bớt tệp không cần.",
            code="too_much_evidence",
        )


def _keep(work: Work, row: Assignment | Submission, data: bytes, name: str, media_type: str) -> StoredFile:
    kept = StoredFile(
        id=new_id(),
        locality_id=row.locality_id,
        sha256=file_store.put(work.settings.data_dir, data),
        size=len(data),
        name=name,
        media_type=media_type,
        stored_at=work.now,
    )
    work.add(kept)
    return kept


def _about(kind: str, row: Assignment | Submission) -> dict[str, Any]:
    return {
        "subject_kind": kind,
        "locality_id": row.locality_id,
        "subject_id": row.id,
        "unit_id": row.unit_id,
    }
