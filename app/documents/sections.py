"""What a heading says its section is about, judged by the words plans use for it."""

import re

from app.text import fold

PURPOSE, OBJECTIVES, TASKS, ORGANISATION, BUDGET, OTHER = (
    "purpose",
    "objectives",
    "tasks",
    "organisation",
    "budget",
    "other",
)

_LONGEST_HEADING = 300
_ORGANISATION = re.compile(
    r"to chuc (?:trien khai )?thuc hien|to chuc trien khai|"
    r"phan cong (?:cu the )?(?:to chuc )?(?:thuc hien|trach nhiem|nhiem vu)(?: cu the)?|phan cong|"
    r"trach nhiem (?:to chuc )?(?:thuc hien|cua|cac)|giao (?:nhiem vu|trach nhiem)|"
    r"nhiem vu (?:cu the )?(?:cua|cho) (?:cac|tung) (?:don vi|co quan|so|to chuc|cap|nganh|dia phuong|chi bo|ban)|"
    r"nhiem vu cua cac|bien phap to chuc|to chuc,? trien khai|^cong tac to chuc$|^trach nhiem(?:, quyen han)?$|"
    r"^trien khai thuc hien$"
)
# Inside the tasks, "Tổ chức thực hiện công tác …" is a task; only the bare words open a list of organisations.
_SUB_ORGANISATION = re.compile(
    r"to chuc thuc hien(?: ke hoach| chuong trinh)?(?: nay)?$|phan cong|"
    r"trach nhiem (?:to chuc )?(?:thuc hien|cua|cac)|giao nhiem vu|nhiem vu cua cac"
)
_OBJECTIVES = re.compile(r"\b(?:muc tieu|chi tieu|tam nhin)\b")
_TASKS = re.compile(
    r"\b(?:nhiem vu|giai phap|noi dung|cong viec|bien phap|hoat dong trong tam|cac hoat dong|khau dot pha|cac du an|"
    r"chuong trinh cong tac|cac buoc tien hanh)\b"
)
_PURPOSE = re.compile(r"\b(?:muc dich|yeu cau|quan diem|phuong cham|nguyen tac|pham vi|doi tuong|can cu)\b")
_BUDGET = re.compile(r"^(?:kinh phi|nguon kinh phi|nguon von|nguon luc|du toan|co che tai chinh)")
_OTHER = re.compile(
    r"^(?:tinh hinh|thuc trang|dac diem|ket qua|danh gia|bo cuc|thoi gian|lo trinh|tien do|"
    r"che do (?:thong tin|bao cao)|thong tin,? bao cao|cong tac bao cao|bao cao|(?:cong tac )?kiem tra,? giam sat|"
    r"khen thuong|thi dua|so ket|dieu khoan|hieu luc|thanh phan)"
)


def classify(heading: str) -> str | None:
    """Kind of the section a top heading opens; None where its words say nothing we know."""
    if len(heading) > _LONGEST_HEADING:
        return None
    words = fold(heading).strip(" .:*")
    rest, found = _ORGANISATION.subn(" ", words)
    if _OTHER.match(words) and not found:
        return OTHER
    if _BUDGET.match(words) and not found:
        return BUDGET
    # "Nhiệm vụ, giải pháp, phân công trách nhiệm" is about tasks; its sub-headings may say otherwise.
    if found and not _TASKS.search(rest):
        return ORGANISATION
    if _TASKS.search(rest):
        return TASKS
    if _OBJECTIVES.search(rest):
        return OBJECTIVES
    return PURPOSE if _PURPOSE.search(rest) else None


def reclassify(heading: str, section: str | None) -> str | None:
    """Kind of a sub-heading's part: its section's, unless it begins with words that open another kind."""
    words = fold(heading[:_LONGEST_HEADING]).strip(" .:*")
    if section in (PURPOSE, BUDGET, OTHER):
        return section
    if section in (TASKS, None) and _SUB_ORGANISATION.match(words):
        return ORGANISATION
    if section in (TASKS, None) and re.match(r"(?:mot so )?(?:cac )?(?:muc tieu|chi tieu)\b", words):
        return OBJECTIVES
    if section in (OBJECTIVES, None) and re.match(r"(?:cac )?(?:nhiem vu|giai phap)\b", words):
        return TASKS
    return section
