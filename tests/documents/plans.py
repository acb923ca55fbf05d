"""Small plans for tests: a text in, a reading out."""

from app.documents.reading import read_plan
from app.documents.values import IndicatorRead, Reading, UnitRead


def objectives(*clauses: str, heading: str = "MỤC TIÊU") -> tuple[IndicatorRead, ...]:
    """Indicators of a plan whose objectives are these clauses."""
    items = "\n\n".join(f"- {clause}" for clause in clauses)
    return _plan(
        f"I. {heading}\n\n{items}\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    ).indicators


def assignments(text: str, *, heading: str = "TỔ CHỨC THỰC HIỆN") -> tuple[UnitRead, ...]:
    """Units of a plan whose organisation section holds this text."""
    return _plan(f"I. MỤC TIÊU\n\n- Làm tốt.\n\nII. {heading}\n\n{text}").units


def body(text: str) -> Reading:
    return _plan(text)


def _plan(text: str) -> Reading:
    return read_plan(f"KẾ HOẠCH\nthử nghiệm\n\nCăn cứ tình hình, xã xây dựng kế hoạch như sau:\n\n{text}\n")
