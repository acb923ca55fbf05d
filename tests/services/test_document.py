"""Taking a document in: what is kept, what is refused, and who may."""

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, NotFound, NotSignedIn, TooLarge, UnreadableDocument
from app.models import Candidate, Document, EventRow, Passage, Plan, StoredFile
from app.outside import file_store
from app.permissions import NOBODY
from app.services.document import get_document, list_passages, plan_of, upload_document
from app.services.intake import list_documents_with_plans
from tests.plans import PLAN, SECRET, WITHOUT_ORGANISATION

DATA = PLAN.encode()


def upload(working, actor, data=DATA, name="ke-hoach.txt"):
    with working(actor) as work:
        return upload_document(work, name=name, data=data)


def rows(database, model):
    with database.read_session() as session:
        return list(session.scalars(select(model)))


def test_a_plan_becomes_clauses_candidates_and_a_draft(working, cast, database, settings):
    document = upload(working, cast.an)

    passages = rows(database, Passage)
    assert all(PLAN[p.start_at : p.end_at] == p.raw for p in passages)
    kinds = [row.kind for row in sorted(rows(database, Candidate), key=lambda row: row.ordinal)]
    assert kinds == [
        "indicator", "milestone", "task", "task",
        "unit", "duty", "duty", "unit", "duty", "unit", "duty",
    ]  # fmt: skip
    [plan] = rows(database, Plan)
    assert (plan.code, plan.state, plan.document_id) == ("KH-01", "draft", document.id)
    [kept] = rows(database, StoredFile)
    assert file_store.get(settings.data_dir, kept.sha256) == DATA
    assert [row.kind for row in rows(database, EventRow)] == ["document_uploaded", "plan_drafted"]


def test_only_clauses_under_tasks_and_organisation_must_be_used(working, cast, database):
    upload(working, cast.an)
    in_scope = [p.text for p in rows(database, Passage) if p.in_scope]
    assert len(in_scope) == 7
    assert not any("80%" in text or text.startswith("1.") for text in in_scope)


def test_duties_hang_on_their_unit(working, cast, database):
    upload(working, cast.an)
    by_id = {row.id: row for row in rows(database, Candidate)}
    owners = [by_id[row.parent_id].reading["name"] for row in by_id.values() if row.kind == "duty"]
    assert sorted(set(owners)) == ["Ban Xây dựng Đảng xã", "Các chi bộ thôn", "Ủy ban Mặt trận Tổ quốc xã"]


def test_plans_of_a_locality_are_numbered(working, cast, database):
    upload(working, cast.an)
    upload(working, cast.an, (PLAN + "\n").encode())
    upload(working, cast.dung)
    assert sorted(plan.code for plan in rows(database, Plan)) == ["KH-01", "KH-01", "KH-02"]


def test_a_file_name_is_shown_and_never_a_path(working, cast, database):
    upload(working, cast.an, name="../../etc/kế hoạch\x00.txt")
    assert rows(database, StoredFile)[0].name == "kế hoạch.txt"


def test_a_plan_without_organisation_section_is_taken_in_with_a_warning(working, cast):
    document = upload(working, cast.an, WITHOUT_ORGANISATION.encode())
    assert [warning["code"] for warning in document.warnings] == ["no_organisation_section"]


def test_documents_are_listed_newest_first_and_paged(working, cast):
    made = [upload(working, cast.an, f"{PLAN}\n{'x' * n}".encode()).id for n in range(3)]
    with working(cast.chi) as work:
        first = list_documents_with_plans(work, limit=2)
        assert [row.document.id for row in first] == [made[2], made[1]]
        rest = list_documents_with_plans(work, after=made[1])
        assert [(row.document.id, row.plan.code, row.pending) for row in rest] == [(made[0], "KH-01", 11)]


def test_those_who_read_documents_see_text_and_draft(working, cast):
    document = upload(working, cast.an)
    for reader in (cast.chi, cast.kiem, cast.giang):
        with working(reader) as work:
            assert get_document(work, document.id).text == PLAN
            assert list_passages(work, document.id, limit=3)[-1].ordinal == 3
            assert plan_of(work, document.id).state == "draft"


def test_only_the_office_uploads(working, cast):
    for actor, refusal in (
        (cast.chi, Forbidden),
        (cast.binh, Forbidden),
        (cast.giang, Forbidden),
        (NOBODY, NotSignedIn),
    ):
        with pytest.raises(refusal):
            upload(working, actor)


def test_another_commune_and_units_see_no_document(working, cast):
    document = upload(working, cast.an)
    for stranger in (cast.dung, cast.binh):
        with working(stranger) as work:
            assert list_documents_with_plans(work) == []
            for read in (get_document, list_passages, plan_of):
                with pytest.raises(NotFound):
                    read(work, document.id)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_document"),
        (b"  \n\n ", "empty_document"),
        (b"%PDF-1.7 \x00\x01\x02", "damaged_document"),
        (bytes(range(256)) * 40, "binary_document"),
        ("KẾ HOẠCH".encode() + b"\xa1\xa2\xfe\xfd" * 9, "wrongly_encoded_document"),
        ("Xin chào, tối nay họp lúc 19 giờ.".encode(), "not_a_plan"),
    ],
)  # fmt: skip
def test_what_is_not_a_plans_text_is_refused_and_not_kept(working, cast, database, settings, data, code):
    with pytest.raises(UnreadableDocument) as refusal:
        upload(working, cast.an, data)
    assert refusal.value.code == code
    assert rows(database, Document) == rows(database, EventRow) == []
    assert not list(settings.data_dir.glob("files/*/*"))


def test_a_huge_file_is_refused(working, cast):
    with pytest.raises(TooLarge, match="25 MB"):
        upload(working, cast.an, b"a" * (25 * 1024 * 1024 + 1))
    with pytest.raises(TooLarge, match=r"2\.000\.000"):
        upload(working, cast.an, b"a" * (9 * 1024 * 1024))


def test_of_a_secret_document_only_the_refusal_is_kept(working, cast, database, settings):
    with pytest.raises(UnreadableDocument) as refusal:
        upload(working, cast.an, SECRET.encode(), name="kế hoạch mật.txt")
    assert refusal.value.code == "secret_document"
    assert rows(database, Document) == rows(database, StoredFile) == rows(database, Passage) == []
    assert not list(settings.data_dir.glob("files/*/*"))
    [event] = rows(database, EventRow)
    assert (event.kind, event.subject_id, event.data) == ("document_refused", cast.commune.id, {})
    assert event.actor_name == cast.an.name


def test_the_same_bytes_again_lead_to_the_document_that_is_there(working, cast):
    document = upload(working, cast.an)
    with pytest.raises(Conflict) as refusal:
        upload(working, cast.an, name="ten-khac.txt")
    assert refusal.value.details["document"] == str(document.id)
    assert upload(working, cast.dung).id != document.id
