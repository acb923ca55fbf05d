"""Tables for tests: rows in, Markdown out; and what a reading of them holds."""

from typing import Any

from app.documents.reading import read_plan, reading_as_json
from app.documents.values import Reading, TaskRead


def markdown(*rows: str, title: str = "PHỤ LỤC\nDANH MỤC") -> str:
    """Rows written "a | b | c" under a title."""
    return f"{title}\n\n" + "\n".join(f"| {row} |" for row in rows) + "\n"


def read(*rows: str, title: str = "PHỤ LỤC\nDANH MỤC") -> Reading:
    return read_plan(markdown(*rows, title=title))


def tasks(reading: Reading) -> list[TaskRead]:
    return [task for group in reading.task_groups for task in group.tasks]


def facts(reading: Reading) -> dict[str, Any]:
    """What a reading's tables say, without the places where they say it."""
    shape = reading_as_json(reading)
    return {
        "annexes": [_without(annex, "passage", "header_rows", "title") for annex in shape["annexes"]],
        "tasks": [_without(task, "passage") for group in shape["task_groups"] for task in group["tasks"]],
        "indicators": [_without(indicator, "passage") for indicator in shape["indicators"]],
    }


def _without(shape: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name not in names}
