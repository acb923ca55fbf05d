"""Header, title, preamble and signature → the document's facts. What is not written stays None."""

import re
from datetime import date

from app.documents.lineage import read_implemented
from app.documents.outline import Outline
from app.documents.references import find_references
from app.documents.values import DocumentFacts, Passage
from app.documents.zones import kind_of
from app.text import compare_key, fold

_SPACED = re.compile(r"\s+")
_NUMBER = re.compile(r"Số\s*:?\s*(\d{1,5}\s*[-/][^\s()*|]+(?:\s?[-/]\s?[^\s()*|]+)*)", re.IGNORECASE)
_DATE = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_NATIONAL = re.compile(
    r"cong hoa xa hoi|hoi chu nghia|chu nghia viet nam|doc lap|dang cong san|^so\s*[:\d]|^so$|"
    r"^doan (?:tncs|thanh nien cong san) ho chi minh|^\W*$"
)
_ISSUES = re.compile(
    r"(?P<issuer>(?:Ban Thường vụ|Ban Chấp hành|Ban Thường trực|Đảng (?:ủy|uỷ)|(?:Ủy|Uỷ) ban|UBND|Thường trực|Chi bộ|"
    r"Đảng bộ|Hội đồng nhân dân|HĐND|Hội|Đoàn|Ban)\b[^.;:]{0,140}?)\s*,?\s*(?:xây dựng|ban hành|đề ra)\s+"
    r"(?:và\s+\w+\s+\w+\s+)?(?:kế hoạch|chương trình|nghị quyết|đề án|hướng dẫn)",
    re.IGNORECASE,
)
_HEADS_OF_ISSUERS = re.compile(
    r"(?:ỦY BAN|UỶ BAN|UBND|ĐẢNG ỦY|ĐẢNG UỶ|ĐẢNG BỘ|HĐND|HỘI|BAN(?! HÀNH)|CHI BỘ|ĐOÀN|SỞ|PHÒNG|MẶT TRẬN|MTTQ|"
    r"TỈNH (?:ỦY|UỶ|ĐOÀN)|"
    r"THÀNH (?:ỦY|UỶ|ĐOÀN)|XÃ ĐOÀN|PHƯỜNG ĐOÀN|LIÊN ĐOÀN|CÔNG ĐOÀN|CÔNG AN|BỘ CHỈ HUY|TRƯỜNG|TRUNG TÂM|VĂN PHÒNG|"
    r"CHI CỤC|CỤC|"
    r"BỆNH VIỆN|TÒA ÁN|VIỆN|ĐẢNG ĐOÀN|TRẠM|THANH TRA)\b"
)
_STANDING = re.compile(r"BAN (?:THƯỜNG VỤ|THƯỜNG TRỰC|CHẤP HÀNH)")
_PLACE = r"(?:xã|phường|đặc khu|thị trấn|tỉnh|thành phố|huyện|quận)"
# "tỉnh ủy" is an office, "tỉnh Phú Sơn" a place.
_PLACE_NAME = re.compile(rf"\b({_PLACE}(?: (?:ủy|uỷ))?|(?:thành|thị)(?: ủy| uỷ|(?= đoàn))) (.+)$")
_SCHOOL_NAME = re.compile(
    rf"((?:THCS|THPT|tiểu học|mầm non|mẫu giáo)(?: và (?:THCS|THPT))?) ((?:(?!{_PLACE}\b)\S+ ?)+)"
)
_NAMES = (
    "Sở Giáo dục và Đào tạo",
    "Sở Khoa học và Công nghệ",
    "Sở Nông nghiệp và Môi trường",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Dân tộc và Tôn giáo",
    "Sở Tài chính",
    "Sở Nội vụ",
    "Sở Y tế",
    "Sở Xây dựng",
    "Sở Tư pháp",
    "Sở Công Thương",
    "THCS",
    "THPT",
    "UBND",
    "HĐND",
    "TNCS",
    "Hội LHPN",
    "LHPN",
    "Hội Liên hiệp Phụ nữ",
    "Hội Nông dân",
    "Đảng",
    "Mặt trận Tổ quốc",
    "Việt Nam",
    "MTTQ",
    "Cộng sản",
    "Hồ Chí Minh",
)
_BODIES = (
    "Ban Thường vụ",
    "Ban Chấp hành",
    "Ban Thường trực",
    "Ủy ban",
    "Uỷ ban",
    "Hội đồng nhân dân",
    "Ủy ban Kiểm tra",
)
_PERSON = re.compile(r"(?:[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ][\wà-ỹ]*\s+){1,5}[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ][\wà-ỹ]*")


def read_facts(outline: Outline) -> DocumentFacts:
    passages = outline.passages
    header = [p for p in passages if p.kind == "header"]
    title = next((p for p in passages if p.kind == "title"), None)
    number = _number(header)
    references = dict.fromkeys(reference.symbol for reference in find_references(passages))
    return DocumentFacts(
        title=title.text if title else None,
        kind=kind_of(title.text) if title else None,
        issuer=_issuer(header, title, outline),
        number=number,
        date=_date(header),
        references=tuple(symbol for symbol in references if symbol != number),
        signed_as=_signed_as(passages),
        signed_by=_signed_by(passages),
        distribution=_distribution(passages),
        implements=read_implemented(outline, number),
    )


def _number(header: list[Passage]) -> str | None:
    for passage in header:
        found = _NUMBER.search(passage.text)
        if found:
            return _SPACED.sub("", found.group(1)).strip(".,;*")
    return None


def _date(header: list[Passage]) -> date | None:
    for passage in header:
        found = _DATE.search(passage.text)
        if found:
            day, month, year = (int(part) for part in found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def _issuer(header: list[Passage], title: Passage | None, outline: Outline) -> str | None:
    """The header's own line first; then the preamble's "… ban hành Kế hoạch"; then the title's "của …"."""
    place = _place_name(header, title, outline)
    named = _issuer_in_header(header) or _issuer_in_preamble(outline)
    if named is None and title is not None:
        found = re.search(r"\bcủa (.{4,90}?)(?= (?:thực hiện|về|triển khai)\b|$)", title.text, re.IGNORECASE)
        named = found.group(1) if found else None
    if named is None:
        return None
    name = _in_sentence_case(named)
    level = re.search(rf"\b{_PLACE}$", name, re.IGNORECASE)
    if level and place and place.lower().startswith(level.group().lower()):
        name = name[: level.start()] + place
    return name


def _issuer_in_header(header: list[Passage]) -> str | None:
    lines: list[str] = []
    for passage in header:
        words = passage.text.strip(" *_-|")
        if kind_of(words) and words.upper() == words:
            break  # a decision, of which the plan is a part, names its signer's office further down
        if _NATIONAL.search(fold(words)) or _DATE.search(words) or re.search(r"\bngày\b", words):
            continue
        if words[:1].isalpha() and words.upper() == words:
            lines.append(words)
    if not lines:
        return None
    begins = [i for i, line in enumerate(lines) if _HEADS_OF_ISSUERS.match(line)]
    standing = [i for i in begins if _STANDING.match(lines[i])]
    if standing and _HEADS_OF_ISSUERS.search(_STANDING.sub("", lines[standing[-1]])):
        return " ".join(lines[standing[-1] :])  # what stands above is the body over it
    if standing and standing[-1] > 0:
        before = _last_body(lines[: standing[-1]])
        return " ".join([lines[standing[-1]], *before])
    return " ".join(_last_body(lines)) if begins else None


def _last_body(lines: list[str]) -> list[str]:
    begins = [i for i, line in enumerate(lines) if _HEADS_OF_ISSUERS.match(line)]
    return lines[begins[-1] :] if begins else lines


def _issuer_in_preamble(outline: Outline) -> str | None:
    for clause in outline.clauses[:8]:
        mentions = list(_ISSUES.finditer(clause.text))
        if mentions:
            words = mentions[-1].group("issuer")
            last = re.split(r"[,;.]\s+", words)[-1].strip()
            return re.sub(r"\s*\([^()]*\)", "", last)
    return None


def _place_name(header: list[Passage], title: Passage | None, outline: Outline) -> str | None:
    """The issuer's own place with its proper name, e.g. "xã Tân Quang"."""
    texts = [clause.text for clause in (*outline.clauses[:4], *outline.clauses[-3:])]
    pattern = re.compile(rf"\b({_PLACE}(?:\s[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ][\wà-ỹ]*){{1,4}})")
    for text in texts:
        found = [
            m for m in pattern.finditer(text) if re.search(r"(?:ủy|uỷ|dân|Nam|bộ|bàn)\s*$", text[: m.start()])
        ]
        if found:
            return found[-1].group(1)
    return None


def _in_sentence_case(name: str) -> str:
    """ "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI" → "Ủy ban nhân dân thành phố Hà Nội"; mixed case stays as written."""
    name = " ".join(name.split())
    if name.upper() != name:
        return name[0].upper() + name[1:]
    text = name.lower()
    for proper in _NAMES:
        text = re.sub(rf"\b{proper}\b", proper, text, flags=re.IGNORECASE)
    text = _PLACE_NAME.sub(lambda m: f"{m.group(1)} {m.group(2).title()}", text)
    text = _SCHOOL_NAME.sub(lambda m: f"{m.group(1)} {m.group(2).title()}", text)
    for body in _BODIES:
        text = re.sub(rf"\b{body}\b", body, text, flags=re.IGNORECASE)
    return text[0].upper() + text[1:]


def _signed_as(passages: tuple[Passage, ...]) -> str | None:
    words = [p.text.strip("*_ ") for p in passages if p.kind == "signature"]
    offices = [w for w in words if w.upper() == w and any(c.isalpha() for c in w)]
    return ", ".join(offices) or None


def _signed_by(passages: tuple[Passage, ...]) -> str | None:
    for passage in reversed([p for p in passages if p.kind == "signature"]):
        words = passage.text.strip("*_ .")
        if words.upper() != words and _PERSON.fullmatch(words):
            return words
    return None


def _distribution(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    listed = [p.text for p in passages if p.kind == "recipients"]
    names = (re.sub(r"^[-–+•*\s]+", "", text).strip(" .;,*_|") for text in listed)
    return tuple(name for name in names if name and compare_key(name).rstrip(": ") != "nơi nhận")
