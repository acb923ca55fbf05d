"""Lines that tell about a task: "Thời gian hoàn thành: …; Đơn vị chủ trì: …; Đơn vị phối hợp: …; Sản phẩm: …"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from app.documents.carriers import split_carriers, split_units
from app.documents.deadlines import read_deadline
from app.documents.organisations import begins_name
from app.documents.values import TaskRead

_LONGEST = 4000
_WHO = (
    r"(?:(?:các )?(?:cơ quan|đơn vị|bộ phận|cá nhân|người|tổ chức|đầu mối|cấp|đồng chí)"
    r"(?:, (?:cơ quan|đơn vị|cá nhân))?\s+)"
)
_DO = r"(?:\s+(?:thực hiện|triển khai|tham mưu|giải quyết))?"
_LABELS = (
    ("both", rf"{_WHO}?chủ trì(?:,| và|/)\s*phối hợp{_DO}"),
    (
        "lead",
        rf"{_WHO}(?:chủ trì|thực hiện|phụ trách|tham mưu|đầu mối|chịu trách nhiệm|đề xuất|chủ quản|theo dõi){_DO}",
    ),
    ("lead", rf"(?:chủ trì{_DO}|phân công(?: thực hiện| nhiệm vụ)?|phụ trách|trách nhiệm thực hiện|đầu mối)"),
    ("cooperating", rf"(?:{_WHO}|các đơn vị )?(?:phối hợp|cùng thực hiện){_DO}|{_WHO}(?:liên quan|hỗ trợ)"),
    (
        "deadline",
        r"thời (?:gian|hạn)(?:\s+(?:hoàn thành|thực hiện|triển khai|tổ chức|bắt đầu|báo cáo|trình|xong|áp dụng))*",
    ),
    ("deadline", r"(?:tiến độ|hạn hoàn thành|lộ trình|thời điểm|hoàn thành)(?:\s+(?:hoàn thành|thực hiện))?"),
    (
        "product",
        r"(?:sản phẩm|kết quả)(?:(?:,| và|/)?\s+(?:đầu ra|dự kiến|hoàn thành|đạt được|thực hiện|cần đạt|kết quả))*",
    ),
    (
        "other",
        r"(?:địa điểm|thành phần|hình thức|kinh phí(?: thực hiện)?|nguồn kinh phí|đối tượng|số lượng|"
        r"nội dung|cách thức)",
    ),
)
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[;.,(\-–+*•]\s)|(?<=[;.,(\-–+*•])|(?<=\s\())"
    r"(?:" + "|".join(f"(?P<{kind}{place}>{words})" for place, (kind, words) in enumerate(_LABELS)) + r")"
    r"(?:\s*\([^()]{0,60}\))?\s*:\s*",
    re.IGNORECASE,
)
# "Sở Y tế chủ trì, phối hợp với Sở Tài chính" as a value.
_LEADS = re.compile(
    r"(?P<lead>[^;:]{3,200}?)\s+chủ trì(?:[,;]?\s*(?:phối hợp(?: với)?|cùng(?: với)?)\s+(?P<others>.{3,600}))?"
)
_BARE = re.compile(r"(?:chủ trì|phối hợp|phụ trách|phân công|đầu mối)", re.IGNORECASE)
# "(Sở Y tế chủ trì, phối hợp với …; hoàn thành trong quý II/2026)" behind the task's own words.
_BRACKETS = re.compile(r"\((?P<inside>[^()]{8,400})\)[\s.;]*$")
_IN_BRACKETS = re.compile(
    r"(?:(?P<lead>[^,;:]{3,160}(?:, [^,;:]{3,80}){0,3}?)\s+chủ trì"
    r"(?:[,;]?\s+phối hợp(?: với)?\s+(?P<others>[^;:]{3,200}?))?)?"
    r"(?:(?:^|[,;]\s+)(?P<when>(?:hoàn thành|thời gian|xong|thực hiện|trước|trong)\b[^:;]{3,90}))?"
)
# "Nội dung: …" alone opens a task as often as it describes one.
_TELLING = ("both", "lead", "cooperating", "deadline", "product")
_ENDS = " \t;.,*_-–+•"


def describes(text: str) -> bool:
    """Whether the whole clause tells about another one: its first words are such a label."""
    text = _opened(text)
    found = _LABEL.match(text)
    return found is not None and _kind(found) in _TELLING and _is_label(found, text)


def belongs_to_description(text: str) -> bool:
    """Whether it may stand among such lines: "Địa điểm: …", "Kinh phí: …" do."""
    return _LABEL.match(_opened(text)) is not None


def with_descriptions(task: TaskRead, texts: Iterable[str]) -> TaskRead:
    """The task with who, when and what for out of its own words and the lines below it; what is said first counts."""
    for text in texts:
        for kind, value in _fields(text) or _bracketed(text):
            task = _filled(task, kind, value)
    return task


def _bracketed(text: str) -> list[tuple[str, str]]:
    brackets = _BRACKETS.search(text[-420:])
    said = _IN_BRACKETS.fullmatch(brackets["inside"].strip()) if brackets else None
    if said is None:
        return []
    found = (
        [("lead", said["lead"]), ("cooperating", said["others"])] if begins_name(said["lead"] or "") else []
    )
    if said["when"] and read_deadline(said["when"]).kind != "unknown":
        found.append(("deadline", said["when"]))
    return [(kind, value.strip()) for kind, value in found if value]


def _filled(task: TaskRead, kind: str, value: str) -> TaskRead:
    if kind == "lead" and (said := _LEADS.fullmatch(value)):
        kind, value = "both", f"Chủ trì: {said['lead']}; phối hợp: {said['others'] or ''}"
    if kind == "lead" and not task.lead:
        return replace(task, lead=split_units(value))
    if kind == "cooperating" and not task.cooperating:
        return replace(task, cooperating=split_units(value))
    if kind == "both" and not task.lead:
        lead, cooperating = split_carriers(value)
        return replace(task, lead=lead, cooperating=task.cooperating or cooperating)
    if kind == "deadline" and task.deadline is None:
        return replace(task, deadline=read_deadline(value))
    if kind == "product" and task.product is None:
        return replace(task, product=value)
    return task


def _fields(text: str) -> list[tuple[str, str]]:
    text = _opened(text)
    labels = [label for label in _LABEL.finditer(text) if _is_label(label, text)]
    if not any(_kind(label) in _TELLING for label in labels):
        return []
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found = ((_kind(label), _value(text[label.end() : end])) for label, end in zip(labels, ends, strict=True))
    return [(kind, value) for kind, value in found if kind in _TELLING and value]


def _is_label(label: re.Match[str], text: str) -> bool:
    """ "Phối hợp: các chi bộ" names somebody; "Phối hợp: triển khai …" is work."""
    if not _BARE.match(label.group()):
        return True
    return begins_name(text[label.end() : label.end() + 80].lstrip("*_ "))


def _value(words: str) -> str:
    words = words.strip(_ENDS + "(")
    return words.rstrip(") ") if words.count(")") > words.count("(") else words


def _kind(label: re.Match[str]) -> str:
    return (label.lastgroup or "").rstrip("0123456789")


def _opened(text: str) -> str:
    return text[:_LONGEST].strip().lstrip("(*_ ")
