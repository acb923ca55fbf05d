"""A reading as JSON (the shape other programs rely on) and as a short Vietnamese summary."""

from decimal import Decimal
from typing import Any

from app.documents.sources import Box
from app.documents.values import (
    AnnexRead,
    Coverage,
    DeadlineRead,
    DocumentFacts,
    DutyRead,
    IndicatorRead,
    Passage,
    Reading,
    TaskRead,
)
from app.text import format_date, format_number

_COMPARATORS = {
    "gt": "trên ",
    "gte": "ít nhất ",
    "lt": "dưới ",
    "lte": "không quá ",
    "between": "từ ",
    "reach": "đạt ",
    "achieve": "đạt",
    "maintain": "duy trì",
}


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """Plain dicts, lists, strings and numbers; missing things are None; dates ISO."""
    return {
        "document": _document(reading.document),
        "passages": [_passage(passage) for passage in reading.passages],
        "units": [
            {
                "name": unit.name,
                "is_group": unit.is_group,
                "passage": unit.passage,
                "duties": [_sourced(duty) for duty in unit.duties],
            }
            for unit in reading.units
        ],
        "task_groups": [
            {
                "heading": group.heading,
                "passage": group.passage,
                "tasks": [_task(task) for task in group.tasks],
            }
            for group in reading.task_groups
        ],
        "indicators": [_indicator(indicator) for indicator in reading.indicators],
        "milestones": [{"text": m.text, "year": m.year, "passage": m.passage} for m in reading.milestones],
        "warnings": [
            {"code": w.code, "message": w.message, "passage": w.passage, "excerpt": w.excerpt}
            for w in reading.warnings
        ],
        "leftovers": list(reading.leftovers),
        "annexes": [_annex(annex) for annex in reading.annexes],
    }


def summarise(reading: Reading) -> str:
    """The same for a person at a terminal."""
    facts = reading.document
    lines = [
        facts.title or "(không có tên văn bản)",
        f"Cơ quan ban hành: {facts.issuer or '—'}",
        f"Số, ký hiệu: {facts.number or '—'}; ngày {format_date(facts.date) if facts.date else '—'}",
        f"Căn cứ, dẫn chiếu: {', '.join(facts.references) or '—'}",
        "",
        f"Đơn vị: {len(reading.units)}",
        *(
            f"  - {unit.name}{' (nhóm)' if unit.is_group else ''}: {len(unit.duties)} nhiệm vụ"
            for unit in reading.units
        ),
        f"Nhiệm vụ, giải pháp: {sum(len(group.tasks) for group in reading.task_groups)}",
        *(f"  - {group.heading}: {len(group.tasks)}" for group in reading.task_groups),
        f"Chỉ tiêu: {len(reading.indicators)}",
        *(f"  - {_target(indicator)}: {indicator.statement}" for indicator in reading.indicators),
        f"Mốc thời gian: {len(reading.milestones)}",
        *(f"  - {milestone.year}: {milestone.text}" for milestone in reading.milestones),
        f"Cảnh báo: {len(reading.warnings)}",
        *(f"  - {warning.message} ({warning.excerpt})" for warning in reading.warnings),
        f"Đoạn chưa dùng: {len(reading.leftovers)}",
        f"Phụ lục dạng bảng: {len(reading.annexes)}",
        *(f"  - {annex.title or '(không có tên)'}: {annex.rows} dòng" for annex in reading.annexes),
    ]
    return "\n".join(lines)


def _document(facts: DocumentFacts) -> dict[str, Any]:
    return {
        "title": facts.title,
        "kind": facts.kind,
        "issuer": facts.issuer,
        "number": facts.number,
        "date": facts.date.isoformat() if facts.date else None,
        "references": list(facts.references),
        "signed_as": facts.signed_as,
        "signed_by": facts.signed_by,
        "distribution": list(facts.distribution),
        "implements": [
            {
                "number": one.number,
                "kind": one.kind,
                "issuer": one.issuer,
                "date": one.date.isoformat() if one.date else None,
            }
            for one in facts.implements
        ],
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "path": passage.path,
        "kind": passage.kind,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "box": _box(passage.box),
        "confidence": passage.confidence,
    }


def _box(box: Box | None) -> list[float] | None:
    return [box.left, box.top, box.right, box.bottom] if box else None


def _sourced(item: DutyRead | TaskRead) -> dict[str, Any]:
    return {"text": item.text, "passage": item.passage}


def _task(task: TaskRead) -> dict[str, Any]:
    """Who, when and what for are there only where the document says them."""
    return {
        **_sourced(task),
        **({"lead": list(task.lead)} if task.lead else {}),
        **({"cooperating": list(task.cooperating)} if task.cooperating else {}),
        **({"deadline": _deadline(task.deadline)} if task.deadline else {}),
        **({"product": task.product} if task.product else {}),
    }


def _deadline(deadline: DeadlineRead) -> dict[str, Any]:
    return {
        "raw": deadline.raw,
        "kind": deadline.kind,
        "from": deadline.begins.isoformat() if deadline.begins else None,
        "to": deadline.ends.isoformat() if deadline.ends else None,
        "cycle": deadline.cycle,
    }


def _indicator(indicator: IndicatorRead) -> dict[str, Any]:
    return {
        "statement": indicator.statement,
        "measure": indicator.measure,
        "comparator": indicator.comparator,
        "value": _number(indicator.value),
        "value_to": _number(indicator.value_to),
        "unit": indicator.unit,
        "horizon": indicator.horizon,
        "direction": indicator.direction,
        "coverage": _coverage(indicator.coverage),
        "passage": indicator.passage,
        **({"baseline": _number(indicator.baseline)} if indicator.baseline is not None else {}),
        **({"baseline_year": indicator.baseline_year} if indicator.baseline_year is not None else {}),
    }


def _annex(annex: AnnexRead) -> dict[str, Any]:
    return {
        "title": annex.title,
        "kind": annex.kind,
        "passage": annex.passage,
        "header_rows": list(annex.header_rows),
        "columns": dict(annex.columns),
        "groups": list(annex.groups),
        "rows": annex.rows,
        "parent_rows": annex.parent_rows,
    }


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    return {"per": coverage.per, "level": coverage.level} if coverage else None


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _target(indicator: IndicatorRead) -> str:
    words = _COMPARATORS[indicator.comparator]
    if indicator.value is not None:
        words += format_number(indicator.value)
    if indicator.value_to is not None:
        words += f" đến {format_number(indicator.value_to)}"
    unit = f" {indicator.unit}" if indicator.unit else ""
    horizon = f", năm {indicator.horizon}" if indicator.horizon else ""
    return words + unit + horizon
