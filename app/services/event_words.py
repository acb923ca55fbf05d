"""What a stored event says to a person: its sentence with the codes and figures in it put in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.events import sentence_of
from app.text import format_date, format_number

_WORDS: dict[str, dict[Any, str]] = {
    "role": {
        "admin": "quản trị",
        "office": "văn phòng",
        "unit": "cán bộ đơn vị",
        "leader": "lãnh đạo",
        "inspector": "kiểm tra, giám sát",
        "province": "cấp trên",
        "lead": "chủ trì",
        "cooperate": "phối hợp",
        "advise": "tham mưu",
        "direct": "chỉ đạo",
        "monitor": "theo dõi, đôn đốc",
        "inspect": "kiểm tra, giám sát",
        "report": "báo cáo",
    },
    "state": {
        "pending": "chờ quyết định",
        "accepted": "nhận",
        "edited": "sửa và nhận",
        "split": "tách",
        "merged": "gộp",
        "rejected": "bỏ",
    },
    "comparator": {
        "gt": "trên",
        "gte": "ít nhất",
        "lt": "dưới",
        "lte": "không quá",
        "reach": "đạt",
        "between": "từ",
        "achieve": "đạt yêu cầu",
        "maintain": "duy trì",
    },
    "kind": {
        "late_joiner": "câu hỏi về đơn vị vào nhóm sau",
        "ended_member": "câu hỏi về đơn vị rời nhóm",
        "waive_request": "đề nghị không áp dụng",
    },
    "answer": {
        "added": "giao thêm việc",
        "left_out": "không giao trong kỳ này",
        "kept": "giữ nguyên việc",
        "cancelled": "hủy việc còn lại",
        "waived": "đồng ý",
        "refused": "không đồng ý",
    },
    "which": {"before": "sắp đến hạn", "after": "quá hạn"},
    "set_aside": {True: "có", False: "bỏ đánh dấu"},
}
_FIGURES = ("value", "value_to")
_DAYS = ("due_on", "due_on_before", "asked_due_on", "expires_on", "locks_on", "effective_on", "answer_by")


def say(kind: str, data: Mapping[str, Any]) -> str:
    """The Vietnamese sentence of a stored event."""
    return sentence_of(kind, {name: _in_words(name, value) for name, value in data.items()}).strip()


def _in_words(name: str, value: Any) -> Any:
    if name in _WORDS:
        return _WORDS[name].get(value, value)
    if name in _FIGURES:
        return format_number(Decimal(value))
    if name in _DAYS:
        return format_date(date.fromisoformat(value))
    return value
