"""Cutting a sentence so that each piece carries one target."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from app.documents.numbers import Figure

_SUBJECT = re.compile(
    r",\s+(?=(?:trong đó|phấn đấu|phần đầu|tỷ lệ|tỉ lệ|số|tổng số|có|trên|ít nhất|tối thiểu|đạt|đảm bảo|bảo đảm|"
    r"duy trì|mỗi|"
    r"hoàn thành|giảm|tăng|không|thu nhập|dưới|từ|khoảng|và|còn|đến (?:hết )?năm|hằng năm|hàng năm)\b|\d)",
    re.IGNORECASE,
)
_WEAK = re.compile(r",\s+|\s+(?=(?:và|hoặc|cùng với|với)\s)", re.IGNORECASE)
_STRONG = re.compile(r";\s*")


@dataclass(frozen=True, slots=True)
class Segment:
    """[start, start + len(text)) of the sentence. The first figure is the target, others belong to it."""

    text: str
    start: int
    figures: tuple[Figure, ...]

    @property
    def leads_year(self) -> bool:
        """Whether a year here speaks for what follows too: it stands before the figure, or there is none."""
        if not self.figures:
            return True
        year = re.search(r"\b20\d\d\b", self.text)
        return year is not None and year.start() < self.figures[0].begins - self.start


def cut_segments(sentence: str, figures: list[Figure]) -> list[Segment]:
    strong = [found.end() for found in _STRONG.finditer(sentence)]
    bounds = {0, len(sentence), *strong}
    for one, two in pairwise(figures):
        following = bisect_left(strong, one.end)
        if following < len(strong) and strong[following] <= two.begins:
            continue
        cut = _cut_between(sentence, one, two)
        if cut is not None:
            bounds.add(cut)
    starts = [figure.start for figure in figures]
    return [
        Segment(
            sentence[start:end], start, tuple(figures[bisect_left(starts, start) : bisect_left(starts, end)])
        )
        for start, end in pairwise(sorted(bounds))
        if sentence[start:end].strip(" ;,.")
    ]


def _cut_between(sentence: str, one: Figure, two: Figure) -> int | None:
    """Before the second figure's own subject; None where the second only details the first."""
    between = sentence[one.end : two.begins]
    subjects = list(_SUBJECT.finditer(between + sentence[two.begins : two.begins + 1]))
    if subjects:
        return one.end + subjects[-1].end()
    if two.measure == "level" and one.measure != "level":
        return None
    direct = re.search(r"(?:,|\bvà)\s+(?:[^\W\d_]+\s+){0,2}$", between, re.IGNORECASE)
    if direct:
        return one.end + direct.start() + (1 if between[direct.start()] == "," else 0)
    weak = list(_WEAK.finditer(between))
    if not weak or (two.measure in ("count", "money") and one.measure == "percent"):
        return None
    return one.end + weak[-1].end()
