"""Indicators with their definitions, and a province whose communes answer one of its indicators."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models import Indicator, IndicatorDefinition, Target
from app.services.definition import content_of
from bench.rows import Rows

BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def add_indicator(rows: Rows, locality: UUID, goal: dict[str, Any], **values: Any) -> UUID:
    """A percentage with its target and its first definition; its id."""
    said = {"measure": "percent", "unit_label": "%", "over_units": "ratio", "created_at": BEGIN} | values
    key: UUID = rows.add(Indicator, locality_id=locality, **said)
    rows.add(Target, locality_id=locality, indicator_id=key, **goal)
    told = Indicator(id=key, locality_id=locality, **said)
    exact = goal | {"value": Decimal(goal["value"])}
    rows.add(
        IndicatorDefinition,
        locality_id=locality,
        indicator_id=key,
        number=1,
        content=content_of(told, [Target(locality_id=locality, indicator_id=key, **exact)]),
        defined_at=BEGIN,
    )
    return key
