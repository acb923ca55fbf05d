"""Invented plans beside what must be read out of them, and the real ones kept outside the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.documents.reading import read_bytes, reading_as_json
from bench.reading_score import SHARED, score_file

CASES = sorted(Path(__file__).parent.joinpath("cases").glob("*.expected.json"))
PLANS = sorted(Path(__file__).parent.joinpath("layouts").glob("*.json"))
GOLD = sorted(SHARED.joinpath("gold").glob("*.json"))
CORPUS = sorted(
    path for path in SHARED.joinpath("corpus").glob("*.json") if path.with_suffix(".txt").exists()
)


@pytest.mark.parametrize("answer", CASES, ids=lambda path: path.name.split(".")[0])
def test_an_invented_plan_reads_as_expected(answer: Path) -> None:
    expected = json.loads(answer.read_text(encoding="utf-8"))
    text = answer.with_name(answer.name.replace(".expected.json", ".txt"))

    reading = reading_as_json(read_bytes(text.read_bytes(), text.name))

    document = {name: reading["document"][name] for name in expected["document"]}
    assert document == expected["document"]
    assert [_unit(unit) for unit in reading["units"]] == expected["units"]
    groups = [{"heading": g["heading"], "count": len(g["tasks"])} for g in reading["task_groups"]]
    assert groups == expected["task_groups"]
    assert len(reading["indicators"]) == len(expected["indicators"])
    for found, wanted in zip(reading["indicators"], expected["indicators"], strict=True):
        assert {name: found[name] for name in wanted} == wanted
    assert {warning["code"] for warning in reading["warnings"]} == set(expected["warnings"])


@pytest.mark.parametrize("answer", PLANS, ids=lambda path: path.stem)
def test_a_plan_of_our_own_reads_exactly(answer: Path) -> None:
    text, expected = answer.with_suffix(".txt"), json.loads(answer.read_text(encoding="utf-8"))

    score = score_file(text, expected)
    reading = reading_as_json(read_bytes(text.read_bytes(), text.name))

    assert score.notes == []
    assert reading["document"]["number"] == expected["number"]
    assert reading["document"]["date"] == expected["date"]
    assert reading["document"]["references"] == expected["resolution_refs"]
    assert sorted({warning["code"] for warning in reading["warnings"]}) == expected["warnings"]


@pytest.mark.skipif(not GOLD, reason="the two sample plans are not beside the project")
@pytest.mark.parametrize("answer", GOLD, ids=lambda path: path.stem)
def test_a_sample_plan_reads_exactly(answer: Path) -> None:
    text = SHARED / "seeds" / f"{answer.stem}.txt"

    score = score_file(text, json.loads(answer.read_text(encoding="utf-8")))

    assert score.notes == []
    assert score.organisations.f1 == 1
    assert score.indicators.precision >= 0.95
    assert score.indicators.recall >= 0.95


@pytest.mark.skipif(not CORPUS, reason="the other issuers' plans are not beside the project")
@pytest.mark.parametrize("answer", CORPUS, ids=lambda path: path.stem)
def test_a_plan_of_another_issuer_reads_well(answer: Path) -> None:
    score = score_file(answer.with_suffix(".txt"), json.loads(answer.read_text(encoding="utf-8")))

    assert score.organisations.f1 >= 0.95
    assert score.indicators.f1 >= 0.9
    assert score.duties.right >= 0.9 * score.duties.expected


def _unit(unit: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": unit["name"],
        "is_group": unit["is_group"],
        "duties": [duty["text"] for duty in unit["duties"]],
    }
