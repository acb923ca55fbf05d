"""One commune with a thing of every kind in it, and people of every role there, next door and above."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models import (
    AccessLink,
    Account,
    AmendmentDecision,
    ApiToken,
    CalendarLink,
    Candidate,
    Document,
    DocumentFile,
    Evidence,
    Extension,
    Locality,
    Membership,
    Notice,
    Passage,
    Period,
    Plan,
    PlanBasis,
    Question,
    StoredFile,
    Submission,
    SubmissionVersion,
    SuperiorMatch,
    Target,
    Task,
    TaskReport,
    Unit,
    UnitChange,
    UnitSuccessor,
    Upload,
    Urging,
    UrgingRow,
)
from app.models.base import new_id
from app.outside import file_store, page_store, upload_store
from app.permissions import Role
from app.services.signing_in import hash_secret
from tests.factories import (
    LONG_AGO,
    add_assignment,
    add_group,
    add_indicator,
    add_locality,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    add_unit,
    put,
)
from tests.people import NOW, add_person

# A word in every name of the commune: it must appear in no answer to people who may not know of it.
MARK = "Xuân-Đài-Bí-Ẩn"
BYTES = f"%PDF-1.7 {MARK}".encode()
ENDED_ON = date(2026, 1, 31)
NOBODY = "nobody"
# Who came in with a link: the school's, another unit's, one from next door, one that has expired.
VISITORS = ("link@here", "other_link@here", "link@next_door", "link@expired")
HERE, NEXT_DOOR = "here", "next_door"


def make_world(session: Any) -> dict[str, str]:
    """Insert everything; the value of every path parameter by name, a variant as `name:variant`."""
    province = add_locality(session, "08", "Tỉnh Tuyên Quang", kind="province")
    commune = add_locality(session, "02995", f"Xã {MARK}", parent=province)
    school = add_unit(session, commune, "CB-MN", f"Chi bộ {MARK}", kind="party_cell_school")
    plan, draft = add_plan(session, commune), add_plan(session, commune, code="KH-02", state="draft")
    plan.title = draft.title = f"Kế hoạch {MARK}"
    period = add_period(session, commune)
    _people(session, commune, school, "here")
    _people_elsewhere(session, province)
    _link(session, school, period, "link@here")
    old = _link(session, school, period, "link@expired", days=-1)
    keys = {
        **_work(session, plan, school, period),
        **_figures(session, plan, school, period),
        "period_id:closed": add_period(session, commune, "2026-Q3", state="closed").id,
        **_intake(session, plan, draft),
        **_superior(session, commune, plan),
        **_places(session, commune, school, plan, draft, period),
    }
    keys["change_id"] = _ended_unit(session, commune, plan, period)
    keys |= _amending(session, commune, plan, keys)
    calendar = put(
        session,
        CalendarLink(
            locality_id=commune.id,
            unit_id=school.id,
            secret_hash=hash_secret("calendar@here"),
            created_at=LONG_AGO,
        ),
    )
    revoked = {"secret_hash": hash_secret("link@expired"), "revoked_at": LONG_AGO}
    put(session, CalendarLink(locality_id=commune.id, unit_id=school.id, created_at=LONG_AGO, **revoked))
    keys |= {
        "calendar_link_id": calendar.id,
        "access_link_id": old.id,
        "link_id": old.id,
        "secret": "link@here",
        "secret:calendar": "calendar@here",
    }
    keys["question_id"] = put(
        session,
        Question(
            locality_id=commune.id,
            kind="waive_request",
            unit_id=school.id,
            assignment_id=keys["assignment_id"],
            text=f"Không có trường ở {MARK}",
            asked_at=LONG_AGO,
        ),
    ).id
    keys["notice_id"] = _notice(session, school, keys["account_id"])
    keys |= _urging(session, school, keys)
    keys |= _evidence(session, draft, school, keys)
    keys |= {"row_id": keys["assignment_id"], "sheet_id": new_id()}
    session.commit()
    return {name: str(key) for name, key in keys.items()}


def everybody() -> list[str]:
    """Nobody, then each role here and elsewhere: `office@here`, `office@next_door`, `province@above` …"""
    local = [role.value for role in Role if role is not Role.PROVINCE]
    return [
        NOBODY,
        *(f"{role}@{HERE}" for role in local),
        f"other_unit@{HERE}",
        "province@above",
        *(f"{role}@{NEXT_DOOR}" for role in local),
        "province@elsewhere",
        *VISITORS,
    ]


def may_know(person: str) -> bool:
    """Whether that person may know of anything in the commune."""
    return person.endswith(("@here", "@above"))


def _people(session: Any, locality: Locality, unit: Unit, place: str) -> None:
    for role in Role:
        if role is not Role.PROVINCE:
            held = unit if role is Role.UNIT else None
            add_person(session, locality, f"{role.value}@{place}", f"Người {role.value}", role, held)


def _link(session: Any, unit: Unit, period: Period, person: str, *, days: int = 900) -> AccessLink:
    """That visitor's link; its secret is the visitor's name."""
    return put(
        session,
        AccessLink(
            locality_id=unit.locality_id,
            unit_id=unit.id,
            period_id=period.id,
            secret_hash=hash_secret(person),
            created_at=LONG_AGO,
            expires_at=NOW + timedelta(days=days),
        ),
    )


def _notice(session: Any, school: Unit, account_id: Any) -> Any:
    """The id of a notice of the school's officer."""
    told = Notice(
        locality_id=school.locality_id,
        account_id=account_id,
        kind="returned",
        text=f"Trả lại báo cáo của {MARK}",
        href="/thong-bao",
        unit_id=school.id,
        event_number=1,
        at=LONG_AGO,
    )
    return put(session, told).id


def _people_elsewhere(session: Any, province: Locality) -> None:
    next_door = add_locality(session, "02996", "Xã Bên Cạnh", parent=province)
    cell = add_unit(session, next_door, "CB-1", "Chi bộ một")
    _people(session, next_door, cell, NEXT_DOOR)
    _link(session, cell, add_period(session, next_door), f"link@{NEXT_DOOR}")
    elsewhere = add_locality(session, "31", "Thành phố Hải Phòng", kind="province")
    add_person(session, province, "province@above", "Người cấp trên", Role.PROVINCE)
    add_person(session, elsewhere, "province@elsewhere", "Người tỉnh khác", Role.PROVINCE)


def _places(
    session: Any, commune: Locality, school: Unit, plan: Plan, draft: Plan, period: Period
) -> dict[str, Any]:
    other = add_unit(session, commune, "CB-T1", f"Chi bộ thôn {MARK}", kind="party_cell_village")
    add_person(session, commune, f"other_unit@{HERE}", "Người đơn vị khác", Role.UNIT, other)
    _link(session, other, period, f"other_link@{HERE}")
    group = add_group(session, commune, "NHOM", f"Các chi bộ {MARK}", [school, other])
    accounts: Any = Account
    memberships: Any = Membership
    account = session.scalars(select(accounts).where(accounts.login == f"unit@{HERE}")).one()
    token = put(
        session,
        ApiToken(
            locality_id=commune.id,
            account_id=account.id,
            name="thử",
            secret_hash="0" * 64,
            created_at=LONG_AGO,
            expires_at=NOW + timedelta(days=900),
        ),
    )
    return {
        "locality_id": commune.id,
        "unit_id": school.id,
        "unit_id:group": group.id,
        "unit_group_id": group.id,
        "group_id": group.id,
        "plan_id": plan.id,
        "plan_id:draft": draft.id,
        "period_id": period.id,
        "account_id": account.id,
        "person_id": account.id,
        "token_id": token.id,
        "role_id": session.scalars(select(memberships.id).where(memberships.account_id == account.id)).one(),
    }


def _work(session: Any, plan: Plan, school: Unit, period: Period) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for number, state in enumerate(("assigned", "reported", "confirmed"), start=1):
        task: Task = add_task(session, plan, f"NV-{number:03}", text=f"Rà soát {MARK} lần {number}")
        given = add_responsibility(session, task, school)
        done = period.starts_on if state == "confirmed" else None
        row = add_assignment(
            session, task, school, period=period, responsibility=given, state=state, done_on=done
        )
        row.reported_on = None if state == "assigned" else period.starts_on
        if state != "assigned":
            put(
                session,
                TaskReport(
                    locality_id=plan.locality_id,
                    assignment_id=row.id,
                    number=1,
                    result=f"Kết quả {MARK}",
                    sent_at=LONG_AGO,
                ),
            )
        keys |= {f"assignment_id:{state}": row.id, "responsibility_id": given.id, "task_id": task.id}
    asked = _asked_for_longer(
        session, add_task(session, plan, "NV-004", text=f"Rà soát {MARK}"), school, period
    )
    return keys | {"assignment_id": keys["assignment_id:assigned"], "extension_id": asked}


def _asked_for_longer(session: Any, task: Task, school: Unit, period: Period) -> Any:
    """The id of a request for a later date that waits for the office."""
    row = add_assignment(session, task, school, period=period)
    asked = Extension(
        locality_id=task.locality_id,
        assignment_id=row.id,
        unit_id=school.id,
        due_before=row.due_on,
        asked_due_on=period.due_on + timedelta(days=30),
        reason=f"Trường {MARK} đang sửa",
        asked_at=LONG_AGO,
    )
    return put(session, asked).id


def _figures(session: Any, plan: Plan, school: Unit, period: Period) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for number, state in enumerate(("expected", "sent", "accepted"), start=1):
        statement = f"100% trường {MARK} đạt chuẩn lần {number}"
        indicator = add_indicator(session, plan, f"CT-{number:02}", owners=(school,), statement=statement)
        submission = put(
            session,
            Submission(
                locality_id=plan.locality_id,
                indicator_id=indicator.id,
                unit_id=school.id,
                period_id=period.id,
                state=state,
                created_at=LONG_AGO,
                sent_at=None if state == "expected" else LONG_AGO,
            ),
        )
        if state != "expected":
            put(
                session,
                SubmissionVersion(
                    locality_id=plan.locality_id,
                    submission_id=submission.id,
                    number=1,
                    numerator=5,
                    denominator=6,
                    value=83,
                    sent_at=LONG_AGO,
                ),
            )
        keys |= {f"submission_id:{state}": submission.id, "indicator_id": indicator.id}
    targets: Any = Target
    target = session.scalars(select(targets).where(targets.indicator_id == keys["indicator_id"])).first()
    return keys | {"submission_id": keys["submission_id:expected"], "target_id": target.id}


def _intake(session: Any, plan: Plan, draft: Plan) -> dict[str, Any]:
    passages: Any = Passage
    passage = session.scalars(select(passages).where(passages.document_id == draft.document_id)).first()
    candidate = put(
        session,
        Candidate(
            locality_id=draft.locality_id,
            document_id=draft.document_id,
            passage_id=passage.id,
            ordinal=1,
            kind="task",
            reading={"text": f"Nhiệm vụ {MARK}", "heading": "1. Nhóm việc", "section": "1. Nhóm việc"},
        ),
    )
    _name_file(session, draft)
    return {
        "document_id": draft.document_id,
        "document_id:waiting": _unread(session, draft, "waiting"),
        "document_id:failed": _unread(session, draft, "failed"),
        "passage_id": passage.id,
        "candidate_id": candidate.id,
    }


def _name_file(session: Any, draft: Plan) -> None:
    """The draft's file is the one `keep_file` keeps: a PDF of one page."""
    files: Any = DocumentFile
    file = session.scalars(select(files).where(files.document_id == draft.document_id)).one()
    file.format, file.first_page, file.last_page = "pdf", 1, 1
    kept = session.get(StoredFile, file.stored_file_id)
    kept.sha256, kept.name = file_store.name_of(BYTES), f"{MARK}.pdf"
    session.flush()


def _unread(session: Any, draft: Plan, state: str) -> Any:
    """A document of the same file that nobody has read."""
    kept = session.get(Document, draft.document_id).stored_file_id
    place = draft.locality_id
    failure = (
        {"failure_code": "damaged_document", "failure": f"Tệp {MARK} bị hỏng."} if state == "failed" else {}
    )
    document = put(
        session,
        Document(
            locality_id=place, stored_file_id=kept, state=state, text="", folded="", created_at=LONG_AGO, **failure
        ),
    )  # fmt: skip
    put(session, DocumentFile(locality_id=place, document_id=document.id, ordinal=1, stored_file_id=kept))
    return document.id


def _evidence(session: Any, draft: Plan, school: Unit, keys: dict[str, Any]) -> dict[str, Any]:
    """A file beside a row, the same as the draft's, and one on its way in that the unit's officer sends."""
    accounts: Any = Account
    sender = session.scalars(select(accounts.id).where(accounts.login == f"unit@{HERE}")).one()
    kept = session.get(Document, draft.document_id).stored_file_id
    about = {"locality_id": draft.locality_id, "assignment_id": keys["assignment_id"]}
    evidence = put(
        session,
        Evidence(
            **about, unit_id=school.id, stored_file_id=kept, preview_id=kept, name=f"{MARK}.pdf",
            media_type="application/pdf", size=len(BYTES), added_at=LONG_AGO, added_by="Người",
        ),
    )  # fmt: skip
    much_later = NOW + timedelta(days=900)
    upload = put(
        session,
        Upload(
            **about, sender=sender, name=f"{MARK}.pdf", size=10, created_at=LONG_AGO, expires_at=much_later
        ),
    )
    return {"evidence_id": evidence.id, "upload_id": upload.id}


def keep_sheet(data_dir: Path, keys: dict[str, str]) -> None:
    """A filled sheet of figures that the unit's officer sent and has not yet looked at."""
    cells = {"value": {"kind": "text", "text": "90"}}
    line = {
        "number": 6,
        "key": keys["submission_id"],
        "code": "CT-01",
        "unit_name": f"Chi bộ {MARK}",
        "cells": cells,
    }
    kept = {
        "sender": keys["account_id"],
        "unit_id": keys["unit_id"],
        "period_id": keys["period_id"],
        "sheet": {"template": [], "lines": [line], "remarks": []},
    }
    upload_store.append(data_dir, UUID(keys["sheet_id"]), 0, json.dumps(kept).encode())


def keep_file(data_dir: Path) -> None:
    """The bytes of the draft's file, and the picture of its page."""
    sha256 = file_store.put(data_dir, BYTES)
    page_store.put(data_dir, sha256, 1, 960, b"JPEG")


def _superior(session: Any, commune: Locality, plan: Plan) -> dict[str, Any]:
    """A plan that ours carries out, linked, with an indicator that a person said nothing answers."""
    superior = add_plan(session, commune, code="KH-04")
    superior.title, superior.number = f"Nghị quyết {MARK}", "71-NQ/TW"
    statement = f"100% trường {MARK} có sân chơi"
    indicator = add_indicator(session, superior, "CT-01", statement=statement)
    basis = put(
        session,
        PlanBasis(
            locality_id=commune.id,
            plan_id=plan.id,
            symbol="71-NQ/TW",
            symbol_key="71-nq/tw",
            superior_plan_id=superior.id,
            created_at=LONG_AGO,
        ),
    )
    put(
        session,
        SuperiorMatch(
            locality_id=commune.id, plan_id=plan.id, superior_indicator_id=indicator.id, decided_at=LONG_AGO
        ),
    )
    return {"basis_id": basis.id, "superior_indicator_id": indicator.id}


def _ended_unit(session: Any, commune: Locality, plan: Plan, period: Period) -> Any:
    """A unit that ended without a successor, with work nobody decided on."""
    unit = add_unit(session, commune, "CB-CU", f"Chi bộ cũ {MARK}", valid_to=ENDED_ON)
    change = put(
        session,
        UnitChange(
            locality_id=commune.id,
            kind="end",
            effective_on=ENDED_ON + timedelta(days=1),
            basis=f"41-QĐ/{MARK}",
            recorded_at=LONG_AGO,
        ),
    )
    put(session, UnitSuccessor(locality_id=commune.id, change_id=change.id, from_unit_id=unit.id))
    add_assignment(
        session, add_task(session, plan, "NV-009", ordinal=9, text=f"Việc cũ {MARK}"), unit, period=period
    )
    return change.id


def _amending(session: Any, commune: Locality, plan: Plan, keys: dict[str, Any]) -> dict[str, Any]:
    """A draft that would take the plan's place, with a decision about one task and one indicator."""
    draft = add_plan(session, commune, code="KH-03", state="draft")
    draft.title, draft.amends_id = f"Kế hoạch sửa đổi {MARK}", plan.id
    for name in ("task_id", "indicator_id"):
        row = AmendmentDecision(
            locality_id=commune.id, plan_id=draft.id, outcome="ended", reason="Thôi", decided_at=LONG_AGO
        )
        setattr(row, name, keys[name])
        put(session, row)
    return {"plan_id:amending": draft.id, "which": "nhiem-vu", "key": keys["task_id"]}


def _urging(session: Any, school: Unit, keys: dict[str, Any]) -> dict[str, Any]:
    """The unit was urged about its first row."""
    urging = put(
        session,
        Urging(
            locality_id=school.locality_id,
            unit_id=school.id,
            about_unit_id=school.id,
            text=f"Đề nghị {MARK} báo cáo",
            answer_by=NOW.date(),
            sent_at=LONG_AGO,
        ),
    )
    put(
        session,
        UrgingRow(locality_id=school.locality_id, urging_id=urging.id, assignment_id=keys["assignment_id"]),
    )
    return {"urging_id": urging.id}
