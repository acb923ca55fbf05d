"""Where a document's header, title, body, closing (recipients, signature) and annexes begin.

Every issuer's form has these parts in this order; a part that is missing is empty.
"""

import re
from dataclasses import dataclass

from app.documents.lines import Layout, Line
from app.documents.markers import NUMBER, ROMAN, bare, find_marker
from app.text import fold

KINDS = {
    "CHƯƠNG TRÌNH HÀNH ĐỘNG": "chuong_trinh_hanh_dong",
    "CHƯƠNG TRÌNH": "chuong_trinh",
    "KẾ HOẠCH": "ke_hoach",
    "NGHỊ QUYẾT": "nghi_quyet",
    "QUYẾT ĐỊNH": "quyet_dinh",
    "CHỈ THỊ": "chi_thi",
    "KẾT LUẬN": "ket_luan",
    "HƯỚNG DẪN": "huong_dan",
    "ĐỀ ÁN": "de_an",
    "PHƯƠNG ÁN": "phuong_an",
    "THÔNG BÁO": "thong_bao",
    "BÁO CÁO": "bao_cao",
    "QUY CHẾ": "quy_che",
    "CÔNG VĂN": "cong_van",
}
_HEADER_LINES = 80
_TITLE_LETTERS, _TITLE_LINES = 700, 14
_PREAMBLE = re.compile(r"(can cu|kinh gui|xet |nham |sau khi |theo de nghi)")
# "Thực hiện Nghị quyết …" may be a title's second line or the preamble's first: the preamble soon says "như sau".
_OPENS_PREAMBLE = re.compile(
    r"(?:Thực hiện|Triển khai|Tiếp tục|Để|Trên cơ sở|Nhằm|Ngày|Trong|Ban |Ủy ban|Uỷ ban|UBND)"
)
_SOON_SAYS = re.compile(
    r"^[^:]{0,1800}(?:nhu sau|noi dung (?:chinh |cu the )?sau|xay dung ke hoach|ban hanh)[^:]{0,300}:"
)
_LOOK_AHEAD = 24
_RULE = re.compile(r"[-_=*—–]{3,}")
_BODY_VERB = re.compile(r"(xay dung|ban hanh) (ke hoach|chuong trinh)|nhu sau")
_ATTACHED = re.compile(r"\(\s?(?:ban hanh )?kem theo (?:quyet dinh|nghi quyet|chi thi|cong van|van ban)")
_ATTACHED_KINDS = ("ke_hoach", "chuong_trinh", "chuong_trinh_hanh_dong", "de_an", "phuong_an")
_ATTACHED_WITHIN = 12
_RECIPIENTS = re.compile(r"noi nhan\b")
_SIGNATURE = re.compile(
    r"(?:T\s?/\s?M|TM|KT|TL|TUQ|T\.M|K\.T|T\.L)\b\.?\s*[A-ZĐÀ-Ỹ]|"
    r"(?:PHÓ\s)?(?:CHỦ TỊCH|BÍ THƯ|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|GIÁM ĐỐC|HIỆU TRƯỞNG|CHỦ NHIỆM)\b"
)
# The heading that footnotes get when they are put behind a document's end.
FOOTNOTES = "CHÚ THÍCH CUỐI TRANG"
_ANNEX = re.compile(rf"(?:{FOOTNOTES}|PHỤ LỤC|PHỤ BIỂU|BIỂU SỐ|MẪU SỐ|Phụ lục)\b")


@dataclass(frozen=True, slots=True)
class Zones:
    """Indexes into the list of lines: header [0, title), title [title, body), body [body, closing), …

    A plan attached to a decision has the decision for its header: [decision_end, title) is how that one closes.
    """

    title: int
    body: int
    closing: int
    annex: int
    decision_end: int


def find_zones(lines: list[Line], layout: Layout) -> Zones:
    title = _find_title(lines)
    attached = _find_attached(lines, title) if title is not None else None
    decision_end = _decision_end(lines, title or 0, attached) if attached else None
    title = attached or title
    body = _find_body(lines, title, layout) if title is not None else _skip_header(lines)
    annex = next((i for i in range(body, len(lines)) if _is_annex(lines[i])), len(lines))
    closing = next((i for i in range(body, annex) if _is_closing(lines[i])), annex)
    first = title if title is not None else body
    return Zones(first, body, closing, annex, first if decision_end is None else decision_end)


def kind_of(title_line: str) -> str | None:
    """ "KẾ HOẠCH" → "ke_hoach"; None where the line names no kind of document."""
    words = bare(title_line).strip("| ").upper()
    return next((code for phrase, code in KINDS.items() if re.match(rf"{phrase}\b", words)), None)


def is_recipients(text: str) -> bool:
    return bool(_RECIPIENTS.match(fold(text.strip("|*_ "))))


def is_signature(text: str) -> bool:
    words = text.strip("|*_ ")
    return len(words) < 80 and words.upper() == words and bool(_SIGNATURE.match(words))


def _find_title(lines: list[Line]) -> int | None:
    for i, line in enumerate(lines[:_HEADER_LINES]):
        words = bare(line.text).strip("| ")
        alone = len(words.split()) <= 4 and fold(words) in {fold(phrase) for phrase in KINDS}
        if (words.isupper() or alone) and kind_of(words):
            return i
        if (marker := find_marker(words)) and marker.rank <= ROMAN:
            return None
    return None


def _find_attached(lines: list[Line], title: int) -> int | None:
    """ "KẾ HOẠCH … (Ban hành kèm theo Quyết định số …)" behind the decision that issues it."""
    for i in range(title + 1, len(lines)):
        words = bare(lines[i].text).strip("| ")
        if words.isupper() and kind_of(words) in _ATTACHED_KINDS:
            below = " ".join(bare(line.text) for line in lines[i : i + _ATTACHED_WITHIN])
            if _ATTACHED.search(fold(below)):
                return i
    return None


def _decision_end(lines: list[Line], title: int, attached: int) -> int:
    """Where the decision's recipients and signature begin; its own end where it has none."""
    return next((i for i in range(title, attached) if is_recipients(lines[i].text)), attached)


def _skip_header(lines: list[Line]) -> int:
    """Without a title, the header is what stands before the first long line or numbered clause."""
    for i, line in enumerate(lines[:_HEADER_LINES]):
        words = bare(line.text)
        marker = find_marker(words)
        opens = (marker and marker.rank <= NUMBER) or _is_annex(line)
        if opens or len(words) > 120 or _PREAMBLE.match(fold(words)):
            return i
    return 0


def _find_body(lines: list[Line], title: int, layout: Layout) -> int:
    letters, place = 0, _ruled_title_end(lines, title) or title
    while place < len(lines) and place - title < _TITLE_LINES:
        end = _chunk_end(lines, place, layout)
        chunk = " ".join(bare(line.text) for line in lines[place:end])
        letters += len(chunk)
        if place > title and (letters > _TITLE_LETTERS or not _may_be_title(chunk)):
            return place
        if place > title + 1 and (_is_ruled_off(lines, title, place) or _opens_preamble(lines, place)):
            return place
        place = end
    return place


def _ruled_title_end(lines: list[Line], title: int) -> int | None:
    """Behind the line of dashes under a title whose lines are parts of one phrase, commas at their ends included."""
    for place in range(title + 1, min(title + _TITLE_LINES, len(lines))):
        words = bare(lines[place].text)
        if _RULE.fullmatch(lines[place].text):
            return place + 1 if any(not line.is_ornament for line in lines[title + 1 : place]) else None
        marker = find_marker(words)
        if (
            (marker and marker.rank <= NUMBER)
            or _PREAMBLE.match(fold(words))
            or words.endswith((".", ":", ";"))
        ):
            return None
    return None


def _is_ruled_off(lines: list[Line], title: int, place: int) -> bool:
    """Behind a line of dashes that closes a title of at least two lines."""
    before = lines[title + 1 : place]
    return bool(_RULE.fullmatch(lines[place - 1].text)) and any(not line.is_ornament for line in before)


def _opens_preamble(lines: list[Line], place: int) -> bool:
    words = bare(lines[place].text)
    if words.isupper() or not _OPENS_PREAMBLE.match(words):
        return False
    ahead: list[str] = []
    for line in lines[place : place + _LOOK_AHEAD]:
        text = bare(line.text)
        if (marker := find_marker(text)) and marker.rank <= NUMBER:
            break
        ahead.append(text)
    return bool(_SOON_SAYS.match(fold(" ".join(ahead))))


def _chunk_end(lines: list[Line], place: int, layout: Layout) -> int:
    if not layout.has_blank_lines:
        return place + 1
    end = place + 1
    while end < len(lines) and not lines[end].gap and not find_marker(bare(lines[end].text)):
        end += 1
    return end


def _may_be_title(chunk: str) -> bool:
    words = chunk.strip("*_- |#")
    marker = find_marker(words)
    if (marker and marker.rank <= NUMBER) or _PREAMBLE.match(fold(words)):
        return False
    if not words or (words.startswith("(") and words.endswith(")")) or words.isupper():
        return True
    return len(words) <= 300 and words[-1] not in ".;:," and not _BODY_VERB.search(fold(words))


def _is_closing(line: Line) -> bool:
    return (len(line.text) < 200 and is_recipients(line.text)) or is_signature(line.text)


def _is_annex(line: Line) -> bool:
    words = bare(line.text).strip("| ")
    return bool(_ANNEX.match(words)) and len(words) < 40 and not words.endswith((".", ";", ","))
