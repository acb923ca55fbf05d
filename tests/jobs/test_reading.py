"""The job that reads a document, run by hand: what it keeps, what it says, and that it may run twice."""

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, IllegalStep, Invalid, NotFound, TooLarge, UnreadableDocument
from app.jobs.reading import ReadingJob, read_document
from app.models import Candidate, Document, DocumentFile, EventRow, KeptAnswer, Passage, Plan, StoredFile
from app.outside import file_store
from app.outside.reader import Progress
from app.permissions import SYSTEM
from app.services.document import SentFile, upload_files
from app.services.document_file import build_status
from app.services.document_reading import (
    MOST_STARTS,
    Waiting,
    begin_reading,
    cancel_reading,
    list_waiting,
    note_progress,
    retry_reading,
)
from tests.documents.papers import as_docx, as_pdf
from tests.plans import PLAN, SECRET

ANNEX = "PHỤ LỤC\n\n| TT | Nhiệm vụ | Đơn vị chủ trì |\n|---|---|---|\n| 1 | Rà soát trường lớp | Phòng Văn hóa |\n"
TWO = [SentFile("ke-hoach.txt", PLAN.encode()), SentFile("phu-luc.txt", ANNEX.encode())]


def send(working, actor, files=TWO):
    with working(actor) as work:
        return upload_files(work, files)


@pytest.fixture
def run(database, settings):
    def run_once(document, attempt=1, is_stopping=lambda: False):
        read_document(database, settings, document.id, attempt, is_stopping)
        with database.read_session() as session:
            return session.get(Document, document.id)

    return run_once


def count(database, model):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(model))


def kinds(database):
    with database.read_session() as session:
        return [row.kind for row in session.scalars(select(EventRow).order_by(EventRow.number))]


def test_several_files_wait_and_become_one_document(working, cast, database, run):
    waiting = send(working, cast.an)
    assert (waiting.state, waiting.text, count(database, Plan)) == ("waiting", "", 0)

    read = run(waiting)

    assert (read.state, read.failure, count(database, Plan)) == ("read", None, 1)
    with database.read_session() as session:
        files = session.scalars(select(DocumentFile).order_by(DocumentFile.ordinal)).all()
        assert [read.text[f.start_at : f.end_at] for f in files] == [PLAN, ANNEX]
        passages = session.scalars(select(Passage).order_by(Passage.ordinal)).all()
        assert all(read.text[p.start_at : p.end_at] == p.raw for p in passages)
        assert {p.file_ordinal for p in passages} == {1, 2}
    assert kinds(database) == [
        "document_received", "document_reading_begun", "document_uploaded", "plan_drafted",
    ]  # fmt: skip


def test_a_word_file_gives_what_its_text_gives(working, cast, database, run):
    run(send(working, cast.an, [SentFile("ke-hoach.docx", as_docx(PLAN))]))
    with database.read_session() as session:
        found = [row.kind for row in session.scalars(select(Candidate).order_by(Candidate.ordinal))]
        assert found.count("duty") == 4
        assert session.scalars(select(DocumentFile)).one().format == "docx"


def test_passages_of_a_pdf_have_their_page_and_place(working, cast, database, run):
    read = run(send(working, cast.an, [SentFile("ke-hoach.pdf", as_pdf(PLAN))]))
    assert read.pages
    with database.read_session() as session:
        passages = session.scalars(select(Passage)).all()
        assert all(1 <= p.page <= read.pages and len(p.box) == 4 for p in passages)
        file = session.scalars(select(DocumentFile)).one()
        assert (file.format, file.first_page, file.last_page) == ("pdf", 1, read.pages)


def test_a_job_that_runs_twice_doubles_nothing(working, cast, database, run):
    document = send(working, cast.an)
    run(document)
    before = [count(database, model) for model in (Plan, Passage, Candidate, EventRow)]
    assert run(document).state == "read"
    assert [count(database, model) for model in (Plan, Passage, Candidate, EventRow)] == before


def test_a_reading_cut_off_by_a_stop_is_begun_anew(working, cast, run):
    document = send(working, cast.an)
    assert run(document, is_stopping=lambda: True).state == "reading"
    with working(SYSTEM) as work:
        assert list_waiting(work) == [Waiting(document.id, 1)]
    assert run(document).state == "read"


def test_a_reading_that_takes_the_service_down_every_time_ends(working, cast, run):
    document = send(working, cast.an)
    for _ in range(MOST_STARTS):
        with working(SYSTEM) as work:
            assert begin_reading(work, Waiting(document.id, 1))
    failed = run(document)
    assert (failed.state, failed.failure_code) == ("failed", "reading_interrupted")


def test_progress_is_shown_and_gone_when_it_ends(working, cast, database, settings, run):
    document, wanted = send(working, cast.an), None
    wanted = Waiting(document.id, 1)
    with working(SYSTEM) as work:
        begin_reading(work, wanted)
    with working(SYSTEM) as work:
        note_progress(work, wanted, page=2, pages=5, preview="KẾ HOẠCH\x00")
    with working(cast.chi) as work:
        status = build_status(work, document.id)
        assert (status.progress.page, status.progress.pages, status.progress.preview) == (2, 5, "KẾ HOẠCH")
        assert status.actions == ()
    run(document)
    with working(cast.an) as work:
        assert build_status(work, document.id).progress is None


def test_notes_are_spared_but_the_last_is_kept(working, cast, database, settings):
    document = send(working, cast.an)
    with working(SYSTEM) as work:
        begin_reading(work, Waiting(document.id, 1))
    job = ReadingJob(database, settings, Waiting(document.id, 1), lambda: False)
    for page in range(1, 10):
        job._note(Progress(page, 9, "a.pdf", f"trang {page}"))
    with working(cast.an) as work:
        assert build_status(work, document.id).progress.page == 9


def test_a_cancelled_document_is_not_read_and_can_be_read_again(working, cast, run):
    document = send(working, cast.an)
    with working(cast.an) as work:
        assert cancel_reading(work, document.id).state == "cancelled"
    assert run(document).state == "cancelled"
    with working(cast.an) as work:
        assert build_status(work, document.id).actions == ("retry",)
        again = retry_reading(work, document.id)
        assert (again.state, again.attempt) == ("waiting", 2)
    assert run(document, attempt=1).state == "waiting"
    assert run(document, attempt=2).state == "read"


def test_a_job_sees_that_it_was_cancelled_while_it_reads(working, cast, database, settings, run):
    document = send(working, cast.an)
    job = ReadingJob(database, settings, Waiting(document.id, 1), lambda: False)
    with working(SYSTEM) as work:
        begin_reading(work, Waiting(document.id, 1))
    assert not job._is_cancelled()
    with working(cast.an) as work:
        cancel_reading(work, document.id)
    job.looked_at = 0.0
    assert job._is_cancelled()


def test_what_cannot_be_read_says_why_and_is_tried_again(working, cast, database, run):
    broken = as_docx(PLAN)[:2000]
    document = send(working, cast.an, [SentFile("hong.docx", broken)])
    failed = run(document)
    assert (failed.state, failed.failure_code) == ("failed", "damaged_document")
    assert "tải lên" in failed.failure
    with working(cast.an) as work:
        assert retry_reading(work, document.id).failure is None
    with pytest.raises(Conflict) as refusal:
        send(working, cast.an, [SentFile("hong.docx", broken)])
    assert refusal.value.details["document"] == str(document.id)


def test_what_is_no_plan_fails(working, cast, run):
    failed = run(send(working, cast.an, [SentFile("thu.docx", as_docx("Xin chào, tối nay họp."))]))
    assert (failed.state, failed.failure_code) == ("failed", "not_a_plan")


def test_a_file_that_was_lost_says_so(working, cast, settings, run):
    document = send(working, cast.an)
    file_store.erase(settings.data_dir, file_store.name_of(PLAN.encode()))
    assert run(document).failure_code == "file_lost"


def test_of_a_document_found_to_be_secret_only_the_refusal_stays(working, cast, database, settings, run):
    document = send(working, cast.an, [SentFile("ke-hoach-rieng.docx", as_docx(SECRET))])
    with database.write_session() as session:
        session.add(
            KeptAnswer(
                sender=cast.an.account_id, key="k", request_hash="h", status=201, headers={},
                body=f'{{"id": "{document.id}", "file_name": "ke-hoach-rieng.docx"}}'.encode(),
                kept_at=document.created_at,
            )
        )  # fmt: skip
        session.commit()

    assert run(document) is None

    models = (Document, DocumentFile, StoredFile, Passage, Plan, KeptAnswer)
    assert [count(database, model) for model in models] == [0] * 6
    assert not list(settings.data_dir.glob("files/*/*"))
    assert kinds(database) == ["document_received", "document_reading_begun", "document_refused"]
    with database.read_session() as session:
        assert "rieng" not in " ".join(str(row.data) for row in session.scalars(select(EventRow)))


def test_a_secret_file_that_another_commune_holds_is_left_to_its_own_reading(working, cast, settings, run):
    secret = [SentFile("a.docx", as_docx(SECRET))]
    ours, theirs = send(working, cast.an, secret), send(working, cast.dung, secret)
    run(ours)
    assert len(list(settings.data_dir.glob("files/*/*"))) == 1
    run(theirs)
    assert not list(settings.data_dir.glob("files/*/*"))


def test_files_that_cannot_be_taken_are_refused_at_once(working, cast, database):
    plan, mb = SentFile("a.txt", PLAN.encode()), 1024 * 1024
    for files, refusal in (
        ([], Invalid),
        ([plan, SentFile("b.txt", PLAN.encode())], Invalid),
        ([plan, SentFile("b.txt", b" ")], Invalid),
        ([SentFile(f"{n}.txt", str(n).encode()) for n in range(21)], Invalid),
        (
            [SentFile("a.pdf", b"%PDF-" + b"a" * 13 * mb), SentFile("b.pdf", b"%PDF-" + b"b" * 13 * mb)],
            TooLarge,
        ),
        ([plan, SentFile("b.rtf", b"{\\rtf1 abc}")], UnreadableDocument),
        ([plan, SentFile("12-KH(M).docx", as_docx(PLAN))], UnreadableDocument),
    ):
        with pytest.raises(refusal):
            send(working, cast.an, files)
    assert (count(database, Document), kinds(database)) == (0, ["document_refused"])


def test_an_annex_may_belong_to_two_plans_but_the_same_files_are_the_same_document(working, cast):
    first = send(working, cast.an)
    second = send(working, cast.an, [SentFile("sua-doi.txt", PLAN.replace("80%", "90%").encode()), TWO[1]])
    assert second.id != first.id
    with pytest.raises(Conflict) as refusal:
        send(working, cast.an, list(reversed(TWO)))
    assert refusal.value.details["document"] == str(first.id)


def test_only_those_who_upload_stop_and_repeat(working, cast):
    document = send(working, cast.an)
    for actor, refusal in ((cast.chi, Forbidden), (cast.binh, NotFound), (cast.dung, NotFound)):
        for step in (cancel_reading, retry_reading):
            with pytest.raises(refusal), working(actor) as work:
                step(work, document.id)
    with pytest.raises(IllegalStep, match="chờ đọc"), working(cast.an) as work:
        retry_reading(work, document.id)
