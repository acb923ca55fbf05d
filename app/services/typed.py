"""Input of people and systems."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, ValidationInfo, field_validator
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from app.errors import Invalid
from app.text import is_keepable, nfc

UNKEEPABLE = "Có ký tự không dùng được (NUL, hoặc nửa ký tự). Hãy xóa ký tự đó rồi gửi lại."
# A JSON number is read as a float, which holds so many digits of it and makes up the others.
EXACT_DIGITS = 15
_WRITTEN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
TOO_LONG = 'Số dài quá 15 chữ số thì gửi dạng chuỗi, ví dụ "12345678901234.56", để giữ đúng từng chữ số.'

# Days are counted on from (a last day plus one, a due day plus three weeks), so none is near the end of the calendar.
EARLIEST_YEAR, LONG_AGO, LATEST_YEAR = 2000, 1900, 2100


def check_year(day: date, earliest: int = EARLIEST_YEAR, advice: str = "Xem lại năm.") -> date:
    if not earliest <= day.year <= LATEST_YEAR:
        raise ValueError(f"Năm phải từ {earliest} đến {LATEST_YEAR}. {advice}")
    return day


def _checked(**limits: Any) -> Callable[[date], date]:
    return lambda day: check_year(day, **limits)


# Every day of an input is one of these three; the first unless there is a reason.
Day = Annotated[date, AfterValidator(check_year)]
PastDay = Annotated[date, AfterValidator(_checked(earliest=LONG_AGO))]
EndDay = Annotated[date, AfterValidator(_checked(advice="Không có ngày cuối thì để trống (null)."))]


class Typed(SQLModel):
    """Unknown fields are refused, text is NFC without blanks at its ends, numbers are what was sent or refused."""

    model_config = SQLModelConfig(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def compose(cls, value: Any, info: ValidationInfo) -> Any:
        annotation = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool) and _is_number(annotation):
            raise ValueError("Phải là số.")
        if Decimal in {annotation, *get_args(annotation)}:
            _check_written(value)
        if isinstance(value, float) and len(Decimal(repr(value)).as_tuple().digits) > EXACT_DIGITS:
            raise ValueError(TOO_LONG)
        if not isinstance(value, str):
            return value
        if not is_keepable(value):
            raise ValueError(UNKEEPABLE)
        return nfc(value)


def _check_written(value: Any) -> None:
    """Of what Python takes for a number, what a person may not have meant."""
    if isinstance(value, int) and abs(value) >= 10**EXACT_DIGITS:
        raise ValueError(TOO_LONG)
    if isinstance(value, str) and not _WRITTEN.fullmatch(value.strip()):
        raise ValueError(_SENTENCES["decimal_parsing"])


def _is_number(annotation: Any) -> bool:
    """True is 1 to Python, and to nobody else."""
    kinds = {annotation, *get_args(annotation)}
    return bool not in kinds and bool(kinds & {int, Decimal})


class Nothing(Typed):
    """An empty body: {}."""


def states_given(given: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """ "in_progress,returned" → ("in_progress", "returned"); Invalid names a state that does not exist."""
    wanted = tuple(part.strip() for part in (given or "").split(",") if part.strip())
    if unknown := [state for state in wanted if state not in known]:
        raise Invalid.field("state", f"Không có trạng thái “{unknown[0]}”. Chỉ nhận: {', '.join(known)}.")
    return wanted


_SENTENCES = {
    "missing": "Thiếu nội dung này.",
    "extra_forbidden": "Không có trường này. Xem tài liệu để biết các trường được nhận.",
    "string_too_short": "Hãy nhập nội dung này (ít nhất {min_length} ký tự).",
    "string_too_long": "Quá dài (tối đa {max_length} ký tự).",
    "string_type": "Phải là chữ.",
    "string_pattern_mismatch": "Viết chưa đúng mẫu.",
    "int_parsing": "Phải là số nguyên.",
    "int_type": "Phải là số nguyên.",
    "int_from_float": "Phải là số nguyên.",
    "decimal_parsing": "Phải là số, ví dụ 99.9.",
    "decimal_type": "Phải là số, ví dụ 99.9.",
    "decimal_max_places": "Không quá {decimal_places} chữ số sau dấu phẩy.",
    "decimal_max_digits": "Số quá dài (tối đa {max_digits} chữ số).",
    "decimal_whole_digits": "Số quá lớn (tối đa {whole_digits} chữ số trước dấu phẩy).",
    "finite_number": "Phải là số, ví dụ 99.9.",
    "bool_parsing": "Chọn có hoặc không.",
    "bool_type": "Chọn có hoặc không.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than_equal": "Không được quá {le}.",
    "greater_than": "Phải lớn hơn {gt}.",
    "less_than": "Phải nhỏ hơn {lt}.",
    "uuid_parsing": "Mã này không đúng dạng. Lấy mã “id” từ danh sách.",
    "uuid_type": "Mã này không đúng dạng. Lấy mã “id” từ danh sách.",
    "date_parsing": "Ngày chưa đúng, viết theo mẫu 2026-10-30.",
    "date_from_datetime_parsing": "Ngày chưa đúng, viết theo mẫu 2026-10-30.",
    "date_type": "Ngày chưa đúng, viết theo mẫu 2026-10-30.",
    "json_invalid": "JSON sai cú pháp.",
    "literal_error": "Chỉ nhận một trong: {expected}.",
    "enum": "Chỉ nhận một trong: {expected}.",
}


def sentence_of(error: Any) -> str:
    """The Vietnamese sentence of one pydantic error; our own validators' messages pass as they are."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    template = _SENTENCES.get(kind)
    return template.format(**context) if template else "Giá trị này không dùng được. Hãy kiểm tra lại."
