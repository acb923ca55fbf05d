"""What a plan carries out: superior documents named in its title and in the sentences before its first heading."""

import re
from dataclasses import replace
from datetime import date

from app.documents.outline import Outline
from app.documents.references import REFERENCE, is_document_number, symbol_of
from app.documents.values import ImplementedRead
from app.documents.zones import kind_of
from app.text import fold

_LONGEST = 20_000
_KINDS = (
    ("chuong_trinh_hanh_dong", r"chương trình hành động"),
    ("chuong_trinh", r"chương trình"),
    ("nghi_quyet", r"nghị quyết"),
    ("chi_thi", r"chỉ thị"),
    ("ket_luan", r"kết luận"),
    ("ke_hoach", r"kế hoạch(?: hành động)?"),
    ("quyet_dinh", r"quyết định"),
    ("de_an", r"đề án"),
    ("huong_dan", r"hướng dẫn"),
    ("cong_dien", r"công điện"),
    ("cong_van", r"công văn|văn bản"),
    ("thong_bao", r"thông báo"),
    ("quy_dinh", r"quy định"),
)
_KIND = re.compile(
    r"(?:" + "|".join(f"(?P<{code}>{words})" for code, words in _KINDS) + r")\b", re.IGNORECASE
)
# Between the kind and the number: "số", or whose it is ("Kế hoạch của Tỉnh ủy số 35-KH/TU").
_BETWEEN = re.compile(r"(?:\s+của [^,;.]{2,60}?)?\s*(?:số:?\s*)?", re.IGNORECASE)
_CARRIES_OUT = re.compile(r"\b(?:thuc hien|trien khai|cu the hoa|quan triet|hanh dong)\b")
# A plan rests on these without carrying them out.
_ONLY_BASIS = ("quyet_dinh", "cong_van", "quy_dinh", "thong_bao")
_ASKED_BY = re.compile(r"\b(?:de nghi|to trinh)\b[^;]{0,120}$")
_DATE = re.compile(
    r"^[\s,]*(?:ban hành\s+)?ngày\s+"
    r"(?:(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})|(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4}))",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"^[\s,]*của\s+(?P<issuer>[A-ZĐÀ-Ỹ][^;.()]{2,90}?)"
    r"(?=\s*(?:,|;|\.|\(|$)|\s+(?:về|thực hiện|phê duyệt|ban hành|quy định|triển khai|"
    r"và (?:Nghị|Chương|Kế|Quyết|Chỉ|Kết)|"
    r"đã|sửa đổi|khóa|khoá|công bố|tại|để|nhằm|năm|giai đoạn))"
)


def read_implemented(outline: Outline, own_number: str | None) -> tuple[ImplementedRead, ...]:
    """In order of first mention; date and issuer from whichever mention writes them."""
    found: dict[str, ImplementedRead] = {}
    for text, is_title in _texts(outline):
        for mention in REFERENCE.finditer(text):
            number = symbol_of(mention.group())
            one = _implemented(text, mention, number, is_title=is_title)
            if one is None or not is_document_number(number) or number == own_number:
                continue
            known = found.get(number, one)
            found[number] = replace(
                known,
                kind=known.kind or one.kind,
                issuer=known.issuer or one.issuer,
                date=known.date or one.date,
            )
    return tuple(found.values())


def _texts(outline: Outline) -> list[tuple[str, bool]]:
    texts = [(p.text[:_LONGEST], True) for p in outline.passages if p.kind == "title"]
    header = [p.text for p in outline.passages if p.kind == "header"]
    decided = next((place for place, text in enumerate(header) if text.isupper() and kind_of(text)), None)
    if decided is not None:  # the preamble of the decision the plan is attached to
        texts.append((" ".join(header[decided:])[:_LONGEST], False))
    for clause in outline.clauses:
        if clause.is_heading or clause.is_list_item:
            break
        texts.append((clause.text[:_LONGEST], False))
    return texts


def _implemented(text: str, mention: re.Match[str], number: str, *, is_title: bool) -> ImplementedRead | None:
    before = text[max(0, mention.start() - 200) : mention.start()]
    code = _kind_before(before)
    if code is None and not is_title:
        return None
    carried_out = is_title or _CARRIES_OUT.search(fold(text[: mention.start()][-600:]))
    if _ASKED_BY.search(fold(before)) or (
        code in _ONLY_BASIS and not number.endswith("-TTg") and not carried_out
    ):
        return None
    after = text[mention.end() : mention.end() + 200]
    dated = _DATE.match(after)
    issuer = _ISSUER.match(after[dated.end() :] if dated else after)
    return ImplementedRead(
        number=number,
        kind=code,
        issuer=" ".join(issuer["issuer"].split()) if issuer else None,
        date=_day(dated) if dated else None,
    )


def _kind_before(before: str) -> str | None:
    """The nearest kind before the number; "Nghị quyết 71-NQ/TW" leaves "số" out."""
    kinds = list(_KIND.finditer(before))
    if kinds and _BETWEEN.fullmatch(before, kinds[-1].end()):
        return kinds[-1].lastgroup
    return None


def _day(found: re.Match[str]) -> date | None:
    day, month, year = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None
