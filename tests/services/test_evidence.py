"""Files beside rows: who may add and see, what a row keeps of them, when a report needs one."""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, UnreadableDocument
from app.models import Assignment, EventRow, Evidence, Period, StoredFile, Submission, Upload
from app.models.base import columns
from app.outside import file_store, upload_store
from app.services import evidence as service
from app.services.assignment import ReasonInput, ReportInput, confirm_assignment, report_assignment
from app.services.assignment_list import allowed_actions, get_assignment_row, refused_actions
from app.services.evidence import MOST_FILES, Subject, add_evidence, add_files, list_evidence, open_evidence
from app.services.evidence_file import PreparedFile, RefusedFile, look_into_file
from app.services.task import TaskChange, change_task
from app.services.timeline import timeline_of
from app.services.upload import LIFETIME, begin_upload, drop_upload, finish_upload, get_upload, sweep_uploads
from tests.factories import (
    add_assignment,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    put,
)
from tests.people import NOW
from tests.photos import DEVICE, photo

DONE = ReportInput(result="Đã làm xong")
NOTE = PreparedFile("biên bản.txt", "text/plain; charset=utf-8", "Biên bản".encode(), None)
events, kept_uploads = columns(EventRow), columns(Upload)


def note(number=0):
    return PreparedFile(f"{number}.txt", "text/plain; charset=utf-8", str(number).encode(), None)


@pytest.fixture
def task(stage, cast):
    return add_task(stage, add_plan(stage, cast.commune))


@pytest.fixture
def row(stage, cast, task):
    made = add_assignment(stage, task, cast.school_cell, period=add_period(stage, cast.commune))
    stage.commit()
    return made


@pytest.fixture
def about(row):
    return Subject("assignment", row.id)


@pytest.fixture
def figure(stage, cast, row):
    plan = add_plan(stage, cast.commune, code="KH-09")
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    made = put(
        stage,
        Submission(
            locality_id=cast.commune.id,
            indicator_id=indicator.id,
            unit_id=cast.school_cell.id,
            period_id=row.period_id,
            created_at=NOW,
        ),
    )
    stage.commit()
    return made


def added(working, actor, about, file=NOTE):
    with working(actor) as work:
        return add_evidence(work, about, file)


def test_a_photo_is_kept_without_its_place_and_shown_small(working, cast, about, settings):
    file = look_into_file("họp chi bộ.jpg", photo())
    one = added(working, cast.binh, about, file)

    with working(cast.an) as work:
        seen = list_evidence(work, about).items
        whole, small = open_evidence(work, one.id), open_evidence(work, one.id, service.PREVIEW)
    assert [(s.name, s.added_by, s.has_preview, s.size) for s in seen] == [
        ("họp chi bộ.jpg", "Trần Văn Bình", True, len(whole.data))
    ]
    assert not [mark for mark in (DEVICE.encode(), b"Exif") if mark in whole.data]
    assert (whole.media_type, small.media_type) == ("image/jpeg", "image/jpeg")
    assert len(small.data) < len(whole.data)


def test_adding_and_removing_never_touch_the_version_of_the_row(working, cast, row, about):
    one = added(working, cast.binh, about)
    with working(cast.binh) as work:
        service.remove_evidence(work, one.id, ReasonInput(reason="Gửi nhầm"))

    with working(cast.an) as work:
        assert work.get(Assignment, row.id).version == 1
        assert [entry.title for entry in timeline_of(work, [row.id])] == [
            "Bỏ minh chứng “biên bản.txt”: Gửi nhầm",
            "Thêm minh chứng “biên bản.txt”",
        ]


def test_a_removed_one_is_not_given_out_but_who_removed_it_stays(working, cast, about):
    one = added(working, cast.binh, about)
    with working(cast.an) as work:
        service.remove_evidence(work, one.id, ReasonInput(reason="Không đúng việc"))

    with working(cast.an) as work:
        assert list_evidence(work, about).items == ()
        with pytest.raises(NotFound):
            open_evidence(work, one.id)
        kept = work.get(Evidence, one.id)
        assert (kept.removed_by, kept.removed_reason) == ("Nguyễn Thị An", "Không đúng việc")
    with working(cast.an) as work, pytest.raises(NotFound):
        service.remove_evidence(work, one.id, ReasonInput(reason="Lần nữa"))


def test_the_same_file_again_is_one(working, cast, about):
    first, again = added(working, cast.binh, about), added(working, cast.an, about)

    assert first.id == again.id


@pytest.mark.parametrize("who", ["an", "binh"])
def test_the_office_and_the_unit_add_to_a_figure(working, cast, figure, who):
    about = Subject("submission", figure.id)
    one = added(working, getattr(cast, who), about)

    with working(cast.binh) as work:
        assert [s.id for s in list_evidence(work, about).items] == [one.id]
        assert open_evidence(work, one.id).data == NOTE.data
        happened = work.session.scalars(select(events).where(events.kind == "evidence_added")).one()
        assert (happened.subject_kind, happened.subject_id) == ("submission", figure.id)
        assert "subject_kind" not in happened.data


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("chi", Forbidden),
        ("kiem", Forbidden),
        ("giang", Forbidden),
        ("quan", Forbidden),
        ("hoa", NotFound),
        ("dung", NotFound),
    ],
)
def test_leaders_only_look_and_strangers_know_of_nothing(working, cast, about, who, error):
    one = added(working, cast.binh, about)
    actor = getattr(cast, who)

    with working(actor) as work, pytest.raises(error):
        add_evidence(work, about, note(1))
    with working(actor) as work, pytest.raises(error):
        service.remove_evidence(work, one.id, ReasonInput(reason="x"))
    with working(actor) as work:
        if error is Forbidden:
            assert open_evidence(work, one.id).data == NOTE.data
            assert not list_evidence(work, about).may_add
        else:
            with pytest.raises(NotFound):
                open_evidence(work, one.id)


def test_once_confirmed_only_the_office_adds_and_removes(working, cast, row, about):
    one = added(working, cast.binh, about)
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, row.id)

    with working(cast.binh) as work, pytest.raises(Conflict) as refusal:
        add_evidence(work, about, note(1))
    assert refusal.value.code == "row_decided"
    with working(cast.binh) as work, pytest.raises(Conflict):
        service.remove_evidence(work, one.id, ReasonInput(reason="x"))
    added(working, cast.an, about, note(2))
    with working(cast.binh) as work:
        assert len(list_evidence(work, about).items) == 2


def test_a_cooperating_unit_adds_to_its_own_row_and_it_stands_beside_the_leads(
    working, stage, cast, task, row, about
):
    period = stage.get(Period, row.period_id)
    help_ = add_responsibility(stage, task, cast.village_cell, role="cooperate")
    helping = add_assignment(
        stage, task, cast.village_cell, period=period, responsibility=help_, state="supporting"
    )
    stage.commit()
    one = added(working, cast.hoa, Subject("assignment", helping.id))

    for reader in (cast.an, cast.binh, cast.chi):
        with working(reader) as work:
            seen = list_evidence(work, about).items
            assert [(s.unit_name, s.is_own) for s in seen] == [("Chi bộ thôn Nà Tạng", False)]
            assert open_evidence(work, one.id).data == NOTE.data
    with working(cast.binh) as work, pytest.raises(NotFound):
        service.remove_evidence(work, one.id, ReasonInput(reason="Không phải của mình"))
    added(working, cast.binh, about, note(1))
    with working(cast.hoa) as work:  # what the lead has is not for who cooperates
        assert [s.id for s in list_evidence(work, Subject("assignment", helping.id)).items] == [one.id]
        with pytest.raises(NotFound):
            list_evidence(work, about)


def test_a_row_takes_so_many_files_and_no_more(working, cast, about):
    with working(cast.binh) as work:
        for number in range(MOST_FILES):
            add_evidence(work, about, note(number))
    with working(cast.binh) as work, pytest.raises(Conflict) as refusal:
        add_evidence(work, about, note(99))

    assert refusal.value.code == "too_much_evidence"


def test_of_several_files_the_good_ones_are_kept_and_the_bad_ones_named(working, cast, about):
    sent = [
        look_into_file("biên bản.txt", "Biên bản".encode()),
        look_into_file("bang.xls", b"MZ" + bytes(90)),
    ]
    with working(cast.binh) as work:
        made, refused = add_files(work, about, sent)
        assert ([one.name for one in made], [one.name for one in refused]) == (["biên bản.txt"], ["bang.xls"])
    with working(cast.binh) as work, pytest.raises(UnreadableDocument, match="bang"):
        add_files(work, about, sent[1:])
    with working(cast.binh) as work, pytest.raises(Invalid):
        add_files(work, about, [])


def test_of_a_file_marked_secret_only_the_refusal_is_kept(working, cast, about):
    secret = look_into_file("12-BC/ĐU (M).txt", b"noi dung")
    assert isinstance(secret, RefusedFile)
    assert secret.name == ""

    with pytest.raises(UnreadableDocument) as refusal, working(cast.binh) as work:
        add_files(work, about, [NOTE, secret])

    assert refusal.value.code == "secret_document"
    with working(cast.an) as work:
        assert list_evidence(work, about).items == ()
        assert work.session.scalars(select(events.kind)).all()[-1] == "evidence_refused"


# Where the task asks for evidence


@pytest.fixture
def needing(working, cast, task, row):
    with working(cast.an) as work:
        change_task(work, task.id, TaskChange(needs_evidence=True), 1)
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    return row


def test_without_a_file_the_report_is_not_confirmed_and_the_reason_is_said(working, cast, needing):
    with working(cast.an) as work, pytest.raises(Conflict, match="Trả lại") as refusal:
        confirm_assignment(work, needing.id)
    assert refusal.value.code == "evidence_missing"
    with working(cast.an) as work:
        seen = get_assignment_row(work, needing.id)
        assert "confirm" not in allowed_actions(work, seen)
        assert [(r.action, r.code) for r in refused_actions(work, seen)] == [("confirm", "evidence_missing")]
    with working(cast.binh) as work:
        assert refused_actions(work, get_assignment_row(work, needing.id)) == []


def test_with_a_file_it_is_confirmed_and_without_again_it_is_not(working, cast, needing, about):
    one = added(working, cast.binh, about)
    with working(cast.an) as work:
        service.remove_evidence(work, one.id, ReasonInput(reason="Mờ"))
    with working(cast.an) as work, pytest.raises(Conflict):
        confirm_assignment(work, needing.id)
    added(working, cast.binh, about, note(1))
    with working(cast.an) as work:
        assert "confirm" in allowed_actions(work, get_assignment_row(work, needing.id))
        assert confirm_assignment(work, needing.id).state == "confirmed"


# In pieces


def test_an_upload_becomes_evidence_and_is_gone_from_the_place_of_pieces(working, cast, about, settings):
    with working(cast.binh) as work:
        upload = begin_upload(work, about, name="biên bản.txt", size=len(NOTE.data))
    assert upload_store.append(settings.data_dir, upload.id, 0, NOTE.data[:3])
    with working(cast.binh) as work:
        assert get_upload(work, upload.id).offset == 3
    assert not upload_store.append(settings.data_dir, upload.id, 5, b"x")
    assert upload_store.append(settings.data_dir, upload.id, 3, NOTE.data[3:])
    with working(cast.binh) as work:  # whole, but not taken in yet: its last byte is asked for again
        assert get_upload(work, upload.id).offset == len(NOTE.data) - 1
        made = finish_upload(work, upload.id, NOTE)
    with working(cast.binh) as work:
        assert finish_upload(work, upload.id, NOTE).id == made.id
        assert get_upload(work, upload.id).offset == len(NOTE.data)
    assert upload_store.received(settings.data_dir, upload.id) == 0


def test_nobody_else_goes_on_with_an_upload(working, cast, about):
    with working(cast.binh) as work:
        upload = begin_upload(work, about, name="a.txt", size=10)

    for stranger in (cast.an, cast.hoa, cast.dung, cast.chi):
        with working(stranger) as work, pytest.raises(NotFound):
            get_upload(work, upload.id)
        with working(stranger) as work, pytest.raises(NotFound):
            drop_upload(work, upload.id)


def test_what_will_be_refused_is_refused_before_its_first_byte(working, cast, about):
    with working(cast.binh) as work, pytest.raises(TooLarge):
        begin_upload(work, about, name="a.pdf", size=26 * 1024 * 1024)
    with working(cast.binh) as work, pytest.raises(Invalid):
        begin_upload(work, about, name="a.pdf", size=0)
    with working(cast.binh) as work, pytest.raises(UnreadableDocument):
        begin_upload(work, about, name="1-BC/ĐU (TM).pdf", size=10)
    with working(cast.chi) as work, pytest.raises(Forbidden):
        begin_upload(work, about, name="a.pdf", size=10)


def test_a_refused_upload_leaves_nothing(working, cast, about, settings):
    bad = look_into_file("a.exe", b"MZ" + bytes(40))
    with working(cast.binh) as work:
        upload = begin_upload(work, about, name="a.exe", size=42)
    upload_store.append(settings.data_dir, upload.id, 0, bytes(42))
    with pytest.raises(UnreadableDocument), working(cast.binh) as work:
        finish_upload(work, upload.id, bad)

    assert upload_store.received(settings.data_dir, upload.id) == 0
    with working(cast.binh) as work, pytest.raises(NotFound):
        get_upload(work, upload.id)


def test_uploads_whose_time_is_over_are_swept_away(database, working, cast, about, settings):
    with working(cast.binh, NOW - LIFETIME - timedelta(hours=1)) as work:
        old = begin_upload(work, about, name="a.txt", size=10)
    with working(cast.binh) as work, pytest.raises(NotFound):
        get_upload(work, old.id)
    upload_store.append(settings.data_dir, old.id, 0, b"abc")

    sweep_uploads(database, settings)
    sweep_uploads(database, settings)

    assert upload_store.received(settings.data_dir, old.id) == 0
    with working(cast.an) as work:
        assert work.session.scalar(select(func.count()).select_from(kept_uploads)) == 0


def test_pieces_without_an_upload_are_swept_away_once_nobody_writes_to_them(database, settings, cast):
    stray, fresh = uuid4(), uuid4()
    for key in (stray, fresh):
        upload_store.append(settings.data_dir, key, 0, b"abc")
    long_ago = time.time() - LIFETIME.total_seconds() - 60
    os.utime(settings.data_dir / "uploads" / str(stray), (long_ago, long_ago))

    sweep_uploads(database, settings)

    assert [upload_store.received(settings.data_dir, key) for key in (stray, fresh)] == [0, 3]


def test_bytes_of_a_preview_and_of_the_file_are_both_stored_files(working, cast, about, settings):
    added(working, cast.binh, about, look_into_file("a.jpg", photo()))

    with working(cast.an) as work:
        one = work.session.scalars(select(columns(Evidence))).one()
        for key in (one.stored_file_id, one.preview_id):
            assert file_store.get(settings.data_dir, work.get(StoredFile, key).sha256)
