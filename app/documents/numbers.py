"""Figures inside a sentence: percentages, counts, levels and money, with the words that compare them."""

import re
from dataclasses import dataclass
from decimal import Decimal

# A point before one or two digits is a slip for the comma: "99.9%".
_N = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?|\d{1,3}\.\d{1,2}(?![\d.])|\d{1,9}(?:,\d{1,4})?"
_WORDS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
# The year of "43% năm 2025 đến 45%" opens no range.
_RANGE = rf"(?<!\d)(?!(?<=năm )20\d\d\b)(?P<low>{_N})\s?(?:[%‰]\s?)?(?:-|–|đến|tới)\s?(?P<high>{_N})"
_MONEY_UNIT = r"(?:(?:nghìn|ngàn|triệu|tỷ|tỉ|nghìn tỷ|ngàn tỷ|triệu tỷ)\s+)?(?:đồng(?! chí)|USD|đô la)"
_PER = r"(?:\s?/\s?[^\W\d_]+(?:\s?/\s?[^\W\d_]+)?)?"
# What a count may count. Longest first; the first syllables of the noun phrase where it is none of these.
_COUNTED = (
    "điểm phần trăm|điểm %|ngày làm việc|đồng chí|tủ sách|sản phẩm ocop|"
    "cơ sở giáo dục|khu dân cư kiểu mẫu|khu dân cư|nhà văn hóa|nhà vệ sinh|"
    "nhà thi đấu|nhà tình nghĩa|nhà ở|"
    "tổ dân phố|hợp tác xã|tổ hợp tác|câu lạc bộ|lớp tập huấn|lớp bồi dưỡng|buổi tuyên truyền|đợt kiểm tra|"
    "cuộc kiểm tra|"
    "cuộc giám sát|môn thể thao|chi bộ|đảng viên|đoàn viên|hội viên|giáo viên|học sinh|phòng học|công trình|mô hình|"
    "dự án|doanh nghiệp|đơn vị|cơ quan|cán bộ|công chức|lao động|người lao động|việc làm|giường bệnh|bác sĩ|tiêu chí|"
    "chỉ tiêu|sản phẩm|hội nghị|hội thi|chuyên đề|chuyên mục|tin, bài|tin bài|văn bản|dịch vụ công|dịch vụ|hồ sơ|đề án|"
    "đề tài|sáng kiến|trạm|trường|lớp|thôn|bản|xóm|ấp|xã|phường|hộ|người|ha|km|m2|m²|m3|m³|điểm|cuộc|buổi|đợt|lần|tin|"
    "ngày hội|bài|tổ|đội|đoàn|nhóm|ngôi nhà|căn nhà|căn|tuyến đường|tuyến|cây|con|tấn|tạ|kg|lượt người|lượt|vụ|"
    "camera|máy|"
    "thiết bị|phòng|suất|xe|cầu|giờ|gương|điển hình|phong trào|hoạt động|kế hoạch|sân|khu|cụm"
)
# Signs of measure that are also written close to the figure: "500ha".
_GLUED = "ha|km|m2|m²|m3|m³|kg|tấn|kw|mw|kwh"
_MAGNITUDE = "nghìn|ngàn|vạn|triệu|tỷ"
# A time is a target only as a limit ("không quá 5 ngày làm việc") or as the length of a life.
_TIME_LIMIT = re.compile(r"(?:ngày(?! (?:hội|công))|giờ(?! học)|phút)\b", re.IGNORECASE)
_LIMIT_BEFORE = re.compile(r"(?:không quá|tối đa|không vượt quá)\s*$", re.IGNORECASE)
_LIFE = re.compile(r"(?:tuổi|năm)\b", re.IGNORECASE)
_LIFE_BEFORE = re.compile(r"(?:tuổi thọ|số năm sống|sống khỏe)\b[^;.,]{0,50}$", re.IGNORECASE)
_NOT_COUNTED = re.compile(
    r"(?:năm|tháng|ngày(?! (?:hội|công))|tuổi|giờ(?! học)|phút|giây|tuần|quý|lần thứ|kỳ|đến|-|/|\.|%|°|g\b|gbps|mbps|"
    r"gigabit|x\b|và|,|;|\)|khóa|trụ cột|lĩnh vực|đột phá|"
    r"phần (?:hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn)\b|"
    r"mặt\b|khâu|phương diện|giai đoạn|bước|nguyên tắc|quan điểm|mục tiêu|tại chỗ|cấp\b|miền|thành tố)",
    re.IGNORECASE,
)
_NOT_A_FIGURE_BEFORE = re.compile(
    r"(?:(?<!dân )số|điều|khoản|điểm|mục|phần|lớp|khóa|khoá|kỳ|thứ|quý|tháng|ngày|(?<!hằng )(?<!hàng )năm|"
    r"giai đoạn|dự án|tiểu dự án|chương|quyển|"
    r"loại|hạng|cấp|nhóm|tuổi|tổ|vòng|đợt|bước|luật|quốc lộ|đường|mẫu|biểu|phụ lục|bảng|thông tư|nghị quyết|đề án|"
    r"/|-)\s*$",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"(?P<percent>(?:{_RANGE}|(?P<one>{_N}))\s?(?P<sign>%|‰|phần trăm|phần nghìn))|"
    rf"(?:mức độ|cấp độ)\s(?P<level>\d)\b(?!\s?%)|"
    rf"(?P<money>(?:{_RANGE.replace('low', 'mlow').replace('high', 'mhigh')}|"
    rf"(?P<mone>{_N}))\s?(?P<munit>{_MONEY_UNIT}{_PER}))|"
    rf"(?P<ratio>(?P<rone>\d{{1,4}})\s?/\s?(?P<of>\d{{1,4}})\s+(?P<runit>(?:{_COUNTED})))\b|"
    rf"(?P<times>(?<=gấp )(?:{_RANGE.replace('low', 'tlow').replace('high', 'thigh')}|(?P<tone>{_N}))\s?lần)(?!\w)|"
    rf"(?P<count>(?:{_RANGE.replace('low', 'clow').replace('high', 'chigh')}|(?P<cone>{_N}|(?:{'|'.join(_WORDS)})))"
    rf"(?:(?<=\d)(?=(?:{_GLUED}|{_COUNTED})(?!\w))|\s+)(?P<cunit>(?:(?:{_MAGNITUDE})\s)?(?:{_COUNTED})(?!\w)|[^\W\d_]+(?:\s(?!trở|và|có|trong|được|là)(?-i:[a-zà-ỹđ]+))?))",
    re.IGNORECASE,
)
# "12 người/1 vạn dân", "10 m2/người", "320 người/km2"; "/năm" only says how often.
_PER_HEAD = re.compile(
    r"(?:\s[^\W\d_]+(?=/))?\s?(?:/|trên (?=\d[\d.]* (?:(?:vạn|nghìn|triệu) )?(?:dân|người)\b|"
    r"(?:một )?(?:vạn|nghìn|triệu) (?:dân|người)\b))\s?"
    r"(?!năm|tháng|quý|tuần|ngày)(?:\d[\d.]*\s|một\s)?(?:vạn\s|nghìn\s|triệu\s)?[^\W\d_]+[23]?"
)
# "giá trị trên 01 ha đạt 160 triệu đồng": what a figure behind is counted on, no figure itself.
_COUNTED_ON = re.compile(
    r"(?:0?1|một)\s?(?:ha|héc ta|m2|m²|km|km2|km²|sào|mẫu|đơn vị|tấn|con|người|hộ|lao động)\b[^,;.:]{0,60}?"
    r"\b(?:đạt|là|còn|từ|trên|dưới|ít nhất|tối thiểu|khoảng|bình quân|lên|tăng|giảm)\s[^,;]{0,30}?\d",
    re.IGNORECASE,
)
_ON = re.compile(r"\btrên\s*$", re.IGNORECASE)
# "Tỷ lệ hộ dùng nước sạch (%): 95": the unit stands before its figure.
_UNIT_FIRST = re.compile(
    rf"\((?P<unit>%|‰|{_COUNTED}|{_MONEY_UNIT}{_PER})\)\s?[:=]?\s?(?:(?:đạt|là|còn)\s)?"
    rf"(?P<words>(?:[^\W\d]+\s){{0,3}}|[≥≤<>]=?\s?)(?P<value>{_N})(?=\s*(?:[;.,]?\s|[;.)]*$))(?!\s*[;.,]?\s?\d)",
    re.IGNORECASE,
)
_COUNTED_SET = set(_COUNTED.split("|"))
_KINDS = ("percent", "level", "money", "ratio", "times", "count")
_POINT_DECIMAL = re.compile(r"\d{1,3}\.\d{1,2}")
_LONG_DIGITS = re.compile(r"\d{10,}")
_LESS, _MORE = r"(?:thấp|nhỏ|ít|kém) hơn", r"(?:cao|lớn|nhiều) hơn"
_COMPARATORS = (
    (
        "lte",
        rf"(?:bằng (?:hoặc|và) (?:dưới|{_LESS})|(?:dưới|{_LESS}) hoặc bằng|"
        rf"không (?:quá|vượt quá|vượt|trên|{_MORE})|tối đa|nhiều nhất|≤|<=)",
    ),
    (
        "gte",
        rf"(?:bằng (?:hoặc|và) (?:trên|{_MORE})|(?:trên|{_MORE}) hoặc bằng|"
        rf"ít nhất|tối thiểu|không (?:dưới|{_LESS})|≥|>=|từ)",
    ),
    ("lt", rf"(?:dưới|{_LESS}|<)"),
    ("gt", rf"(?:trên|{_MORE}|hơn|vượt(?: quá| trên)?|>)"),
)
_FILLER = r"(?:\s*(?:mức|khoảng|được|đạt|là|có|con số|tỷ lệ|thêm|mức độ))?\s*$"
_BEFORE = tuple((name, re.compile(words + _FILLER, re.IGNORECASE)) for name, words in _COMPARATORS)
_UPWARD = re.compile(r"\s*(?:số\s)?trở lên\b", re.IGNORECASE)
_DOWNWARD = re.compile(r"\s*trở xuống\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number found at [start, end) of a sentence; `begins` is where its comparing words start."""

    measure: str
    comparator: str
    value: Decimal
    value_to: Decimal | None
    unit: str
    start: int
    end: int
    begins: int
    is_compared: bool


def find_figures(text: str) -> list[Figure]:
    """All figures of a sentence in order; dates, ages, numbers of documents and the like are none."""
    if _LONG_DIGITS.search(text):
        text = _LONG_DIGITS.sub(lambda found: "x" * len(found.group()), text)
    figures = []
    for found in _FIGURE.finditer(text):
        figure = _figure(text, found)
        if figure is not None:
            figures.append(figure)
    taken = {figure.start for figure in figures}
    behind = [found for found in _UNIT_FIRST.finditer(text) if found.start("value") not in taken]
    return sorted((*figures, *map(_unit_first, behind)), key=lambda figure: figure.start)


def _unit_first(found: re.Match[str]) -> Figure:
    unit, start, end = found["unit"], found.start("value"), found.end("value")
    comparator, begins = _compared(found.string, start, end)
    money = re.search(r"(?:đồng(?! chí)|USD|đô la)\b", unit, re.IGNORECASE)
    return Figure(
        measure={"%": "percent", "‰": "ratio"}.get(unit, "money" if money else "count"),
        comparator=comparator,
        value=number_of(found["value"]),
        value_to=None,
        unit=unit,
        start=start,
        end=end,
        begins=begins,
        is_compared=begins < start or comparator != "reach",
    )


def is_counted(unit: str) -> bool:
    """Whether a unit is one of the things plans are known to count."""
    return unit.casefold() in _COUNTED_SET


def number_of(text: str) -> Decimal:
    word = _WORDS.get(text.casefold())
    if _POINT_DECIMAL.fullmatch(text):
        return Decimal(text)
    return Decimal(word) if word else Decimal(text.replace(".", "").replace(",", "."))


def _figure(text: str, found: re.Match[str]) -> Figure | None:
    measure = next(kind for kind in _KINDS if found.group(kind))
    low, high, unit = _parts(found, measure)
    before = text[max(0, found.start() - 40) : found.start()]
    if measure == "count" and " " in unit and unit.split()[1][:1].isupper() and not is_counted(unit):
        unit = unit.split()[0]  # "250 nhà | Đại đoàn kết"
    if measure in ("count", "ratio") and not _may_count(found, before, unit):
        return None
    if re.search(r"[\w,./-]$", before) and not before.endswith(("-", "–")):
        return None
    comparator, begins = _compared(text, found.start(), found.end())
    is_compared = (
        begins < found.start() or comparator not in ("reach", "between") or measure in ("ratio", "times")
    )
    if high is not None:
        comparator = "between"
    per_head = _PER_HEAD.match(text, found.end()) if measure == "count" else None
    end = per_head.end() if per_head else found.end()
    return Figure(
        measure="ratio"
        if per_head or measure == "times" or unit == "‰"
        else "count"
        if measure == "ratio"
        else measure,
        comparator=comparator,
        value=number_of(low),
        value_to=number_of(high) if high else None,
        unit=unit + per_head.group().rstrip().replace(" trên ", "/").replace(" /", "/") if per_head else unit,
        start=found.start(),
        end=end,
        begins=begins,
        is_compared=is_compared,
    )


def _parts(found: re.Match[str], measure: str) -> tuple[str, str | None, str]:
    if measure == "percent":
        thousandths = found.group("sign").casefold() in ("‰", "phần nghìn")
        return found.group("low") or found.group("one"), found.group("high"), "‰" if thousandths else "%"
    if measure == "level":
        return found.group("level"), None, "mức độ"
    if measure == "money":
        return found.group("mlow") or found.group("mone"), found.group("mhigh"), found.group("munit")
    if measure == "ratio":
        return found.group("rone"), None, found.group("runit")
    if measure == "times":
        return found.group("tlow") or found.group("tone"), found.group("thigh"), "lần"
    return found.group("clow") or found.group("cone"), found.group("chigh"), found.group("cunit")


def _may_count(found: re.Match[str], before: str, unit: str) -> bool:
    if _NOT_A_FIGURE_BEFORE.search(before):
        return False
    if _ON.search(before) and _COUNTED_ON.match(found.string, found.start()):
        return False
    if _TIME_LIMIT.match(unit) and _LIMIT_BEFORE.search(before):
        return True
    if _LIFE.match(unit) and _LIFE_BEFORE.search(before):
        return True
    if _NOT_COUNTED.match(unit):
        return False
    digits = found.group("cone") or ""
    if digits.casefold() in _WORDS:
        return any(pattern.search(before) for _, pattern in _BEFORE)
    plain_year = re.fullmatch(r"(?:19|20)\d\d", digits) and not is_counted(unit)
    return not plain_year


def _compared(text: str, start: int, end: int) -> tuple[str, int]:
    """The comparator of the figure at [start, end), and where its words begin."""
    before = text[max(0, start - 40) : start]
    offset = start - len(before)
    if _UPWARD.match(text, end):
        opening = re.search(r"\btừ\s*$", before, re.IGNORECASE)
        return "gte", offset + opening.start() if opening else start
    if _DOWNWARD.match(text, end):
        return "lte", start
    for name, pattern in _BEFORE:
        compared = pattern.search(before)
        if compared:
            return name, offset + compared.start()
    return "reach", start
