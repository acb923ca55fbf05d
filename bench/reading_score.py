"""How well plans are read, against hand-made answers: `python -m bench.reading_score [--gold DIR] [--corpus DIR]`.

Three sets of answers are understood: full ones with every duty's text (`--gold`, their texts in `--seeds`), ones
with counts (`--corpus`, texts beside the answers), and our own plans (`--plans`), which were written to find
mistakes and corrected against: they hold the rules, they measure nothing new. `--verbose` lists what differs.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.documents.reading import read_bytes, reading_as_json
from app.text import compare_key, fold

SHARED = Path(__file__).resolve().parents[2] / "shared"
PLANS = Path(__file__).resolve().parents[1] / "tests" / "documents" / "layouts"
HEADER = (
    "file",
    "org P",
    "org R",
    "org F1",
    "groups",
    "duties",
    "tasks",
    "ind P",
    "ind R",
    "ind F1",
    "warnings",
)


@dataclass
class Tally:
    """Found right, found in all, and expected."""

    right: int = 0
    found: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, other: "Tally") -> None:
        self.right += other.right
        self.found += other.found
        self.expected += other.expected


@dataclass
class Score:
    name: str
    organisations: Tally = field(default_factory=Tally)
    groups: Tally = field(default_factory=Tally)
    duties: Tally = field(default_factory=Tally)
    tasks: Tally = field(default_factory=Tally)
    indicators: Tally = field(default_factory=Tally)
    warnings: int = 0
    notes: list[str] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        o, i = self.organisations, self.indicators
        figures = [f"{value:.2f}" for value in (o.precision, o.recall, o.f1)]
        counts = [f"{tally.right}/{tally.expected}" for tally in (self.groups, self.duties, self.tasks)]
        targets = [f"{value:.2f}" for value in (i.precision, i.recall, i.f1)]
        return (self.name[:22], *figures, *counts, *targets, str(self.warnings))


def score_file(text: Path, expected: dict[str, Any]) -> Score:
    reading = reading_as_json(read_bytes(text.read_bytes(), text.name))
    score = Score(text.stem, warnings=len(reading["warnings"]))
    _score_units(score, reading["units"], expected["organisations"])
    _score_tasks(score, reading["task_groups"], expected)
    _score_indicators(score, reading["indicators"], expected)
    return score


def _score_units(score: Score, units: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    read = {compare_key(unit["name"]): unit for unit in units}
    score.organisations = Tally(0, len(units), len(expected))
    score.groups.expected = score.duties.expected = len(expected)
    for organisation in expected:
        unit = read.pop(compare_key(organisation["name"]), None)
        if unit is None:
            score.notes.append(f"organisation missing: {organisation['name']}")
            continue
        score.organisations.right += 1
        score.groups.right += unit["is_group"] == organisation["is_group"]
        if unit["is_group"] != organisation["is_group"]:
            score.notes.append(f"group flag {unit['is_group']}: {unit['name']}")
        same = _same_duties(unit["duties"], organisation)
        score.duties.right += same
        if not same:
            score.notes.append(f"duties differ ({len(unit['duties'])}): {unit['name']}")
    score.notes.extend(f"organisation too many: {unit['name']}" for unit in read.values())


def _same_duties(duties: list[dict[str, Any]], organisation: dict[str, Any]) -> bool:
    texts = organisation.get("duties")
    if texts is not None:
        return [" ".join(duty["text"].split()) for duty in duties] == [
            " ".join(text.split()) for text in texts
        ]
    # A count of 1 stands for a paragraph, of which each sentence is a duty.
    return len(duties) == organisation["duty_count"] or (organisation["duty_count"] == 1 and bool(duties))


def _score_tasks(score: Score, groups: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    wanted = expected.get("task_groups") or expected.get("tasks_by_group") or []
    counts = [len(group["tasks"]) for group in groups]
    score.tasks = Tally(0, len(groups), len(wanted))
    for place, group in enumerate(wanted):
        texts = group.get("tasks")
        read = groups[place]["tasks"] if place < len(groups) else []
        same = len(read) == group["count"] and (
            texts is None or [_told(task, text) for task, text in zip(read, texts, strict=True)] == texts
        )
        score.tasks.right += same
        if not same:
            score.notes.append(f"tasks differ ({len(read)} for {group['count']}): {group['heading'][:70]}")
    if len(counts) > len(wanted):
        score.notes.append(f"{len(counts) - len(wanted)} task groups too many")


def _told(task: dict[str, Any], wanted: str | dict[str, Any]) -> str | dict[str, Any]:
    """The task in the shape of the answer: its text, or the text with who, when and what for."""
    return task["text"] if isinstance(wanted, str) else {key: task[key] for key in task if key != "passage"}


def _score_indicators(score: Score, indicators: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    numeric = [indicator for indicator in indicators if indicator["value"] is not None]
    wanted = [indicator for indicator in expected["indicators"] if indicator.get("value") is not None]
    for target in wanted:
        match = max(
            (one for one in numeric if _same_figure(one, target)),
            key=lambda one: _overlap(one["statement"], target["text"]),
            default=None,
        )
        if match is None or _overlap(match["statement"], target["text"]) < 0.3:
            score.notes.append(f"indicator missing: {target['text'][:90]}")
            continue
        numeric.remove(match)
        score.indicators.right += 1
    unexpected = [one for one in numeric if not _is_allowed(one, expected)]
    score.indicators.expected = len(wanted)
    score.indicators.found = score.indicators.right + len(unexpected)
    score.notes.extend(f"indicator too many: {_shown(one)}" for one in unexpected)


def _same_figure(one: dict[str, Any], target: dict[str, Any]) -> bool:
    comparator = {"level": "reach"}.get(target["comparator"], target["comparator"])
    units = fold(one["unit"] or ""), fold(target["unit"] or "")
    return (
        one["comparator"] == comparator
        and one["value"] == target["value"]
        and target.get("value_to", one["value_to"]) == one["value_to"]
        and (units[0].startswith(units[1]) or units[1].startswith(units[0]))
        and one["horizon"] == target["deadline_year"]
    )


def _is_allowed(one: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Targets that the answers name outside their list: further ones, and places where one is said again."""
    others = [*expected.get("extra_targets", []), *(i for i in expected["indicators"] if "restated" in i)]
    return any(
        other["value"] == one["value"] and other["deadline_year"] == one["horizon"] for other in others
    )


def _overlap(statement: str, text: str) -> float:
    words, wanted = _words(statement), _words(text)
    return len(words & wanted) / max(1, min(len(words), len(wanted)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def _shown(one: dict[str, Any]) -> str:
    return f"{one['comparator']} {one['value']} {one['unit']} {one['horizon']}: {one['statement'][:90]}"


def _answers(gold: Path, seeds: Path, corpus: Path, plans: Path) -> Iterable[tuple[Path, dict[str, Any]]]:
    for folder, texts in ((gold, seeds), (corpus, corpus), (plans, plans)):
        for answer in sorted(folder.glob("*.json")):
            text = texts / f"{answer.stem}.txt"
            if text.exists():
                yield text, json.loads(answer.read_text(encoding="utf-8"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold")
    parser.add_argument("--seeds", type=Path, default=SHARED / "seeds")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus")
    parser.add_argument("--plans", type=Path, default=PLANS)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args(arguments)
    scores = [
        score_file(text, answer)
        for text, answer in _answers(options.gold, options.seeds, options.corpus, options.plans)
    ]
    if not scores:
        print(f"No answers found in {options.gold} and {options.corpus}.", file=sys.stderr)
        return 1
    _print_table([HEADER, *(score.row() for score in scores), _total(scores).row()])
    for score in scores if options.verbose else []:
        print(f"\n{score.name}", *(f"  {note}" for note in score.notes), sep="\n")
    return 0


def _total(scores: list[Score]) -> Score:
    total = Score("all", warnings=sum(score.warnings for score in scores))
    for score in scores:
        for name in ("organisations", "groups", "duties", "tasks", "indicators"):
            getattr(total, name).add(getattr(score, name))
    return total


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *rest = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([first, *rest]).rstrip())


if __name__ == "__main__":
    sys.exit(main())
