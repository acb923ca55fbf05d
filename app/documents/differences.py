"""Two versions of a text, clause by clause: what stayed, was reworded, moved, was removed or added.

Pure. A clause is known by its words: its number, the place of tone marks and stray spaces do not count. Clauses in the
same order are paired first, the same ones exactly, the others by likeness; what is left over and is found elsewhere
has moved.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from app.text import compare_key

LEAST_LIKENESS = 60  # between clauses at the same place
LEAST_LIKENESS_ELSEWHERE = 85  # a clause that moved and was reworded as well is hard to tell from another one
MOST_PAIRS = 60_000  # compared in one gap; beyond, clauses are removed and added
MOST_WORDS = 4_000
_MARKER = re.compile(r"^\s*(?:[-–+•*]|\(?(?:\d+|[a-zđ]|[ivxl]+)(?:\.\d+)*\s?[.):/-])\s+", re.IGNORECASE)
_WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words. `mark`: same, removed (only in the old text) or added (only in the new)."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind`: same, changed, moved (perhaps reworded), removed, added. `old` and `new` are places in the two lists;
    `words` the clause with its changed words marked; `likeness` 0 to 100."""

    kind: str
    old: int | None
    new: int | None
    words: tuple[Words, ...]
    likeness: int = 100


def clause_key(text: str) -> str:
    """Under which two clauses are the same: one spelling, without number and closing mark."""
    return compare_key(_MARKER.sub("", text, count=1)).strip(" .;:,")


def compare_clauses(old: Sequence[str], new: Sequence[str]) -> list[Difference]:
    """Every clause of both texts once, in the order of the new text; removed ones where they stood."""
    old_keys, new_keys = [clause_key(text) for text in old], [clause_key(text) for text in new]
    pairs = _in_order(old_keys, new_keys)
    moved = _elsewhere(old_keys, new_keys, pairs)
    of_new = {n: o for o, n in pairs.items()} | {n: o for o, n in moved.items()}
    found: list[Difference] = []
    gone = iter([o for o in range(len(old)) if o not in pairs and o not in moved])
    waiting = next(gone, None)
    for n in range(len(new)):
        o = of_new.get(n)
        is_moved = o is not None and o in moved
        while waiting is not None and o is not None and not is_moved and waiting < o:
            found.append(_removed(old, waiting))
            waiting = next(gone, None)
        found.append(_difference(old, new, old_keys, new_keys, o, n, is_moved=is_moved))
    while waiting is not None:
        found.append(_removed(old, waiting))
        waiting = next(gone, None)
    return found


def mark_words(old: str, new: str) -> tuple[Words, ...]:
    """The new text with what was added, and what was removed from the old, in the order of reading."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return Words("removed", old), Words("added", new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    runs: list[Words] = []
    for step, a, b, c, d in matcher.get_opcodes():
        if step == "equal":
            runs.append(Words("same", " ".join(after[c:d])))
            continue
        if b > a:
            runs.append(Words("removed", " ".join(before[a:b])))
        if d > c:
            runs.append(Words("added", " ".join(after[c:d])))
    return tuple(runs)


def _removed(old: Sequence[str], place: int) -> Difference:
    return Difference("removed", place, None, (Words("removed", old[place]),), 0)


def _difference(
    old: Sequence[str],
    new: Sequence[str],
    old_keys: Sequence[str],
    new_keys: Sequence[str],
    o: int | None,
    n: int,
    *,
    is_moved: bool,
) -> Difference:
    if o is None:
        return Difference("added", None, n, (Words("added", new[n]),), 0)
    if old_keys[o] == new_keys[n]:
        return Difference("moved" if is_moved else "same", o, n, (Words("same", new[n]),))
    likeness = min(int(fuzz.ratio(old_keys[o], new_keys[n])), 99)
    # The number in front is no change of words: both get the new one.
    before = (_number(new[n]) + _MARKER.sub("", old[o], count=1)) if _number(new[n]) else old[o]
    return Difference("moved" if is_moved else "changed", o, n, mark_words(before, new[n]), likeness)


def _number(text: str) -> str:
    found = _MARKER.match(text)
    return found.group() if found else ""


def _in_order(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Old place → new place for clauses that kept their order: equal ones, then alike ones between them."""
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for step, a, b, c, d in matcher.get_opcodes():
        if step == "equal":
            pairs.update(zip(range(a, b), range(c, d), strict=True))
        elif step == "replace":
            pairs.update(_alike(old, new, (a, b), (c, d)))
    return pairs


def _alike(
    old: Sequence[str], new: Sequence[str], olds: tuple[int, int], news: tuple[int, int]
) -> dict[int, int]:
    """Pairs within one gap that together are most alike and do not cross (the classic alignment of two sequences)."""
    (a, b), (c, d) = olds, news
    if (b - a) * (d - c) > MOST_PAIRS:
        return {}
    best = [[0.0] * (d - c + 1) for _ in range(b - a + 1)]
    score = [
        [fuzz.ratio(old[o], new[n], score_cutoff=LEAST_LIKENESS) for n in range(c, d)] for o in range(a, b)
    ]
    for i in range(b - a - 1, -1, -1):
        for j in range(d - c - 1, -1, -1):
            paired = best[i + 1][j + 1] + score[i][j]
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: dict[int, int] = {}
    i = j = 0
    while i < b - a and j < d - c:
        if score[i][j] and best[i][j] == best[i + 1][j + 1] + score[i][j]:
            pairs[a + i] = c + j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _elsewhere(old: Sequence[str], new: Sequence[str], pairs: dict[int, int]) -> dict[int, int]:
    """Left-over clauses found again at another place, the likeliest first."""
    taken = set(pairs.values())
    olds = [o for o in range(len(old)) if o not in pairs and old[o]]
    news = [n for n in range(len(new)) if n not in taken and new[n]]
    if len(olds) * len(news) > MOST_PAIRS:
        return {}
    scored = [
        (likeness, o, n)
        for o in olds
        for n in news
        if (likeness := fuzz.ratio(old[o], new[n], score_cutoff=LEAST_LIKENESS_ELSEWHERE))
    ]
    moved: dict[int, int] = {}
    used: set[int] = set()
    for _, o, n in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if o not in moved and n not in used:
            moved[o] = n
            used.add(n)
    return moved
