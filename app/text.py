"""Vietnamese text, numbers and dates: how we compare, search, read and print them.

Pure functions. What was issued or typed is never rewritten; these make keys and readings beside it.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

# Vietnam has kept +07:00 without daylight saving since 1975, so no time zone database is needed.
VIETNAM_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_LONGEST_NUMBER = 40
_SPACES = re.compile(r"\s+")
_SPACES_ROUND_JOINERS = re.compile(r"\s*([-/])\s*")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# Keyboards for East Asian scripts type digits as wide as their letters.
_NARROW = str.maketrans("０１２３４５６７８９．，％－", "0123456789.,%-")
# Some keyboards type the Icelandic eth for đ; on paper the capitals look the same.
_D_WITHOUT_STROKE = str.maketrans("đð", "dd")
# Both spellings are in official use, "Ủy, hóa" and "Uỷ, hoá"; the second makes the key.
_TONE_POSITIONS = tuple(
    zip(
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        strict=True,
    )
)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PLAIN = re.compile(r"\d+")
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")


class AmbiguousNumber(ValueError):
    """A number that can be read in two ways; the message asks which one was meant."""


class NotANumber(ValueError):
    """Text in a number's place; the message says how to write a number."""


class NotADate(ValueError):
    """Text in a date's place; the message says how to write a date."""


def nfc(s: str) -> str:
    return unicodedata.normalize("NFC", s)


def is_keepable(s: str) -> bool:
    """Whether a database can keep the text, or compare with it: PostgreSQL takes no NUL, and neither engine half
    of a surrogate pair."""
    return _UNKEEPABLE.search(s) is None


def fold(s: str) -> str:
    """Search key without marks: "Tổ dân phố" → "to dan pho", "Đảng ủy" → "dang uy"."""
    letters = unicodedata.normalize("NFD", nfc(s).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SPACES.sub(" ", nfc(bare.translate(_D_WITHOUT_STROKE))).strip()


def compare_key(s: str) -> str:
    """Key under which two spellings of one name are equal; marks count, their position does not."""
    key = nfc(s).casefold().translate(_DASHES)
    for old, new in _TONE_POSITIONS:
        key = key.replace(old, new)
    return _SPACES.sub(" ", _SPACES_ROUND_JOINERS.sub(r"\1", key)).strip()


def capitalised(s: str) -> str:
    """A name as it stands alone: "số lượng đảng viên" → "Số lượng đảng viên"; "pH" and "iPhone" stay."""
    return s if s[1:2].isupper() else s[:1].upper() + s[1:]


def parse_number(s: str) -> Decimal:
    """Number written the Vietnamese way: 26.120 = 26120, 99,9 = 99.9. A final % is allowed and dropped.

    Raises AmbiguousNumber for a point that does not stand before three digits ("99.9"), else NotANumber.
    """
    typed = s.strip().translate(_NARROW)
    digits = _SPACES.sub("", typed).removesuffix("%").translate(_DASHES)
    sign = -1 if digits.startswith("-") else 1
    whole, comma, fraction = digits.removeprefix("-").partition(",")
    if len(digits) > _LONGEST_NUMBER or not _digits_only(whole.replace(".", "") + fraction, typed):
        raise _not_a_number(typed)
    if comma and not fraction:
        raise _not_a_number(typed)
    if not (_PLAIN.fullmatch(whole) or _is_grouped(whole)):
        raise _two_readings(typed, whole, fraction)
    return sign * Decimal(whole.replace(".", "") + ("." + fraction if fraction else ""))


def format_number(number: Decimal, decimals: int | None = None) -> str:
    """1234.5 → "1.234,5". With decimals, rounded half up to that many; without, as exact as it is."""
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{number:,f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    text = whole.replace(",", ".") + ("," + fraction if fraction else "")
    return "0" if text == "-0" else text


def plain_decimal(value: Decimal) -> str:
    """A number as programs read it: a point, no exponent, no zeros at its end, zero without a sign."""
    written = format(value, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written if value else "0"


def parse_date(s: str) -> date:
    """DD/MM/YYYY → date. Raises NotADate."""
    found = _DATE.fullmatch(s.strip())
    if found is None:
        raise _not_a_date(s)
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise _not_a_date(s) from None


def format_date(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_datetime(moment: datetime) -> str:
    """Aware time → "HH:MM DD/MM/YYYY" in Vietnam."""
    if moment.tzinfo is None:
        raise ValueError("format_datetime needs an aware time")
    local = moment.astimezone(VIETNAM_TIME)
    return f"{local.hour:02d}:{local.minute:02d} {format_date(local.date())}"


def _digits_only(digits: str, typed: str) -> bool:
    # str.isdigit accepts superscripts and other scripts; Decimal would refuse or misread some of them.
    spaced = re.search(r"\d\s+\d", typed) and not re.fullmatch(r"[-−]?\d{1,3}(\s\d{3})+(,\d+)?\s*%?", typed)
    return bool(digits) and digits.isascii() and digits.isdigit() and not spaced


def _is_grouped(whole: str) -> bool:
    return bool(_GROUPED.fullmatch(whole)) and not whole.startswith("0")


def _two_readings(typed: str, whole: str, fraction: str) -> ValueError:
    head, _, tail = whole.rpartition(".")
    if fraction or "." in head or not head or not tail:
        return _not_a_number(typed)
    as_decimal = f"{head},{tail}"
    as_whole = format_number(Decimal(head + tail))
    return AmbiguousNumber(
        f"Không rõ “{typed[:_LONGEST_NUMBER]}” là {as_decimal} hay {as_whole}? "
        "Dấu phẩy ngăn phần thập phân, dấu chấm ngăn hàng nghìn; hãy nhập lại."
    )


def _not_a_number(typed: str) -> NotANumber:
    shown = f"“{typed[:_LONGEST_NUMBER]}” không phải là số" if typed else "Chưa nhập số"
    return NotANumber(f"{shown}. Hãy nhập số, ví dụ 26.120 hoặc 99,9.")


def _not_a_date(typed: str) -> NotADate:
    shown = f"“{typed.strip()[:_LONGEST_NUMBER]}” không phải là ngày" if typed.strip() else "Chưa nhập ngày"
    return NotADate(f"{shown} hợp lệ. Hãy nhập theo dạng ngày/tháng/năm, ví dụ 22/08/2025.")
