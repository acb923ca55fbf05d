"""An indicator and those it is made of: one level deep, of one plan, and alike in everything a sum needs."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.errors import Invalid
from app.models import Indicator
from app.models.base import columns
from app.services._scope import visible
from app.text import fold
from app.work import Work

indicators = columns(Indicator)

ADDABLE = ("count", "money")
# What a whole that adds up and each of its parts have in common.
_ALIKE = {
    "measure": "cách đo",
    "unit_label": "đơn vị tính",
    "value_basis": "cách tính (trong kỳ, lũy kế, thời điểm)",
}


def check_family(work: Work, indicator: Indicator, changed: Collection[str]) -> None:
    """Invalid when what the indicator is now does not go with its whole or its parts; it names the field of `changed`
    that should stay as it was."""
    whole = _whole_of(work, indicator) if indicator.part_of_id is not None else None
    if whole is not None and whole.adds_up:
        _check_alike(whole, indicator, changed)
    if not indicator.adds_up:
        return
    if indicator.measure not in ADDABLE:
        field = "measure" if "measure" in changed and "adds_up" not in changed else "adds_up"
        raise Invalid.field(
            field,
            "Chỉ số đếm và số tiền mới cộng được từ các thành phần. Bỏ chọn “Cộng lại phải bằng chỉ tiêu này”.",
        )
    for part in _parts_of(work, indicator):
        _check_alike(indicator, part, changed)


def adds_up_still(whole: Indicator, parts: Sequence[Indicator]) -> bool:
    return whole.measure in ADDABLE and not any(_difference(whole, part) for part in parts)


def _whole_of(work: Work, indicator: Indicator) -> Indicator:
    whole: Indicator | None = work.session.scalars(
        visible(work, Indicator).where(
            indicators.id == indicator.part_of_id, indicators.plan_id == indicator.plan_id
        )
    ).first()
    if whole is None or whole.id == indicator.id:
        raise Invalid.field("part_of", "Chọn một chỉ tiêu khác của cùng kế hoạch.")
    if whole.part_of_id is not None or _parts_of(work, indicator):
        raise Invalid.field("part_of", "Chỉ tiêu thành phần chỉ có một cấp. Chọn chỉ tiêu tổng.")
    return whole


def _parts_of(work: Work, indicator: Indicator) -> list[Indicator]:
    """Whoever may change the one may see the others: they are of the same plan."""
    found = select(indicators).where(indicators.part_of_id == indicator.id).order_by(indicators.ordinal)
    return list(work.session.scalars(found))


def _check_alike(whole: Indicator, part: Indicator, changed: Collection[str]) -> None:
    if (name := _difference(whole, part)) is None:
        return
    fields = {"part_of_id": "part_of", "adds_up": "adds_up"}
    field = next((field for column, field in fields.items() if column in changed), name)
    raise Invalid.field(
        field,
        f"{part.code} và {whole.code} khác nhau về {_ALIKE[name]} nên không cộng được. Sửa cho giống nhau, "
        f"hoặc bỏ “Cộng lại phải bằng chỉ tiêu này” ở {whole.code}.",
    )


def _difference(whole: Indicator, part: Indicator) -> str | None:
    """The first of `_ALIKE` in which they differ."""
    return next((name for name in _ALIKE if _of(whole, name) != _of(part, name)), None)


def _of(indicator: Indicator, name: str) -> str:
    return fold(getattr(indicator, name) or "")
