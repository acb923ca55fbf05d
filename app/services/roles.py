"""What the verbs of a duty say about its carrier: a first proposal for the office, never more. Pure functions."""

import re

from app.text import fold

# The verb that stands first decides: "chủ trì, phối hợp với …" leads, "phối hợp với … tham mưu" cooperates. Whoever
# is named alone under its heading and given plain work leads it.
_VERBS = (
    ("lead", re.compile(r"\bchu tri\b|\bla dau moi\b|\blam dau moi\b")),
    ("cooperate", re.compile(r"\bphoi hop\b")),
    ("advise", re.compile(r"\btham muu\b")),
    ("direct", re.compile(r"\b(?:lanh dao|chi dao)\b")),
    ("inspect", re.compile(r"\b(?:kiem tra|giam sat|phan bien|thanh tra)\b")),
    ("monitor", re.compile(r"\b(?:theo doi|don doc)\b")),
    ("report", re.compile(r"\bbao cao\b")),
)
# Words that may stand before the verb: who is meant, how often, by what.
_OPENING = re.compile(
    r"^(?:[-+*–•\d.)\s]*)(?:(?:de nghi|yeu cau|giao|thuong xuyen|dinh ky|hang (?:nam|thang|quy|tuan)|tiep tuc|chu dong|"
    r"tang cuong|truc tiep|co trach nhiem|co nhiem vu|kip thoi|tich cuc|cung|tong hop|tong hop ket qua|thuc hien|"
    r"to chuc|chuc nang|tap trung|lam tot cong tac|thuc hien tot cong tac|cong tac)[,:\s]+)*"
)
_THROUGH = re.compile(
    r"báo cáo(?:\s+(?:kết quả|định kỳ|về|lên|với))*\s+(?P<to>[^.;:]{0,120}?)\s*\(?\s*(?:thông )?qua\s+"
    r"(?P<through>(?:[A-ZĐ]|phòng|văn phòng|ban|ủy ban|uỷ ban)[^.;:,()]{2,90}?)"
    r"(?=\s+(?:để|về|tổng hợp|theo dõi|trước|định kỳ)|[.;:,()]|$)",
    re.IGNORECASE,
)


def role_of(text: str) -> str:
    """A code of app.models.task.RESPONSIBILITY_ROLES."""
    folded = fold(text)
    opening = _OPENING.match(folded)
    rest = folded[opening.end() :] if opening else folded
    found = next((role for role, pattern in _VERBS if pattern.match(rest)), "lead")
    leads_later = _VERBS[0][1].search(folded.split(";")[0])
    return "lead" if found == "cooperate" and leads_later else found


def reported_through(text: str) -> str | None:
    """Through whom the text says that reports go ("báo cáo Thường trực Đảng ủy qua Văn phòng Đảng ủy")."""
    found = _THROUGH.search(text)
    return found["through"].strip() if found else None
