"""What a table cell says is to be reached: "≥ 95", "26.120", "80 - 85%", "tăng 10%/năm", "Mức độ 2", words.

Vietnamese writing: a point groups thousands, a comma begins the decimals. "99.9" can only be a decimal written the
other way; it is read so and marked doubtful.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_N = r"\d{1,3}(?:[. ]\d{3})+(?:,\d{1,6})?(?![\d.])|\d{1,15}(?:[.,]\d{1,8})?"
_COMPARING = (
    ("gte", r"≥|>\s?=|=\s?>|từ|ít nhất|tối thiểu|không (?:dưới|thấp hơn|ít hơn)|đạt từ"),
    ("lte", r"≤|<\s?=|=\s?<|không (?:quá|vượt quá|vượt|cao hơn)|tối đa|nhiều nhất"),
    ("gt", r">|trên|hơn|vượt|đạt trên"),
    ("lt", r"<|dưới|thấp hơn|ít hơn"),
)
_AMOUNT = re.compile(
    rf"(?:(?P<change>tăng|giảm)\s*(?:thêm|bình quân|ít nhất)?\s*|"
    rf"(?:đạt|khoảng|còn|duy trì|phấn đấu(?: đạt)?|~|xuống|=)\s*)*"
    rf"(?P<compare>{'|'.join(words for _, words in _COMPARING)})?\s*"
    rf"(?P<level>mức độ|cấp độ)?\s*"
    rf"(?P<low>[-−]?(?:{_N}))\s*(?P<percent>%)?"
    rf"(?:\s*(?:-|–|—|÷|đến|tới)\s*(?P<high>{_N})\s*(?P<percent2>%)?)?"
    rf"\s*(?P<annual>/\s?năm|(?:mỗi|hằng|hàng) năm)?"
    rf"\s*(?P<unit>(?!trở)[^\W\d_][^\d;:.,]{{0,40}}?|)"
    rf"\s*(?P<onward>trở (?:lên|xuống))?\s*(?P<annual2>/\s?năm)?\s*",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+(?:,\d+)?")
_ABSENT = re.compile(r"[\s\-–—_.…/*]*|không có|chưa có|không giao", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` is None where the cell says it in words. `unit`: %, "mức độ" or what follows the number, else None."""

    comparator: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    unit: str | None = None
    words: str = ""
    is_change: bool = False
    falls: bool = False
    annual: bool = False
    is_doubtful: bool = False


def read_amount(cell: str) -> Amount | None:
    """None for a cell that is empty or says that there is no figure ("-", "…")."""
    text = " ".join(cell.split()).strip(" .;")
    if _ABSENT.fullmatch(text):
        return None
    found = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return Amount("achieve", words=text)
    high = found["high"]
    return Amount(
        comparator=_comparator(found),
        value=_number(found["low"]),
        value_to=_number(high) if high else None,
        unit=_unit(found),
        is_change=found["change"] is not None,
        falls=(found["change"] or "").casefold() == "giảm",
        annual=bool(found["annual"] or found["annual2"]),
        is_doubtful=_is_doubtful(found["low"]) or bool(high and _is_doubtful(high)),
    )


def _comparator(found: re.Match[str]) -> str:
    if found["high"]:
        return "between"
    if found["onward"]:
        return "gte" if found["onward"].casefold().endswith("lên") else "lte"
    written = found["compare"]
    if written:
        return next(name for name, words in _COMPARING if re.fullmatch(words, written, re.IGNORECASE))
    return "reach"


def _unit(found: re.Match[str]) -> str | None:
    if found["percent"] or found["percent2"]:
        return "%"
    if found["level"]:
        return "mức độ"
    return found["unit"].strip() or None


def _number(written: str) -> Decimal:
    digits = written.replace("−", "-").replace(" ", "")
    if _GROUPED.fullmatch(written.lstrip("-−")):
        digits = digits.replace(".", "")
    return Decimal(digits.replace(",", "."))


def _is_doubtful(written: str) -> bool:
    return "." in written and not _GROUPED.fullmatch(written.lstrip("-−"))
