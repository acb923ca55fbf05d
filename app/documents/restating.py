"""One target said in several places is one indicator, kept where it is set and linked where it is repeated."""

import re
from dataclasses import replace

from app.documents.sections import OBJECTIVES, TASKS
from app.documents.values import IndicatorRead
from app.documents.words import EMPTY_WORDS

_ORDER = {OBJECTIVES: 0, TASKS: 1}
_SHARED = 0.6
_SUBJECT_WORDS = 5
_MOST_COMPARED = 60


def merge_restated(found: list[tuple[str | None, IndicatorRead]]) -> tuple[IndicatorRead, ...]:
    """`found`: (section, indicator) in order of the text. Only figures of different sections are merged."""
    kept: dict[int, IndicatorRead] = dict(enumerate(indicator for _, indicator in found))
    by_figure: dict[tuple[object, ...], list[int]] = {}
    for place, (section, indicator) in enumerate(found):
        if indicator.value is None:
            continue
        key = (indicator.measure, indicator.value, indicator.value_to, indicator.unit)
        for other in by_figure.setdefault(key, [])[:_MOST_COMPARED]:
            if found[other][0] != section and other in kept and _says_again(kept[other], indicator):
                first, second = sorted((other, place), key=lambda i: (_ORDER.get(found[i][0] or "", 2), i))
                again = (*kept[first].restated_in, kept[second].passage)
                kept[first] = replace(kept[first], restated_in=again)
                del kept[second]
                break
        by_figure[key].append(place)
    return tuple(kept[place] for place in sorted(kept))


def _says_again(one: IndicatorRead, two: IndicatorRead) -> bool:
    if one.horizon and two.horizon and one.horizon != two.horizon:
        return False
    if (one.coverage.per if one.coverage else None) != (two.coverage.per if two.coverage else None):
        return False
    words_one, words_two = _subject(one.statement), _subject(two.statement)
    shared = len(words_one & words_two)
    return min(len(words_one), len(words_two)) > 2 and shared >= _SHARED * max(len(words_one), len(words_two))


def _subject(statement: str) -> set[str]:
    """The first words behind the figure say whom the target is about."""
    behind = re.split(r"\d+(?:,\d+)?\s?%?|\bmột\b", statement.casefold(), maxsplit=1)[-1]
    words = [word for word in re.findall(r"[^\W\d_]+", behind) if word not in EMPTY_WORDS]
    return set(words[:_SUBJECT_WORDS])
