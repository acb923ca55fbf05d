"""Two versions of a text, clause by clause."""

from hypothesis import given
from hypothesis import strategies as st

from app.documents.differences import Words, compare_clauses, mark_words

OLD = (
    "1. Mục tiêu chung",
    "- Duy trì phổ cập giáo dục tiểu học mức độ 3.",
    "- Có trên 80% số trường đạt chuẩn quốc gia.",
    "2. Nhiệm vụ",
    "- Rà soát quy hoạch mạng lưới trường lớp trên địa bàn xã.",
    "- Nắm tư tưởng trong cán bộ, giáo viên, phụ huynh.",
)


def kinds(old, new):
    return [(one.kind, one.old, one.new) for one in compare_clauses(old, new)]


def test_the_same_text_has_only_same_clauses():
    assert {one.kind for one in compare_clauses(OLD, OLD)} == {"same"}


def test_another_number_spacing_or_tone_mark_is_no_change():
    assert kinds(["3. Ủy ban chỉ đạo KL 132-KL/TW"], ["4. Uỷ  ban chỉ đạo KL 132 - KL/TW."]) == [
        ("same", 0, 0)
    ]


def test_a_reworded_clause_is_changed_and_its_words_are_marked():
    new = [*OLD[:2], "- Có trên 85% số trường đạt chuẩn quốc gia.", *OLD[3:]]
    changed = next(one for one in compare_clauses(OLD, new) if one.kind == "changed")

    assert (changed.old, changed.new) == (2, 2)
    assert changed.words == (
        Words("same", "- Có trên"),
        Words("removed", "80%"),
        Words("added", "85%"),
        Words("same", "số trường đạt chuẩn quốc gia."),
    )
    assert 90 <= changed.likeness < 100


def test_a_removed_clause_stands_where_it_stood():
    assert kinds(OLD, [*OLD[:2], *OLD[3:]]) == [
        ("same", 0, 0), ("same", 1, 1), ("removed", 2, None), ("same", 3, 2), ("same", 4, 3), ("same", 5, 4),
    ]  # fmt: skip


def test_an_added_clause_stands_where_it_stands():
    new = [*OLD[:5], "- Hiến đất xây trường ở các thôn xa trung tâm.", OLD[5]]
    assert ("added", None, 5) in kinds(OLD, new)
    assert len(kinds(OLD, new)) == 7


def test_a_clause_found_elsewhere_has_moved_even_a_little_reworded():
    new = [*OLD[:1], "- Nắm chắc tư tưởng trong cán bộ, giáo viên, phụ huynh.", *OLD[1:5]]
    found = compare_clauses(OLD, new)

    assert [(one.kind, one.old, one.new) for one in found if one.kind != "same"] == [("moved", 5, 1)]
    assert Words("added", "chắc") in found[1].words


def test_clauses_reworded_side_by_side_do_not_cross():
    old = ["- Tổ chức họp thôn mỗi quý một lần", "- Tổ chức họp xã mỗi năm một lần"]
    new = ["- Tổ chức họp thôn mỗi tháng một lần", "- Tổ chức họp xã mỗi năm hai lần"]
    assert kinds(old, new) == [("changed", 0, 0), ("changed", 1, 1)]


def test_removed_clauses_at_the_end_are_not_forgotten():
    assert kinds(OLD, OLD[:4])[-2:] == [("removed", 4, None), ("removed", 5, None)]


def test_texts_that_share_nothing_are_removed_and_added():
    assert {kind for kind, _, _ in kinds(["Xây ba phòng học"], ["Hiến đất làm đường liên thôn"])} == {
        "removed",
        "added",
    }


def test_very_long_clauses_are_shown_whole():
    assert [one.mark for one in mark_words("a " * 3000, "b " * 3000)] == ["removed", "added"]


clauses = st.lists(
    st.sampled_from([*OLD, "- Một câu khác hẳn.", "", "- Có trên 85% số trường đạt chuẩn quốc gia."]),
    max_size=12,
)


@given(clauses, clauses)
def test_every_clause_of_both_texts_is_there_once(old, new):
    found = compare_clauses(old, new)

    assert sorted(one.old for one in found if one.old is not None) == list(range(len(old)))
    assert [one.new for one in found if one.new is not None] == list(range(len(new)))


@given(
    st.lists(st.sampled_from(["một", "hai", "ba", "bốn", "năm"])),
    st.lists(st.sampled_from(["một", "hai", "ba", "bốn", "năm"])),
)
def test_marked_words_hold_both_texts(old, new):
    runs = mark_words(" ".join(old), " ".join(new))

    assert " ".join(run.text for run in runs if run.mark != "added") == " ".join(old)
    assert " ".join(run.text for run in runs if run.mark != "removed") == " ".join(new)
