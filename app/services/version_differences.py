"""What a report or figure sent again changed against the version the office confirmed, and the one it returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.documents.differences import Words, mark_words
from app.services.standing import Figure, Measured, show_figure

CONFIRMED = ("confirmed", "accepted")
AROUND, MOST = 6, 40  # words kept beside a change, and in all, where there is little room


@dataclass(slots=True)
class _Exactly:
    """How an indicator is measured, with every decimal that is stored."""

    measure: str
    unit_label: str | None
    decimals: int = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """One version: its number, the office's answer to it, and what it says by field."""

    number: int
    decision: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    name: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Against version number `against`, on which the office decided `decision`. No fields: word for word the same."""

    against: int
    decision: str
    fields: tuple[FieldDifference, ...]

    @property
    def short(self) -> tuple[Words, ...]:
        """The changed words of the first changed field with a few around them."""
        return shorten(self.fields[0].words) if self.fields else ()


def differences_of(versions: Sequence[Sent]) -> dict[int, tuple[VersionDifference, ...]]:
    """By number, for versions given newest first: against the last one confirmed before it and, where it came later,
    the last one returned. Versions with nothing decided before them are left out."""
    found: dict[int, tuple[VersionDifference, ...]] = {}
    for place, version in enumerate(versions):
        bases = _bases(versions[place + 1 :])
        if bases:
            found[version.number] = tuple(_difference(base, version) for base in bases)
    return found


def report_sent(report: Any) -> Sent:
    """Of a report as listed: ReportSeen, or a row with the same names."""
    progress = "" if report.progress is None else f"{report.progress}%"
    fields = {
        "result": report.result,
        "difficulty": report.difficulty or "",
        "proposal": report.proposal or "",
    }
    return Sent(report.number, report.decision, fields | {"progress": progress})


def figure_sent(number: int, decision: str | None, figure: Figure, how: Measured) -> Sent:
    """Of a figure: the value with all its decimals, since rounding could hide a change, and its note."""
    value = show_figure(figure, _Exactly(how.measure, how.unit_label))
    note = figure.note or ""
    return Sent(number, decision, {"value": value, "note": "" if note == value else note})


def shorten(words: Sequence[Words]) -> tuple[Words, ...]:
    """Unchanged words far from a change become "…"; no more than MOST words in all."""
    kept: list[Words] = []
    left = MOST
    for place, run in enumerate(words):
        if left <= 0:
            kept.append(Words("same", "…"))
            break
        text = run.text.split()
        if run.mark == "same":
            text = _near(text, is_first=place == 0, is_last=place == len(words) - 1)
        if len(text) > left:
            text = [*text[:left], "…"]
        kept.append(Words(run.mark, " ".join(text)))
        left -= len(text)
    return tuple(kept)


def _near(text: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    before = [] if is_first else text[:AROUND]
    after = [] if is_last else text[-AROUND:]
    if len(before) + len(after) >= len(text):
        return text
    return [*before, "…", *after]


def _bases(earlier: Sequence[Sent]) -> list[Sent]:
    """The last confirmed version, and the last returned one if the office returned it after that."""
    for place, version in enumerate(earlier):
        if version.decision in CONFIRMED:
            returned = [one for one in earlier[:place] if one.decision == "returned"]
            return [version, *returned[:1]]
    return [one for one in earlier if one.decision == "returned"][:1]


def _difference(base: Sent, version: Sent) -> VersionDifference:
    changed = [name for name in version.fields if version.fields[name] != base.fields.get(name, "")]
    marked = (
        FieldDifference(name, mark_words(base.fields.get(name, ""), version.fields[name])) for name in changed
    )
    return VersionDifference(base.number, base.decision or "", tuple(marked))
