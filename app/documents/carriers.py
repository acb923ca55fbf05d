"""Cells that name who carries something out → names, without cutting the names that hold commas or "và".

What follows a separator begins a new name only if it opens the way names do ("Sở", "Phòng", "các …"), so that
"Phòng Kinh tế, Hạ tầng và Đô thị" and "Sở Giáo dục và Đào tạo" stay whole.
"""

import re

from app.text import fold

_LONGEST = 3000
_MOST = 60
# Opens a name after a comma or "và"; case counts: "Các Sở" opens one, "các phường, xã" goes on.
_HEAD = (
    r"(?:Sở|Bộ|Ban|Phòng|UBND|Ủy ban|Uỷ ban|UBMTTQ|UBMT|UB|MTTQ|HĐND|Hội|Công an|CA|Cảnh sát|Văn phòng|VP|Trung tâm|"
    r"TTPVHCC|Trạm|Trường|Liên đoàn|Liên hiệp|Liên minh|Đoàn|Đảng ủy|Đảng uỷ|Đảng bộ|Chi bộ|Chi cục|Cục|Tổng cục|"
    r"Tổng công ty|Viện|Mặt trận|Kho bạc|Bảo hiểm|BHXH|Ngân hàng|Quỹ|Bưu điện|Điện lực|Công ty|Tập đoàn|VNPT|Viettel|"
    r"Hợp tác xã|HTX|Báo|Đài|Thuế|Thanh tra|Tòa án|Toà án|TAND|VKSND|Hạt Kiểm lâm|Hạt kiểm lâm|Bệnh viện|Quân sự|"
    r"Ban Chỉ huy|BCHQS|BCH|BQL|Bộ phận|Tổ|Đội|Đồn|Thôn|Bản|Xóm|Ấp|Buôn|Khu dân cư|Thường trực|Lãnh đạo|Chủ tịch|"
    r"Bí thư|Trưởng|Công chức|Cán bộ|Chuyên viên|Công đoàn|CĐCS|Xã đoàn|Phường đoàn|Thành đoàn|Tỉnh đoàn|Thành ủy|"
    r"Thành uỷ|Tỉnh ủy|Tỉnh uỷ|Cấp ủy|Cấp uỷ|Các|Những|Toàn thể|Mỗi|Doanh nghiệp|Nhà đầu tư|Nhà cung cấp|"
    r"Người dân|Nhân dân|Hộ|Cá nhân|Đơn vị|Cơ quan|Tổ chức|Hiệp hội|Thư viện|Bảo tàng|Nhà trường|Nhà văn hóa)(?![\w])"
)
_SMALL_HEAD = (
    r"(?:các|những|toàn thể|mỗi|nhà (?:đầu tư|cung cấp|thầu|mạng|tài trợ)|doanh nghiệp|hợp tác xã|người dân|"
    r"nhân dân|hộ (?:gia đình|dân|kinh doanh)|cá nhân|chủ đầu tư)(?!\w)"
)
_STRONG = re.compile(r"\s*(?:;|\n\s*[-–•+*]\s+|[.;]\n)\s*")
_SOFT = re.compile(
    rf"(?P<comma>\s*,\s*(?:và\s+)?(?={_HEAD}|{_SMALL_HEAD}))"
    rf"|(?P<and>\s+(?:và|cùng với|cùng|&)\s+(?={_HEAD}|các(?!\s+(?:tổ chức|đoàn thể|hội|chi hội))\s))"
    rf"|(?P<line>\s*\n\s*(?={_HEAD}|{_SMALL_HEAD}))"
    rf"|(?P<dash>\s+[-–+•]\s+(?={_HEAD}))"
    rf"|(?P<side>\s+(?={_HEAD}))"
)
# Heads that may open a name right behind another name: "Sở Khoa học và Công nghệ Sở Công Thương".
_BESIDE = re.compile(
    r"(?:Sở|Phòng|UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Công an|Văn phòng|Trung tâm|Trạm Y tế|Trạm y tế|Ban Quản lý|"
    r"Ban Chỉ huy|Ban Chỉ đạo|Hội Nông dân|Hội Liên hiệp|Hội Cựu chiến binh|Đoàn Thanh niên|Kho bạc|Chi cục|"
    r"Bảo hiểm xã hội|Bưu điện|Điện lực|Công ty|Các (?:sở|phòng|ban|cơ quan|đơn vị|doanh nghiệp|tổ chức))(?!\w)"
)
_LEVEL_END = re.compile(r"(?<!cấp )(?<!các )\b(?:xã|phường|tỉnh|[Tt]hành phố|đặc khu)$")
_OFFICE_OF = re.compile(
    r"(?:Văn phòng|VP)(?: Đoàn \S+(?: \S+){0,5})?,?(?: và)? "
    r"(?:HĐND|Hội đồng nhân dân|Đoàn ĐBQH|Đoàn Đại biểu Quốc hội)$"
)
_PLURAL = re.compile(r"(?:các|những|toàn thể|mỗi|ubnd các|ủy ban nhân dân các)\b", re.IGNORECASE)
_COUNCIL = re.compile(r"(?:UBND|[ỦU][ỷy]? ?[Bb]an nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng nhân dân)")
_SHARED_HEAD = re.compile(r"Các\s+(?P<head>[Ss]ở|[Pp]hòng|[Bb]an|[Hh]ội)\s*:\s*(?P<names>.+)", re.DOTALL)
_ASSOCIATIONS = re.compile(
    r"(?P<first>Hội [^,]+)(?P<rest>(?:\s*(?:,|và)\s*(?:Phụ nữ|Nông dân|Cựu chiến binh|CCB|LHPN|Người cao tuổi))+)"
)
_ASSOCIATION = re.compile(r"Phụ nữ|Nông dân|Cựu chiến binh|CCB|LHPN|Người cao tuổi")
_ROLE = re.compile(
    r"(?:(?:cơ quan|đơn vị|bộ phận)\s+)?(?P<role>chủ trì|phối hợp|thực hiện|đầu mối)(?:\s+thực hiện)?\s*:",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[\s\-–—_.…/x]*", re.IGNORECASE)
_FULL = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc",
    "ubmt": "uy ban mat tran",
    "mttq": "mat tran to quoc",
    "vn": "viet nam",
    "vp": "van phong",
    "ttpvhcc": "trung tam phuc vu hanh chinh cong",
    "pvhcc": "phuc vu hanh chinh cong",
    "tt": "trung tam",
    "vh": "van hoa",
    "xh": "xa hoi",
    "kt": "kinh te",
    "htdt": "ha tang va do thi",
    "bch": "ban chi huy",
    "bchqs": "ban chi huy quan su",
    "chqs": "chi huy quan su",
    "bql": "ban quan ly",
    "ca": "cong an",
    "ccb": "cuu chien binh",
    "lhpn": "lien hiep phu nu",
    "tncs": "thanh nien cong san",
    "hcm": "ho chi minh",
    "htx": "hop tac xa",
    "bhxh": "bao hiem xa hoi",
}


def split_units(cell: str) -> tuple[str, ...]:
    """Names in the order written, each once; none for a cell that is empty or a dash."""
    cell = cell[:_LONGEST].strip()
    if _NOTHING.fullmatch(cell):
        return ()
    names: list[str] = []
    for part in _STRONG.split(cell):
        names += _spread(part)
    cleaned = (_clean(name) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if len(name) > 1))[:_MOST]


def split_carriers(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lead, cooperating) of one column for both: by the words "Chủ trì: …; phối hợp: …", else the first leads."""
    roles = list(_ROLE.finditer(cell[:_LONGEST]))
    if not roles:
        names = split_units(cell)
        return names[:1], names[1:]
    lead: list[str] = list(split_units(cell[: roles[0].start()]))
    cooperating: list[str] = []
    for place, role in enumerate(roles):
        end = roles[place + 1].start() if place + 1 < len(roles) else len(cell)
        named = split_units(cell[role.end() : end])
        (cooperating if role["role"].casefold() == "phối hợp" else lead).extend(named)
    return tuple(lead), tuple(cooperating)


def names_roles(cell: str) -> bool:
    """Whether a cell says by itself who leads and who cooperates."""
    return _ROLE.search(cell[:_LONGEST]) is not None


def name_key(name: str) -> str:
    """Key under which a short name meets the full one: "UBND xã" and "Ủy ban nhân dân xã"."""
    words = re.findall(r"[^\W_]+", fold(name))
    if len(words) > 1 and words[-1] in (
        "xa",
        "phuong",
    ):  # a commune's own bodies are named with and without it
        words.pop()
    return " ".join(_FULL.get(word, word) for word in words if word != "va")


def _spread(part: str) -> list[str]:
    """ "Các Sở: Nội vụ, Tài chính" and "Hội Nông dân, Phụ nữ" share their first word."""
    shared = _SHARED_HEAD.fullmatch(part.strip())
    if shared:
        head = shared["head"].capitalize()
        names = re.split(r"\s*,\s*|\s+và\s+(?=[^,]+$)", shared["names"]) if "," in shared["names"] else []
        return [f"{head} {name}" for name in names] or [part]
    names = _names(part)
    return [piece for name in names for piece in _associations(name)]


def _associations(name: str) -> list[str]:
    found = _ASSOCIATIONS.fullmatch(name)
    if not found:
        return [name]
    return [found["first"], *(f"Hội {other}" for other in _ASSOCIATION.findall(found["rest"]))]


def _names(part: str) -> list[str]:
    names, begin = [], 0
    brackets = _bracketed(part)
    for gap in _SOFT.finditer(part):
        name = part[begin : gap.start()].strip()
        if brackets[gap.start()] or not _ends_name(name, gap, part[gap.end() :]):
            continue
        names.append(name)
        begin = gap.end()
    return [*names, part[begin:]]


def _ends_name(name: str, gap: re.Match[str], rest: str) -> bool:
    if not name or (_OFFICE_OF.match(name) and _COUNCIL.match(rest)):
        return False
    if gap["side"] is not None:
        return _stands_beside(name, rest)
    small = re.match(_SMALL_HEAD, rest)
    if gap["comma"] is not None and small and not rest.startswith(("các", "những", "toàn thể", "mỗi")):
        return not _PLURAL.match(name)
    return True


def _stands_beside(name: str, rest: str) -> bool:
    """Two names with nothing between them: the first is whole (it ends at its place), or both open alike."""
    found = _BESIDE.match(rest)
    if not found or len(name.split()) < 2:
        return False
    head = found.group().split()[0]
    if name.endswith((" của", " thuộc", " và", " với", " các", " tại", "-", "–", ",")):
        return False
    if _LEVEL_END.search(name):
        return True
    if head == "Sở":
        return bool(re.match(r"(?:Sở|Ban Quản lý|UBND|Công an)\b", name))
    return head == "Các" or (name.split()[0] == head and head not in ("Văn", "Ban"))


def _bracketed(text: str) -> list[bool]:
    inside, depth = [], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        depth = max(depth, 0)
        inside.append(depth > 0)
    return [*inside, False]


def _clean(name: str) -> str:
    words = " ".join(name.split()).strip(" .;,:-–—+•*")
    return re.sub(r"^(?:và|cùng|phối hợp với)\s+", "", words)
