"""Warnings about the draft as a whole: said twice, due before it was issued, told without its unit or of what.

Like those of warnings.py they only point; each rule is one function and keeps quiet where it is not sure.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from app.documents.deadlines import read_deadline
from app.documents.outline import Clause, Outline, is_closing_clause
from app.documents.references import find_references
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.values import DutyRead, IndicatorRead, TaskGroupRead, TaskRead, UnitRead, WarningRead
from app.documents.words import EMPTY_WORDS
from app.text import compare_key, fold, format_date

_EXCERPT = 80
_SHORTEST_TOLD_TWICE = 20
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,9}(?:,\d+)?"
# A figure that is aimed at and then stops: "PCI đạt trên 65."
_BARE = re.compile(
    rf"\b(?:đạt|đạt trên|tối thiểu|ít nhất|không quá|không dưới|giảm còn|xuống còn|tăng lên|dưới|trên)\s+"
    rf"(?P<figure>{_NUMBER})(?=\s*(?:[;.]\s|[;.]?$|, ))(?![.,]\d)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?<![\d/.,])(?<!ngày )[1-9]\s?/\s?(?:[2-9]|10)\s+(?=(?:tổng )?(?:số|diện tích|dân số)\b)|"
    r"\b(?:một|hai|ba|bốn) phần (?:hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)\b|\bmột nửa (?=(?:tổng )?số\b)",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"\b(?:đến|hết|năm|trong|giai đoạn|mục tiêu|phấn đấu|phần đầu|đạt|được|có|trên|dưới|ít nhất|tối thiểu|từ|trở lên|"
    r"trở xuống|không|quá|khoảng|tăng|giảm|thêm|còn|và|tỷ lệ|tỉ lệ|hằng|hàng|mỗi|bình quân|là|tới|cuối|đầu|"
    r"cụ thể|so với)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|hoàn thành (?:trong|trước|vào)|xong (?:trong|trước)|hạn (?:cuối|chót))\s+"
    r"(?P<when>(?:(?:hết|cuối|ngày|là|vào|tháng|quý|năm|[IV]{1,3}|\d{1,2})\s*[/,]?\s*){1,8}20\d\d)(?![\d/])",
    re.IGNORECASE,
)
_POINT_DECIMAL = re.compile(
    r"(?<![\d.,/])\d{1,3}\.\d{1,2}(?=\s?(?:%|‰|triệu|tỷ|tỉ|nghìn|lần|điểm|ha|km|tấn)\b|\s?%)"
)
_COMMA_GROUPS = re.compile(r"(?<![\d.,/])[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)(?=\s[^\W\d_])")
_GENERAL = re.compile(
    r"(?:như sau|sau đây|dưới đây)\b|phổ biến đến (?:các )?chi bộ|báo cáo .{0,80}để|"
    r"^(?:Trên đây|Kế hoạch này|Chương trình (?:hành động )?này|Yêu cầu|Đề nghị|Quá trình|Trong quá trình|Căn cứ|"
    r"Kinh phí|Nguồn|Chế độ|Thời gian)"
)
_GENERAL_HEADING = re.compile(r"(?:Kinh phí|Nguồn|Chế độ|Khen thưởng|Thông tin, báo cáo)", re.IGNORECASE)
_MOST_COMPARED = 80
_SAME_SUBJECT = 0.7
_FEWEST_WORDS = 3


def find_doubts(
    outline: Outline,
    units: Sequence[UnitRead],
    groups: Sequence[TaskGroupRead],
    indicators: Sequence[IndicatorRead],
    issued: date | None,
) -> tuple[WarningRead, ...]:
    """In order of the text where the clause is known."""
    order = {clause.id: place for place, clause in enumerate(outline.clauses)}
    found = [
        *_duties_twice(units),
        *_tasks_twice(groups),
        *_due_before_issue(outline, groups, indicators, issued),
        *_without_unit(outline),
        *_fractions(outline),
        *_without_denominator(indicators),
        *_doubtful_numbers(outline),
        *_conflicting(indicators),
        *_two_spellings(outline),
    ]
    return tuple(sorted(found, key=lambda warning: order.get(warning.passage or "", len(order))))


def find_unused(outline: Outline, leftovers: Sequence[str]) -> tuple[WarningRead, ...]:
    """Clauses that became nothing, without introductions and the general words a plan ends with."""
    left = set(leftovers)
    message = (
        "Đoạn này chưa thành nhiệm vụ hay việc của đơn vị nào. Hãy dùng, hoặc đánh dấu không phải nhiệm vụ."
    )
    return tuple(
        WarningRead("clause_without_use", message, clause.id, clause.text[:_EXCERPT])
        for clause in outline.clauses
        if clause.id in left and not _is_general(clause)
    )


def _is_general(clause: Clause) -> bool:
    words = clause.body.strip()
    return (
        words.endswith(":")
        or clause.kind == "table"
        or clause.section not in (TASKS, ORGANISATION)
        or is_closing_clause(words)
        or bool(_GENERAL.search(words))
        or (clause.parent is not None and bool(_GENERAL_HEADING.match(clause.parent.body)))
    )


def _duties_twice(units: Sequence[UnitRead]) -> Iterator[WarningRead]:
    for unit in units:
        for duty in _repeated(unit.duties):
            message = f"“{unit.name}” được giao hai lần cùng một việc. Hãy giữ một."
            yield WarningRead("duplicate_duty", message, duty.passage, duty.text[:_EXCERPT])


def _tasks_twice(groups: Sequence[TaskGroupRead]) -> Iterator[WarningRead]:
    for task in _repeated([task for group in groups for task in group.tasks]):
        message = "Nhiệm vụ này đã nêu ở trên với cùng lời văn. Hãy giữ một."
        yield WarningRead("duplicate_duty", message, task.passage, task.text[:_EXCERPT])


def _repeated(items: Sequence[DutyRead] | Sequence[TaskRead]) -> Iterator[DutyRead | TaskRead]:
    told: set[str] = set()
    for item in items:
        key = compare_key(item.text).strip(" .;,")
        if len(key) >= _SHORTEST_TOLD_TWICE and key in told:
            yield item
        told.add(key)


def _due_before_issue(
    outline: Outline,
    groups: Sequence[TaskGroupRead],
    indicators: Sequence[IndicatorRead],
    issued: date | None,
) -> Iterator[WarningRead]:
    if issued is None:
        return
    told: set[str] = set()
    for passage, when, ends in [*_said_deadlines(outline), *_task_deadlines(groups), *_horizons(indicators)]:
        if ends < issued and passage not in told:
            told.add(passage)
            message = f"Thời hạn “{when}” trước ngày ban hành {format_date(issued)}. Hãy xem lại bản gốc."
            yield WarningRead("deadline_before_issue", message, passage, when)


def _said_deadlines(outline: Outline) -> Iterator[tuple[str, str, date]]:
    for clause in outline.clauses:
        for found in _BY.finditer(clause.body) if clause.is_readable else ():
            deadline = read_deadline(found["when"])
            if deadline.ends is not None:
                yield clause.id, found.group(), deadline.ends


def _task_deadlines(groups: Sequence[TaskGroupRead]) -> Iterator[tuple[str, str, date]]:
    for group in groups:
        for task in group.tasks:
            if task.deadline is not None and task.deadline.ends is not None:
                yield task.passage, task.deadline.raw, task.deadline.ends


def _horizons(indicators: Sequence[IndicatorRead]) -> Iterator[tuple[str, str, date]]:
    for indicator in indicators:
        if indicator.horizon is not None:
            yield indicator.passage, f"năm {indicator.horizon}", date(indicator.horizon, 12, 31)


def _without_unit(outline: Outline) -> Iterator[WarningRead]:
    for clause in outline.clauses:
        if clause.section != OBJECTIVES or not clause.is_readable or clause.is_heading:
            continue
        for found in _BARE.finditer(clause.body):
            if not re.fullmatch(r"20\d\d", found["figure"]):
                message = (
                    f"Con số {found['figure']} không ghi đơn vị tính nên chưa thành chỉ tiêu. Hãy bổ sung."
                )
                yield WarningRead(
                    "target_without_unit", message, clause.id, _around(clause.body, found.start())
                )


def _fractions(outline: Outline) -> Iterator[WarningRead]:
    """A third is no number of things and no exact percentage: a person says what is meant."""
    for clause in outline.clauses:
        if clause.section == OBJECTIVES and clause.is_readable and not clause.is_heading:
            for found in _FRACTION.finditer(clause.body):
                message = (
                    f"Phân số “{found.group().strip()}” chưa thành chỉ tiêu. "
                    "Hãy ghi thành tỷ lệ phần trăm hoặc số lượng."
                )
                yield WarningRead(
                    "target_as_fraction", message, clause.id, _around(clause.body, found.start())
                )


def _without_denominator(indicators: Sequence[IndicatorRead]) -> Iterator[WarningRead]:
    named = {one.passage for one in indicators if _subject(one.statement)}
    told: set[str] = set()
    for indicator in indicators:
        if indicator.unit == "%" and indicator.passage not in named | told:
            told.add(indicator.passage)
            message = "Tỷ lệ không nói của cái gì. Hãy bổ sung đối tượng được tính."
            yield WarningRead(
                "target_without_denominator", message, indicator.passage, indicator.statement[:_EXCERPT]
            )


def _subject(statement: str) -> str:
    words = re.sub(r"[\d.,]+\s?%?|[^\w\s]", " ", statement)
    return _SAYS_NOTHING.sub(" ", words).strip()


def _doubtful_numbers(outline: Outline) -> Iterator[WarningRead]:
    for clause in outline.clauses:
        if clause.section not in (OBJECTIVES, TASKS, ORGANISATION) or not clause.is_readable:
            continue
        for pattern in (_POINT_DECIMAL, _COMMA_GROUPS):
            for found in pattern.finditer(clause.body):
                message = (
                    f"Không rõ “{found.group()}”: dấu phẩy ngăn phần thập phân, dấu chấm ngăn hàng nghìn. "
                    "Hãy xem lại bản gốc."
                )
                yield WarningRead("doubtful_figure", message, clause.id, _around(clause.body, found.start()))


def _conflicting(indicators: Sequence[IndicatorRead]) -> Iterator[WarningRead]:
    """Two figures for the same thing in the same year, said in different clauses."""
    by_kind: dict[tuple[object, ...], list[tuple[IndicatorRead, set[str]]]] = {}
    for indicator in indicators:
        if indicator.measure == "percent" and indicator.horizon is not None and not indicator.is_change:
            key = (indicator.horizon, indicator.direction)
            by_kind.setdefault(key, []).append((indicator, _words(indicator.statement)))
    for same in by_kind.values():
        for (one, words_one), (two, words_two) in combinations(same[:_MOST_COMPARED], 2):
            differs = one.passage != two.passage and (one.value, one.value_to) != (two.value, two.value_to)
            if differs and _is_same_subject(words_one, words_two):
                message = (
                    f"Cùng một nội dung, cùng năm {two.horizon} nhưng hai con số khác nhau ở hai nơi. "
                    f"Nơi kia: {one.statement[:_EXCERPT]}"
                )
                yield WarningRead("conflicting_targets", message, two.passage, two.statement[:_EXCERPT])


def _is_same_subject(one: set[str], two: set[str]) -> bool:
    shared, fewest = len(one & two), min(len(one), len(two))
    return fewest >= _FEWEST_WORDS and shared >= _SAME_SUBJECT * max(len(one), len(two))


def _words(statement: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", statement.casefold()) if word not in EMPTY_WORDS}


def _two_spellings(outline: Outline) -> Iterator[WarningRead]:
    """ "71/NQ-TW" where "71-NQ/TW" is written elsewhere; stray spaces are told by warnings.py."""
    first: dict[str, str] = {}
    told: set[str] = set()
    for clause in outline.clauses:
        for reference in find_references((clause.passage(),)):
            key = re.sub(r"[^a-z0-9]", "", fold(reference.symbol))
            known = first.setdefault(key, reference.symbol)
            if known != reference.symbol and reference.symbol not in told:
                told.add(reference.symbol)
                message = f"Ký hiệu văn bản viết hai cách: “{known}” và “{reference.symbol}”. Hãy xem cách nào đúng."
                yield WarningRead("reference_spelling", message, clause.id, reference.raw)


def _around(text: str, start: int) -> str:
    begin = max(0, start - _EXCERPT // 2)
    return ("…" if begin else "") + text[begin : start + _EXCERPT]
