"""The year by which a target is to be reached, where the text says one."""

import re

from app.documents.outline import Clause
from app.documents.sections import ORGANISATION

_YEAR = re.compile(
    r"(?:giai đoạn|nhiệm kỳ|thời kỳ|năm học)\s*(?:20\d\d\s?[-–]\s?)(?P<last>20\d\d)|"
    r"\b(?:(?:đến|tới|vào|trong|trước|cuối|hết)\s+)*(?:hết\s+|cuối\s+)?năm\s+(?P<year>20\d\d)|"
    r"\b(?:đến|trước|chậm nhất)\s+(?:hết\s+)?(?:(?:tháng\s+|ngày\s+)?\d{1,2}\s?/\s?(?:\d{1,"
    r"2}\s?/\s?)?)?(?P<bare>20\d\d)\b|"
    r"(?:tháng|quý)\s+(?:\d{1,2}|[IV]{1,3})\s?/\s?(?P<month>20\d\d)",
    re.IGNORECASE,
)
_NOT_A_TARGET = re.compile(
    r"\b(?:từ|so với(?: cùng kỳ)?|bằng|lần|ước|kết quả|số liệu|như|ngày .{0,20}tháng .{0,6})\s*$",
    re.IGNORECASE,
)
_YEARLY = re.compile(r"\b(?:hằng|hàng|mỗi) năm\b", re.IGNORECASE)
_TIMES_AS_MANY = re.compile(r"\bgấp (?:khoảng |trên |hơn |ít nhất )?$", re.IGNORECASE)
_VISION = re.compile(r"tầm nhìn.*$", re.IGNORECASE)
_MENTIONS = re.compile(
    r"(?:nghị quyết|quyết định|kế hoạch|chương trình|đề án|chiến lược|quy hoạch)[^,;]{0,160}$", re.IGNORECASE
)
# Years of what was: in brackets with a figure of their own, after "từ 6,5% …", after "so với …".
_IN_BRACKETS = re.compile(r"\([^()]{0,120}\)")
_NO_FIGURE = re.compile(
    r"(?:số|giai đoạn|mức độ|cấp độ|điều|khoản|ngày|tháng|quý)\s\d+|(?:\d{1,2}\s?/\s?){0,2}(?:19|20)\d\d",
    re.IGNORECASE,
)
_STARTED_FROM = re.compile(
    r"\btừ\s+(?:(?:mức|khoảng|trên|dưới|gần|hơn)\s+)*\d(?:(?!\btrở (?:lên|xuống)\b|,\s)[^;]){0,60}?"
    r"\bnăm\s20\d\d\b(?=[^;]{0,30}?(?<!\btrở\s)\b(?:xuống|lên|còn|thành|sang|đến|tới)\b)",
    re.IGNORECASE,
)
_COMPARED_TO = re.compile(
    r"\bso với\s(?:(?!\b(?:trước|đến|vào|trong|hết|tới|qua|nay)\b)[^,;()]){0,60}?"
    r"(?:\bnăm|\bgiai đoạn\s20\d\d\s?[-–])\s?20\d\d",
    re.IGNORECASE,
)


def own_year(text: str, *, named_only: bool = False) -> int | None:
    """The first target year of a clause. A year that dates a document, a comparison or a baseline is none.

    `named_only` leaves out periods ("giai đoạn 2026 - 2030").
    """
    text = _without_baselines(text)
    for found in _YEAR.finditer(text):
        if named_only and found.group("last"):
            continue
        before = text[: found.start()]
        if _NOT_A_TARGET.search(before[-40:]) or _names_document(before):
            continue
        return int(next(part for part in found.groups() if part))
    return None


def target_year(before: str, after: str) -> int | None:
    """The year of one figure: said right behind it ("20% … ngay trong năm 2025"), else before, else further on."""
    if _TIMES_AS_MANY.search(before[-30:]):
        return own_year(before)  # "gấp 2 lần năm 2025" compares
    behind = re.split(r"[;:]|,\s+(?=(?:đến|tới|vào|và|phấn đấu)\b)", after, maxsplit=1)[0]
    close = own_year(behind, named_only=True)
    return close or own_year(before) or own_year(after)


def _without_baselines(text: str) -> str:
    """The text with blanks for the years that belong to another figure, places kept."""
    text = _IN_BRACKETS.sub(_blank_if_figure, text)
    for pattern in (_STARTED_FROM, _COMPARED_TO):
        text = pattern.sub(lambda found: " " * len(found.group()), text)
    return text


def _blank_if_figure(brackets: re.Match[str]) -> str:
    inside = brackets.group()
    return " " * len(inside) if re.search(r"\d", _NO_FIGURE.sub("", inside)) else inside


def heading_year(clause: Clause) -> int | None:
    """The year in the nearest heading or introducing item above the clause."""
    above = clause.parent
    while above is not None:
        introduces = above.is_heading or above.body.rstrip().endswith(":")
        if introduces and above.section != ORGANISATION:
            year = own_year(_VISION.sub("", above.body)) or own_year(above.body)
            if year is not None:
                return year
        above = above.parent
    return None


def is_under_yearly_heading(clause: Clause) -> bool:
    """Whether the nearest heading that says when says "hằng năm" ("Chỉ tiêu hằng năm")."""
    above = clause.parent
    while above is not None and above.section != ORGANISATION:
        if above.is_heading or above.body.rstrip().endswith(":"):
            if _YEARLY.search(above.body):
                return True
            if own_year(above.body) is not None:
                return False
        above = above.parent
    return False


def _names_document(before: str) -> bool:
    return bool(_MENTIONS.search(before[-180:])) and not re.search(r"[,;:]\s*$", before)
