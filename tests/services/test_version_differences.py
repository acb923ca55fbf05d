"""What a version sent again changed against the confirmed and the returned one."""

from decimal import Decimal
from types import SimpleNamespace

from app.documents.differences import Words
from app.services.standing import Figure
from app.services.version_differences import Sent, differences_of, figure_sent, report_sent, shorten

PERCENT = SimpleNamespace(measure="percent", unit_label="%", decimals=1)


def sent(number, result, decision=None, **more):
    return Sent(number, decision, {"result": result} | more)


def test_a_report_after_confirmation_shows_its_changed_words():
    found = differences_of([sent(2, "Đã mở 6 lớp học"), sent(1, "Đã mở 5 lớp học", "confirmed")])
    (one,) = found[2]
    assert (one.against, one.decision) == (1, "confirmed")
    assert one.fields[0].words == (
        Words("same", "Đã mở"),
        Words("removed", "5"),
        Words("added", "6"),
        Words("same", "lớp học"),
    )
    assert 1 not in found


def test_after_a_return_both_the_confirmed_and_the_returned_version_are_compared():
    versions = [
        sent(4, "Bốn"),
        sent(3, "Ba", "returned"),
        sent(2, "Hai", "confirmed"),
        sent(1, "Một", "returned"),
    ]
    found = differences_of(versions)
    assert [(one.against, one.decision) for one in found[4]] == [(2, "confirmed"), (3, "returned")]
    assert [(one.against, one.decision) for one in found[2]] == [(1, "returned")]


def test_only_changed_fields_are_listed_and_a_repeat_says_that_nothing_changed():
    versions = [sent(2, "Như cũ", difficulty="Thiếu kinh phí"), sent(1, "Như cũ", "returned", difficulty="")]
    assert [field.name for field in differences_of(versions)[2][0].fields] == ["difficulty"]
    same = differences_of([sent(2, "Như cũ"), sent(1, "Như cũ", "returned")])[2][0]
    assert (same.fields, same.short) == ((), ())


def test_a_version_nobody_decided_on_is_no_base():
    assert differences_of([sent(2, "Hai"), sent(1, "Một")]) == {}


def test_rounding_hides_no_change_of_a_figure():
    old = figure_sent(1, "accepted", Figure(value=Decimal("92.51")), PERCENT)
    new = figure_sent(2, None, Figure(value=Decimal("92.54")), PERCENT)
    (one,) = differences_of([new, old])[2]
    assert one.fields[0].words == (Words("removed", "92,51%"), Words("added", "92,54%"))


def test_a_reports_progress_is_compared_too():
    report = SimpleNamespace(
        number=1, decision=None, result="Đã làm", difficulty=None, proposal=None, progress=60
    )
    assert report_sent(report).fields["progress"] == "60%"


def test_where_there_is_little_room_only_words_near_a_change_are_kept():
    long = " ".join(f"chữ{n}" for n in range(30))
    words = (Words("same", long), Words("removed", "năm"), Words("added", "sáu"), Words("same", long))
    assert [run.text for run in shorten(words)] == [
        "… chữ24 chữ25 chữ26 chữ27 chữ28 chữ29",
        "năm",
        "sáu",
        "chữ0 chữ1 chữ2 chữ3 chữ4 chữ5 …",
    ]
    assert sum(len(run.text.split()) for run in shorten((Words("added", long * 3),))) <= 42
