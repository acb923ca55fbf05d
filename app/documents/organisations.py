"""Names of organisations: where one begins, where it ends and the duty starts, and whether it means many.

A name begins with a head noun ("Ban", "Phòng", "Các chi bộ") and ends at a colon, at bold's end or at the first
verb. Verbs inside names are told apart by their capital ("Sở Xây dựng") or by standing right behind a head that
needs one ("Ban chỉ đạo", "Hội đồng phối hợp").
"""

import re
from dataclasses import dataclass

from app.documents.organisation_words import HEADS, KNOWN, NOT_A_NAME, STRONG, VERBS

_LONGEST_NAME = 60
_PREFIX = re.compile(
    r"(?:\W*(?:(?:Trân trọng|Kính)\s+)?(?P<ask>đề nghị|kiến nghị)|(?:đồng thời,?\s+)?"
    r"(?:(?:UBND|(?:Ủy|Uỷ) ban nhân dân|Chủ tịch UBND|Ban Thường vụ|Thường trực|Đảng (?:ủy|uỷ)|Ban Thường trực)"
    r"[^,;.:]{0,50}?\s)?"
    r"(?:giao(?: (?:nhiệm vụ|trách nhiệm|trực tiếp))?(?: cho)?|"
    r"yêu cầu|phân công(?: nhiệm vụ)?(?: cho)?|đối với|trách nhiệm của|nhiệm vụ của|về phía|"
    r"(?:cơ quan|đơn vị) (?:chủ trì|phối hợp|thường trực)(?: thực hiện)?:))\s+(?=\S)",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"(?:{HEADS})(?![\w])", re.IGNORECASE)
_STRONG_START = re.compile(rf"(?:{STRONG})(?!\w)", re.IGNORECASE)
_VERB_START = re.compile(rf"(?:{VERBS})(?!\w)")
_NEEDS_COMPLEMENT = re.compile(
    r"(?:ban|tổ|đội|hội đồng|hội|trung tâm|quỹ|câu lạc bộ|bộ phận|ban chấp hành|tiểu ban|nhóm|đoàn)$",
    re.IGNORECASE,
)
_GENERIC = "chi bộ|đảng bộ|thôn|bản|xóm|ấp|tổ dân phố|khu dân cư|khu phố|trường|trường học|cơ sở giáo dục"
_MEMBERS = (
    "đảng bộ|chi bộ|chi ủy|chi uỷ|cấp ủy|cấp uỷ|chi đảng bộ|chi, đảng bộ|thôn|bản|xóm|ấp|tổ dân phố|tổ|khu dân cư|"
    "khu phố|xã|phường|"
    "đặc khu|trường|nhà trường|cơ sở|cơ quan|đơn vị|phòng|ban|ngành|sở|bộ|hội|đoàn thể|tổ chức|doanh nghiệp|hợp tác xã|"
    "hộ|địa phương|cấp|lực lượng|thành viên|đồng chí|đ/c|phó|chuyên viên|công ty|chi hội|chi đoàn|ủy ban|uỷ ban|"
    "ban,|nhà máy"
)
_MEMBER = re.compile(rf"(?:{_MEMBERS})\b", re.IGNORECASE)
_MANY = (
    re.compile(r"^(?:các|những|toàn thể|tất cả|mỗi|từng|tập thể)\b", re.IGNORECASE),
    re.compile(
        rf"(?<!quản lý )(?<!Quản lý )(?<!^đảng ủy )(?<!^đảng uỷ )\bcác (?:{_MEMBERS})\b", re.IGNORECASE
    ),
    re.compile(r"^(?:sở|ban|phòng), ", re.IGNORECASE),
    re.compile(r"\bvà (?:đoàn thể|các đoàn thể|tổ chức chính trị)", re.IGNORECASE),
    re.compile(
        r"\b(?:xã, phường|phường, xã|cấp xã|thôn, (?:bản|tổ|xóm)|xã, thị trấn|bản, (?:thôn|tổ))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:bí thư |trưởng |ban công tác mặt trận |chi bộ |cấp ủy )?(?:{_GENERIC})(?=,|$| và | trực thuộc)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:doanh nghiệp|hộ gia đình|người dân|nhân dân|đảng viên|cán bộ, đảng viên|cơ quan, đơn vị)\b",
        re.IGNORECASE,
    ),
)
# "Đảng ủy Mặt trận Tổ quốc và các đoàn thể tỉnh" is one committee, "Đảng ủy các xã, phường" are many.
_ONE_COMMITTEE = re.compile(
    r"Đảng (?:ủy|uỷ)"
    r"(?! (?:các )?(?:xã, |phường, |đặc khu, |(?:xã|phường|thôn|chi bộ|cơ sở|cấp|trực thuộc)\b(?: trực|$|,)))"
    r"(?![^,;]*[,;] (?:các )?(?:Đảng|Chi|chi|đảng))",
    re.IGNORECASE,
)
_PLACE_WITHIN = 160
_PLACE_END = re.compile(
    r"(?<!\w)(?:xã|phường|tỉnh|thành phố|đặc khu|Đảng ủy|Đảng uỷ|trường học)"
    r"(?=\s+[a-zà-ỹđ])(?!\s+(?:và|có|liên|trên|thuộc|trực|của|với|các|ở|tại|đóng|phụ|theo|cấp|hội|khác|nhân|dân|là)\b)"
)
_WORD = re.compile(r"\S+")
_STOP = re.compile(r":(?=\s|$)|\.\s+(?=[A-ZĐÀ-Ỹ])")
_MEMBER_LIST = re.compile(r"\s+[A-ZĐÀ-Ỹ][^:;.]{2,40}?(?:, | và |; )(?=[A-ZĐÀ-Ỹ])")
_ENCLOSED = re.compile(r"“[^”]{0,200}”|\"[^\"]{0,200}\"|\([^()]{0,200}\)")
# "…, lãnh đạo các ban Đảng" are people.
_LEADERS = re.compile(
    r"lãnh đạo (?:các|chủ chốt|cơ quan|đơn vị|sở|phòng|ban|UBND|HĐND|Đảng ủy|Ủy ban|Uỷ ban|xã|phường|cấp)\b"
)
# "Các đơn vị được giao chủ trì …" says which units are meant.
_ASSIGNED = re.compile(r"được (?:giao|phân công)(?: nhiệm vụ)?(?: (?:chủ trì|phối hợp|phụ trách))?(?!\w)")
_KNOWN_NAME = re.compile(
    rf"(?:{KNOWN})(?: (?:tỉnh|thành phố|xã|phường|đặc khu|Đảng ủy|Tỉnh ủy|Thành ủy))?"
    r"(?=\s+[a-zà-ỹđ])(?!\s+(?:và|của)\b)"
)
# "Các Sở: Tài chính, Nội vụ, Y tế" lists its members behind the colon.
_LISTED = re.compile(
    r"(?:sở|ngành|ban|phòng|hội|đoàn thể|chi cục|đơn vị|xã|phường|trường|cơ quan|tổ chức):$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation found at the start of a clause; `rest` is what the clause goes on to say."""

    name: str
    rest: str
    is_requested: bool


def find_organisation(text: str, *, lead: str = "", is_heading: bool = False) -> Named | None:
    """The organisation a clause begins with, or None. `lead`: the clause's bold opening words."""
    text, requested = _without_prefix(text)
    if not begins_name(text):
        return None
    lead = _without_prefix(lead)[0].strip(" .:;,")
    if lead and text.startswith(lead) and not find_verb(lead):
        return _named(lead, text[len(lead) :], requested)
    end = _name_end(text, is_heading=is_heading)
    if end is None:
        return None
    return _named(text[:end], text[end:], requested)


def is_organisation_name(text: str) -> bool:
    """Whether the whole text is a name, as a heading over a unit's duties is."""
    words = text.strip(" .:*")
    name, _ = _without_prefix(words)
    return begins_name(name) and len(name.split()) <= 25 and not _strong_verb(name) and ". " not in name


def begins_name(text: str) -> bool:
    """Whether the first words can open an organisation's name."""
    return bool(_HEAD.match(text)) and not NOT_A_NAME.match(text)


def is_group_name(name: str) -> bool:
    """Whether the name means an open or plural set ("Các chi bộ thôn", "Ủy ban nhân dân xã, phường")."""
    if _ONE_COMMITTEE.match(name):
        return False
    return any(pattern.search(name) for pattern in _MANY)


def is_clearly_named(name: str) -> bool:
    """Whether "các", "những" and the like are followed by what organisations are called ("Các khó khăn" is not)."""
    several = re.match(r"(?:các|những|mỗi|từng|toàn thể|tất cả các)\s+", name, re.IGNORECASE)
    return several is None or bool(_MEMBER.match(name, several.end()) or _HEAD.match(name, several.end()))


def names_no_organisation(text: str) -> bool:
    """Whether a heading under "Tổ chức thực hiện" is about something else ("Kinh phí", "Chế độ báo cáo")."""
    words = text.strip(" *")
    opening = re.match(
        r"(?:kinh phí|nguồn (?:lực|vốn|kinh phí)|chế độ|thời gian|lộ trình|tiến độ|công tác|việc|khen thưởng|thi đua|"
        r"nội dung|giải pháp|nhiệm vụ (?!của)|hình thức|phương pháp|quy trình|điều kiện|khó khăn|kế hoạch|chương trình|"
        r"thông tin|giai đoạn|bước|đợt|sản phẩm|hồ sơ|trên|trong|sau|khi|nếu|để|từ|đến)\b",
        words,
        re.IGNORECASE,
    )
    verb = _VERB_START.match(words[:1].lower() + words[1:])
    return bool(opening or NOT_A_NAME.match(words) or (verb and not _HEAD.match(words)))


def find_verb(text: str) -> int | None:
    """Where the first verb behind a name starts, as an offset; None if there is none."""
    return _first_verb(text, _VERB_START, skip=_head_words(text))


def _without_prefix(text: str) -> tuple[str, bool]:
    found = _PREFIX.match(text)
    if not found or not _HEAD.match(text, found.end()):
        return text, False
    return text[found.end()].upper() + text[found.end() + 1 :], found.group("ask") is not None


def _name_end(text: str, *, is_heading: bool) -> int | None:
    stop = _first_stop(text)
    limit = stop if stop is not None else len(text.rstrip(" ."))
    verb = _strong_verb(text) if is_heading else find_verb(text)
    if verb is None and not is_heading:
        verb = _end_at_known_name(text[:limit]) or _end_at_place(text[:limit])
    if verb is not None and verb < limit:
        return verb
    if stop is None and not is_heading:
        return None
    is_short = len(text[:limit].split()) <= _LONGEST_NAME // 2
    return limit if is_short and _is_one_head(text, limit) else None


def _is_one_head(text: str, limit: int) -> bool:
    """ "Các ban Đảng; các chi bộ: …" joins names, each of which begins like one; else a semicolon parts sentences."""
    joined = text[:limit].split(";")
    return all(begins_name(part.strip()) for part in joined) or bool(
        _LISTED.search(text[: text.find(":") + 1])
    )


def _first_stop(text: str) -> int | None:
    """The colon or full stop that ends a name; the colon of "Các Sở: Tài chính, Y tế" does not."""
    for found in _STOP.finditer(text[:400]):
        listed = _LISTED.search(text[: found.end()]) and _MEMBER_LIST.match(text, found.end())
        if not listed:
            return found.start()
    return None


def _end_at_known_name(text: str) -> int | None:
    found = _KNOWN_NAME.match(text)
    return found.end() if found else None


def _end_at_place(text: str) -> int | None:
    """Before an unknown verb a name still ends at its place: "Công an xã | tuần tra"."""
    found = _PLACE_END.search(text[:_PLACE_WITHIN])
    return found.end() if found else None


def _strong_verb(text: str) -> int | None:
    return _first_verb(text, _STRONG_START, skip=1)


def _first_verb(text: str, verbs: re.Pattern[str], *, skip: int) -> int | None:
    """The first lower-case verb that does a verb's work; those inside quotes and brackets belong to the name."""
    text = _ENCLOSED.sub(lambda found: "x" * len(found.group()), text[:600])
    words = list(_WORD.finditer(text))[: _LONGEST_NAME + 1]
    end_of_noun = -1
    for word in words[skip:]:
        start = word.start()
        assigned = _ASSIGNED.match(text, start)
        verb = assigned or verbs.match(text, start)
        if verb is None:
            capital = _VERB_START.match(text[start].lower() + text[start + 1 : start + 40])
            if text[start].isupper() and capital:
                end_of_noun = max(end_of_noun, start + capital.end())
            continue
        before = text[:start].rstrip()
        goes_on = len(before) == end_of_noun and not _STRONG_START.match(text, start)
        if assigned or start < end_of_noun or goes_on or _is_noun_here(text, start, before):
            end_of_noun = max(end_of_noun, verb.end())
            continue
        return start
    return None


def _head_words(text: str) -> int:
    head = _HEAD.match(text)
    return max(1, len(head.group().split())) if head else 1


def _is_noun_here(text: str, start: int, before: str) -> bool:
    """ "các tổ chức", "Ban chỉ đạo", "Hội đồng phối hợp", "cán bộ quản lý": a verb's letters, a noun's work."""
    if text.startswith("xây dựng", start) and before.endswith("đầu tư"):
        return True
    if text.startswith("thường xuyên", start) and re.search(r"giáo dục$", before, re.IGNORECASE):
        return True
    if text.startswith("lập", start) and before.endswith((" công", " độc", " dân")):
        return True
    if text.startswith("tham mưu", start) and re.search(
        r"(?:cơ quan|bộ phận|đơn vị|phòng|ban)$", before, re.IGNORECASE
    ):
        return (
            bool(re.match(r"tham mưu(?:,| -)? (?:giúp việc|tổng hợp)", text[start:]))
            or text[start:] == "tham mưu"
        )
    if text.startswith("tổ chức", start) and re.search(r"(?:các|những|mọi|và|,|của|đơn vị|cá nhân)$", before):
        return not re.match(r"tổ chức (?:thực hiện|triển khai|quán triệt)", text[start:])
    if before.endswith(",") and _LEADERS.match(text, start):
        return True
    if text.startswith(("lãnh đạo", "quản lý"), start) and re.search(
        r"(?:các|đồng chí|cán bộ|ban|tập thể)$", before, re.I
    ):
        return True
    if text.startswith(
        ("đào tạo", "phát triển", "quản lý", "giám sát", "truyền thông", "phát thanh", "cấp"), start
    ) and before.endswith(
        (" và", " lĩnh vực", ",", "Đào tạo", " công tác", " các", "trách", "dịch vụ", " bộ")
    ):
        return not before.endswith(",") or text.startswith("cấp", start)
    return bool(_NEEDS_COMPLEMENT.search(before)) and len(before.split()) <= 3


def _named(name: str, rest: str, requested: bool) -> Named | None:
    name = re.sub(r"\s*\([^()]*\)\s*$", "", name.strip(" .:;,*-–")).strip(" .:;,*-–")
    if len(name) < 2:
        return None
    return Named(name, rest.lstrip(" .:;,*-–").strip(), requested)
