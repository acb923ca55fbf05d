"""What is typed and not sent: shared by the unit's people, never overwritten unseen, gone when it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from app.models import Assignment, Draft, EventRow, Submission
from app.permissions import Actor, Grant, Role
from app.services.assignment import ReasonInput, ReportInput, report_assignment, return_assignment
from app.services.draft import DraftInput, get_draft, save_draft
from app.services.submission import FigureInput, SubmissionInput, send_submission
from tests.factories import add_assignment, add_indicator, add_period, add_plan, add_task, put
from tests.people import NOW, add_person

TYPED = DraftInput(fields={"result": "Đã rà soát 5 phòng,", "progress": "4"})


@pytest.fixture
def rows(stage, cast):
    """(assignment, submission) of the school."""
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    task = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    figure = put(
        stage,
        Submission(
            locality_id=cast.commune.id,
            indicator_id=indicator.id,
            unit_id=cast.school_cell.id,
            period_id=period.id,
            created_at=NOW,
        ),
    )
    stage.commit()
    return task, figure


@pytest.fixture
def save(working, cast, rows):
    def saved(typed=TYPED, version=0, actor=None, row=None, subject=Assignment, at=NOW):
        with working(actor or cast.binh, at) as work:
            return save_draft(work, subject, row or rows[0].id, typed, version)

    return saved


def test_what_was_typed_is_there_on_another_device(save, working, cast, rows):
    first = save()
    with working(cast.binh) as work:
        seen = get_draft(work, Assignment, rows[0].id)
    assert (seen.fields, seen.saved_by, seen.saved_at) == (TYPED.fields, "Trần Văn Bình", NOW)
    assert seen.version == first.version > 0


def test_nobody_has_saved_anything_yet(working, cast, rows):
    with working(cast.binh) as work:
        seen = get_draft(work, Submission, rows[1].id)
    assert (seen.version, seen.fields, seen.saved_at) == (0, {}, None)


def test_saving_on_keeps_one_draft_and_no_history(save, working, cast):
    first = save()
    again = save(
        DraftInput(fields={"result": "Đã rà soát 12 phòng."}), first.version, at=NOW + timedelta(minutes=1)
    )
    assert again.version == first.version + 1
    with working(cast.an) as work:
        assert work.session.scalar(select(func.count()).select_from(Draft)) == 1
        assert work.session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_saving_the_same_words_again_changes_nothing(save):
    first = save()
    assert save(version=0).version == first.version


def test_a_figure_is_kept_as_it_is_typed(save, rows):
    typed = DraftInput(fields={"numerator": "9", "denominator": "", "note": "tính đến 20/11"})
    seen = save(typed, subject=Submission, row=rows[1].id)
    assert seen.fields == {"numerator": "9", "note": "tính đến 20/11"}


def test_of_two_who_type_the_second_sees_what_the_first_wrote(save, stage, cast, rows):
    colleague = add_person(stage, cast.commune, "lan", "Hoàng Thị Lan", Role.UNIT, cast.school_cell)
    stage.commit()
    first = save()
    with pytest.raises(Stale) as refused:
        save(DraftInput(fields={"result": "Khác"}), 0, colleague)
    assert refused.value.details["version"] == first.version
    assert refused.value.details["changed"]["fields"] == TYPED.fields
    assert refused.value.details["changed"]["saved_by"] == "Trần Văn Bình"


def test_who_came_in_with_a_link_reads_and_saves_too(save, cast, rows):
    link = Actor(None, "Liên kết của Chi bộ", (Grant(Role.UNIT, cast.commune.id, cast.school_cell.id),))
    assert save(actor=link).saved_by == "Liên kết của Chi bộ"


def test_the_draft_is_gone_once_it_is_sent(save, working, cast, rows):
    save()
    with working(cast.binh) as work:
        report_assignment(work, rows[0].id, ReportInput(result="Đã rà soát."))
        assert get_draft(work, Assignment, rows[0].id).version == 0
    save(DraftInput(fields={"note": "x"}), subject=Submission, row=rows[1].id)
    with working(cast.binh) as work:
        row = work.get(Submission, rows[1].id)
        sent = SubmissionInput(
            indicator=row.indicator_id,
            unit=row.unit_id,
            period=str(row.period_id),
            **FigureInput(value=90).model_dump(),
        )
        send_submission(work, sent)
        assert get_draft(work, Submission, row.id).version == 0


def test_a_page_left_open_since_before_the_sending_overwrites_nothing(save, working, cast, rows):
    first = save()
    with working(cast.binh) as work:
        report_assignment(work, rows[0].id, ReportInput(result="Đã rà soát."))
    with working(cast.an) as work:
        return_assignment(work, rows[0].id, ReasonInput(reason="Thiếu số phòng"))
    save(DraftInput(fields={"result": "Bản sửa"}))
    with pytest.raises(Stale):
        save(DraftInput(fields={"result": "Chữ cũ"}), first.version)


@pytest.mark.parametrize("name", ["an", "chi", "kiem", "giang", "quan"])
def test_nobody_else_reads_or_saves_a_draft(save, working, cast, rows, name):
    save()
    with pytest.raises(Forbidden), working(cast.everybody[name]) as work:
        get_draft(work, Assignment, rows[0].id)
    with pytest.raises(Forbidden):
        save(actor=cast.everybody[name])


@pytest.mark.parametrize("name", ["hoa", "dung"])
def test_others_do_not_know_of_the_row(working, cast, rows, name):
    with pytest.raises(NotFound), working(cast.everybody[name]) as work:
        get_draft(work, Assignment, rows[0].id)


def test_a_row_that_was_sent_takes_no_draft(save, working, cast, rows):
    with working(cast.binh) as work:
        report_assignment(work, rows[0].id, ReportInput(result="Đã rà soát."))
    with pytest.raises(Conflict) as refused:
        save()
    assert refused.value.code == "not_due"


def test_saving_without_the_version_is_refused(save):
    with pytest.raises(VersionRequired):
        save(version=None)


def test_fields_the_row_does_not_have_are_refused(save):
    with pytest.raises(Invalid, match="Không có ô"):
        save(DraftInput(fields={"value": "9"}))


@pytest.mark.parametrize("text", ["x" * 20_001, "a\0b"])
def test_what_cannot_be_kept_is_refused(text):
    with pytest.raises(ValueError, match=r"Quá dài|ký tự không dùng được"):
        DraftInput(fields={"result": text})
