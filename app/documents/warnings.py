"""What a person should look at before a draft is accepted: a code, a Vietnamese sentence, the place, the words.

Nothing is mended or dropped because of a warning. Each rule is one function; noise is kept low by saying a
repeated thing once, except inside targets.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from app.documents.markers import BULLET, LETTER
from app.documents.outline import Clause, Outline
from app.documents.references import find_references
from app.documents.sections import OBJECTIVES, ORGANISATION
from app.documents.spelling import find_misread
from app.documents.values import IndicatorRead, UnitRead, WarningRead
from app.documents.words import MAY_BE_DOUBLED

_EXCERPT = 80
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_DOUBLED = re.compile(r"(?<!\w)([^\W\d_]+)\s+\1(?!\w)")


def find_warnings(
    outline: Outline, units: tuple[UnitRead, ...], indicators: tuple[IndicatorRead, ...]
) -> tuple[WarningRead, ...]:
    """All warnings in order of the text; those about the whole document come first."""
    order = {clause.id: place for place, clause in enumerate(outline.clauses)}
    found = [
        *_missing_parts(outline, units),
        *_units_without_duties(units),
        *_impossible_figures(indicators),
        *_targets_without_horizon(outline, indicators),
        *_misread_words(outline),
        *_broken_paragraphs(outline),
        *_endless_clauses(outline),
        *_doubled_words(outline),
        *_numbering(outline),
        *_references(outline),
        *_differing_restatements(indicators),
    ]
    return tuple(sorted(found, key=lambda warning: order.get(warning.passage or "", -1)))


def _missing_parts(outline: Outline, units: tuple[UnitRead, ...]) -> Iterator[WarningRead]:
    if not any(clause.section == ORGANISATION for clause in outline.clauses):
        yield WarningRead(
            "no_organisation_section",
            "Không thấy mục “Tổ chức thực hiện” hoặc “Phân công nhiệm vụ”; hãy tự thêm đơn vị và giao việc.",
            None,
            "",
        )
    elif not units:
        yield WarningRead(
            "no_organisation_read",
            "Mục tổ chức thực hiện không nêu tên đơn vị nào ở đầu câu; hãy tự thêm đơn vị.",
            next(clause.id for clause in outline.clauses if clause.section == ORGANISATION),
            "",
        )


def _units_without_duties(units: tuple[UnitRead, ...]) -> Iterator[WarningRead]:
    for unit in units:
        if not unit.duties:
            message = "Đơn vị được nêu tên nhưng không có nhiệm vụ nào đi kèm."
            yield WarningRead("organisation_without_duties", message, unit.passage, unit.name)


def _impossible_figures(indicators: tuple[IndicatorRead, ...]) -> Iterator[WarningRead]:
    for indicator in indicators:
        reason = _impossible(indicator)
        if reason:
            yield WarningRead(
                "impossible_figure", reason, indicator.passage, indicator.statement[: 2 * _EXCERPT]
            )


def _impossible(indicator: IndicatorRead) -> str | None:
    value, high = indicator.value, indicator.value_to
    if value is not None and high is not None and high <= value:
        return "Khoảng số bị ngược: số sau không lớn hơn số trước. Hãy xem lại bản gốc."
    if value is None or indicator.unit != "%" or indicator.is_change:
        return None
    if value == Decimal(100) and indicator.comparator in ("gt", "gte"):
        word = "trên" if indicator.comparator == "gt" else "ít nhất"
        return f"“{word} 100%” không thể hoặc khó xảy ra; có lẽ là “đạt 100%”. Hãy xem lại bản gốc."
    if value > 100 and _is_share(indicator.statement):
        return "Tỷ lệ lớn hơn 100%. Hãy xem lại bản gốc."
    if value == 0 and indicator.comparator == "lt":
        return "“dưới 0%” không thể xảy ra. Hãy xem lại bản gốc."
    return None


def _is_share(statement: str) -> bool:
    """Collecting 110 % of a budget estimate is possible; 110 % of the pupils is not."""
    return not re.search(
        r"dự toán|kế hoạch|so với|chỉ tiêu giao|cùng kỳ|năng suất|công suất", statement, re.IGNORECASE
    )


def _targets_without_horizon(
    outline: Outline, indicators: tuple[IndicatorRead, ...]
) -> Iterator[WarningRead]:
    objectives = {clause.id for clause in outline.clauses if clause.section == OBJECTIVES}
    told: set[str] = set()
    for indicator in indicators:
        if indicator.horizon is None and not indicator.annual and indicator.passage in objectives - told:
            told.add(indicator.passage)
            message = "Chỉ tiêu chưa ghi năm phải đạt. Hãy bổ sung mốc thời gian khi duyệt."
            yield WarningRead(
                "target_without_horizon", message, indicator.passage, indicator.statement[:_EXCERPT]
            )


def _misread_words(outline: Outline) -> Iterator[WarningRead]:
    told: set[str] = set()
    for clause in outline.clauses:
        for misread in find_misread(clause.body) if clause.is_readable else ():
            word = misread.word.casefold()
            if word in told and clause.section != OBJECTIVES:
                continue
            told.add(word)
            guess = f", có lẽ là “{misread.meant}”" if misread.meant else ""
            yield WarningRead(
                "misread_word",
                f"Chữ “{misread.word}” có thể bị đọc hoặc gõ sai{guess}. Hãy đối chiếu bản gốc.",
                clause.id,
                _around(clause.body, misread.start, len(misread.word)),
            )


def _broken_paragraphs(outline: Outline) -> Iterator[WarningRead]:
    for clause in outline.clauses:
        for join in clause.block.joins:
            first = next((i for i, line in enumerate(clause.block.lines) if line.start == join), 0)
            before, after = clause.block.lines[first - 1].text, clause.block.lines[first].text
            yield WarningRead(
                "broken_paragraph",
                "Đoạn bị ngắt giữa câu (thường do sang trang) và đã được nối lại. Hãy xem chỗ nối.",
                clause.id,
                f"{before[-_EXCERPT // 2 :]} ¶ {after[: _EXCERPT // 2]}",
            )


def _endless_clauses(outline: Outline) -> Iterator[WarningRead]:
    for clause in outline.clauses:
        if not clause.is_readable:
            message = "Đoạn dài bất thường nên chưa được tìm chỉ tiêu. Hãy tách đoạn trong tệp rồi tải lại."
            yield WarningRead("endless_clause", message, clause.id, clause.text[:_EXCERPT])


def _doubled_words(outline: Outline) -> Iterator[WarningRead]:
    for clause in outline.clauses:
        for hit in _DOUBLED.finditer(clause.body) if clause.is_readable else ():
            if hit.group(1).casefold() not in MAY_BE_DOUBLED:
                yield WarningRead(
                    "doubled_word",
                    f"Chữ “{hit.group(1)}” viết hai lần liền nhau.",
                    clause.id,
                    _around(clause.body, hit.start(), len(hit.group())),
                )


def _numbering(outline: Outline) -> Iterator[WarningRead]:
    parents: dict[Clause | None, list[Clause]] = {}
    for clause in outline.clauses:
        if clause.marked.marker is not None and clause.rank < BULLET:
            parents.setdefault(clause.parent, []).append(clause)
    for siblings in parents.values():
        for one, two in pairwise(siblings):
            if one.rank == two.rank:
                yield from _gap(one, two)


def _gap(one: Clause, two: Clause) -> Iterator[WarningRead]:
    before, after = _ordinal(one), _ordinal(two)
    if before is None or after is None or after == before + 1 or after == 1:
        return
    if after == before:
        message = f"Số thứ tự {two.label} lặp lại."
    elif after > before:
        message = f"Số thứ tự nhảy từ {one.label} sang {two.label}; có thể thiếu một mục hoặc mất tiêu đề."
    else:
        message = f"Số thứ tự đi lùi từ {one.label} về {two.label}."
    yield WarningRead("numbering_gap", message, two.id, two.text[:_EXCERPT])


def _ordinal(clause: Clause) -> int | None:
    label = clause.label
    if clause.rank == LETTER:
        return _LETTERS.find(label) + 1 or None
    if label in _ROMANS:
        return _ROMANS.index(label) + 1
    last = label.rpartition(".")[2]
    return int(last) if last.isdigit() else None


def _references(outline: Outline) -> Iterator[WarningRead]:
    told: set[str] = set()
    for clause in outline.clauses:
        for reference in find_references((clause.passage(),)):
            if reference.raw != reference.symbol and reference.symbol not in told:
                told.add(reference.symbol)
                yield WarningRead(
                    "reference_spelling",
                    f"Ký hiệu văn bản viết “{reference.raw}”, nơi khác hoặc đúng ra là “{reference.symbol}”.",
                    clause.id,
                    reference.raw,
                )


def _differing_restatements(indicators: Iterable[IndicatorRead]) -> Iterator[WarningRead]:
    for indicator in indicators:
        for passage in indicator.restated_in:
            yield WarningRead(
                "restated_target",
                "Đoạn này nhắc lại một chỉ tiêu đã nêu ở nơi khác; hãy xem hai chỗ có khớp nhau không.",
                passage,
                indicator.statement[:_EXCERPT],
            )


def _around(text: str, start: int, length: int) -> str:
    begin = max(0, start - _EXCERPT // 2)
    end = min(len(text), start + length + _EXCERPT // 2)
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
