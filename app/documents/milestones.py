"""Goals with a year and no figure: "đến năm 2026 đủ điều kiện công nhận …"."""

import re

from app.documents.numbers import find_figures
from app.documents.outline import Outline
from app.documents.sections import OBJECTIVES
from app.documents.sentences import split_sentences
from app.documents.values import IndicatorRead, MilestoneRead
from app.documents.years import own_year

_NEXT_GOAL = re.compile(
    r";\s*|\s+và\s+(?=(?:đến|vào|trong|trước)\s+(?:hết\s+|cuối\s+)?năm\s+20)", re.IGNORECASE
)
_LONGEST = 2000


def read_milestones(
    outline: Outline, indicators: tuple[IndicatorRead, ...], issued: int | None = None
) -> tuple[MilestoneRead, ...]:
    """In order of the text. Beside targets a year before the one of issue (`issued`) tells what was, no goal."""
    measured: dict[str, list[str]] = {}
    for indicator in indicators:
        measured.setdefault(indicator.passage, []).append(indicator.statement.strip(" ,;."))
    return tuple(
        MilestoneRead(goal, year, clause.id)
        for clause in outline.clauses
        if clause.section == OBJECTIVES and clause.is_readable and clause.kind in ("item", "paragraph")
        for goal, year in _goals(clause.body)
        if not (issued and year < issued and clause.id in measured)
        and not any(goal in statement or statement in goal for statement in measured.get(clause.id, ()))
    )


def _goals(text: str) -> list[tuple[str, int]]:
    goals = []
    for sentence in split_sentences(text):
        if len(sentence) > _LONGEST:
            continue
        for part in _NEXT_GOAL.split(sentence):
            year = own_year(part)
            if year is not None and not any(
                f.measure == "percent" or f.is_compared for f in find_figures(part)
            ):
                goals.append((part.strip(" ,;."), year))
    return goals
