from app.documents.outline import Outline
from app.documents.values import IndicatorRead, UnitRead, WarningRead


def find_warnings(
    outline: Outline, units: tuple[UnitRead, ...], indicators: tuple[IndicatorRead, ...]
) -> tuple[WarningRead, ...]:
    return ()
