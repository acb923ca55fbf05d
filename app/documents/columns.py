"""Header rows → what each column holds, told by its words in any order, over one row or two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.text import fold

TASKS, INDICATORS = "tasks", "indicators"
DITTO = re.compile(r"[″〃”\"]{1,2}|-?\s*(?:nt|như trên|n\.t)\s*-?", re.IGNORECASE)

_LONGEST_HEADER = 160
_WHAT = (
    r"(?:(?:ten|cac|danh muc|nhom|mot so)\s+)*(?:noi dung|nhiem vu|cong viec|dau viec|giai phap|hoat dong|"
    r"viec thuc hien|phan viec|ten (?:van ban|de an|bao cao|chuyen de)|hang muc cong viec|"
    r"muc tieu, nhiem vu|chuong trinh cong tac)"
)
_BODY = r"(?:(?:cac )?(?:co quan|don vi|bo phan|to chuc|phong|nguoi|can bo|dau moi)(?:, | va |/| - )?)+"
_YEAR = r"(?P<year>20\d\d)"
_PLANNED = (
    r"(?:(?:den|het|cuoi|nam|nam hoc|ke hoach|kh|muc tieu|chi tieu|tam nhin|dinh huong|phan dau|giao|so|giai doan|gd|"
    r"thuc hien den|tong|ca|lo trinh)\s*)*"
)
_DONE = r"(?:uoc thuc hien|uoc th|uth|uoc dat|uoc|thuc hien|th|ket qua|hien trang|thuc trang|so lieu|da dat|dat duoc)"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (meaning, re.compile(pattern))
    for meaning, pattern in (
        ("ordinal", r"^(?:s?\.?tt|so tt|so thu tu|stt/tt|muc|ma so|ma)$"),
        ("person", r"^(?:ho (?:va|,|&)?\s?ten|ho ten|chuc vu|chuc danh|nam sinh|ngay sinh|gioi tinh)"),
        ("unit", r"^(?:d\.?v\.?t\.?|don vi tinh|don vi do|dv tinh)"),
        ("baseline", rf"^{_DONE}\b.*?{_YEAR}|^nam goc|^(?:gia tri|so lieu) (?:co so|goc)|^(?:hien trang|uth)\b"),
        ("targets", rf"^{_PLANNED}(?:20\d\d\s?[-–]\s?)?{_YEAR}(?:\s*\(.*\))?$"),
        ("carriers", r"chu tri\b.*phoi hop"),
        ("cooperating", r"phoi hop"),
        ("other", r"^(?:lanh dao|dong chi|thuong truc|co quan (?:ban hanh|phe duyet|trinh)|cap (?:trinh|phe duyet))"),
        ("lead", rf"chu tri|dau moi|phu trach|chiu trach nhiem|tham muu|soan thao|^{_BODY}\s*(?:thuc hien|"
                 r"to chuc|duoc giao|theo doi|bao cao|cung cap)|^phan cong|^trach nhiem|^to chuc thuc hien|"
                 r"^thuc hien$|^chu dau tu$"),
        ("body", r"^(?:don vi|co quan|bo phan)(?:, don vi)?$"),
        ("deadline_start", r"^(?:thoi gian |ngay |thang )?bat dau"),
        ("deadline_text", r"thoi (?:gian|han|diem|luong|ky)|tien do|^han\b|lo trinh|ket thuc|^hoan thanh|"
                          r"ngay hoan thanh|^ky han|^dinh ky"),
        ("notes", r"^ghi chu|^luu y"),
        ("budget", r"kinh phi|nguon von|du toan|^von\b|ngan sach|muc dau tu|thanh tien|don gia"),
        ("name", r"^(?:(?:ten|cac|danh muc|noi dung|nhom|he thong)\s+)*(?:chi tieu|chi so|tieu chi)\b"
                 r"(?! (?:lien quan|giao))|^muc tieu$|^(?:chi tieu|muc tieu)"),
        ("task", rf"^{_WHAT}"),
        ("product", r"san pham|^ket qua|dau ra|^yeu cau|hinh thuc van ban|ket qua$"),
        ("planned", r"^(?:ke hoach|muc tieu|chi tieu|giao)\b|^(?:giai doan|gd)\b"),
    )
)  # fmt: skip
_CARRIES = ("lead", "cooperating", "carriers", "body")


@dataclass(frozen=True, slots=True)
class Column:
    """`meaning`: ordinal, task, name, lead, cooperating, carriers, deadline_text, deadline_start, product, unit,
    baseline, targets, notes or other. `year` of a baseline or target, None where the header names none."""

    header: str
    meaning: str
    year: int | None = None
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """`depth`: how many rows it takes, a row of column numbers included."""

    kind: str
    columns: tuple[Column, ...]
    depth: int

    def places(self, *meanings: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.meaning in meanings]

    @property
    def what(self) -> int:
        return self.places("task", "name")[0]

    @property
    def ordinal(self) -> int | None:
        return next(iter(self.places("ordinal")), None)


def read_header(rows: Sequence[tuple[str, ...]]) -> Header | None:
    """The header that the first of these rows opens; None where it opens none of a plan's tables."""
    top = rows[0]
    if not _is_wording(top):
        return None
    depth, pairs = 1, [(cell, "") for cell in top]
    if len(rows) > 1 and (below := _second_row(top, rows[1])) is not None:
        depth, pairs = 2, below
    columns = _columns(pairs)
    kind = _kind(columns)
    if kind is None:
        return None
    if len(rows) > depth and is_numbering(rows[depth]):
        depth += 1
    return Header(kind, tuple(_settled(columns, kind)), depth)


def is_numbering(cells: tuple[str, ...]) -> bool:
    """ "(1) | (2) | (3)" or "A | B | 1 | 2" under a header."""
    labels = [cell.strip("() ") for cell in cells if cell]
    numbers = [label for label in labels if re.fullmatch(r"\d{1,2}", label)]
    rest = [label for label in labels if label not in numbers]
    counts = [int(number) for number in numbers]
    follows = counts == list(range(counts[0], counts[0] + len(counts))) if counts else False
    return len(counts) >= 2 and follows and all(re.fullmatch(r"[A-Z]|\d+=.*", label) for label in rest)


def _is_wording(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > _LONGEST_HEADER for cell in filled):
        return False
    meanings = [_meaning(cell) for cell in filled]
    known = [meaning for meaning in meanings if meaning is not None]
    names_what = "task" in known or "name" in known
    return names_what and len(known) * 10 >= len(filled) * 6 and "person" not in known and len(set(known)) > 1


def _second_row(top: tuple[str, ...], second: tuple[str, ...]) -> list[tuple[str, str]] | None:
    """(upper, lower) words of each column where a second row completes the header; None where it does not."""
    under = tuple(
        "" if DITTO.fullmatch(cell) or (place < len(top) and cell == top[place]) else cell
        for place, cell in enumerate(second)
    )
    filled = [cell for cell in under if cell]
    if not filled or is_numbering(second) or any(len(cell) > 60 for cell in filled):
        return None
    is_known = all(_meaning(cell) not in (None, "ordinal", "name") for cell in filled)
    fixed = [place for place, cell in enumerate(top) if _meaning(cell) in ("ordinal", "unit")]
    fixed += [place for place, cell in enumerate(top) if _meaning(cell) in ("task", "name")][:1]
    if all(place >= len(under) or not under[place] for place in fixed):
        return _spread(top, under) if is_known or _stands_under_merged(top, under) else None
    return _unfolded(top, under) if is_known else None


def _stands_under_merged(top: tuple[str, ...], under: tuple[str, ...]) -> bool:
    """Whether each word of the lower row has a merged cell over it: empty, or with an empty one to its right."""
    upper = (*top, *[""] * (len(under) - len(top)))
    places = [place for place, cell in enumerate(under) if cell]
    wide = [not upper[place] or "" in upper[place + 1 : place + 2] for place in places]
    return all(wide) and any(not upper[place] for place in places)


def _spread(top: tuple[str, ...], under: tuple[str, ...]) -> list[tuple[str, str]]:
    """Merged upper cells reach over the empty ones to their right, where the row below has words."""
    pairs, last = [], ""
    for place in range(max(len(top), len(under))):
        upper = top[place] if place < len(top) else ""
        lower = under[place] if place < len(under) else ""
        last = upper or last
        pairs.append((last if lower else upper, lower))
    return pairs


def _unfolded(top: tuple[str, ...], under: tuple[str, ...]) -> list[tuple[str, str]] | None:
    """Writers that leave out merged cells: the lower row's cells belong under the one wide upper cell."""
    upper = _without_tail(top)
    lower = [cell for cell in under if cell]
    wide = [
        place
        for place, cell in enumerate(upper)
        if _meaning(cell) in ("planned", "targets", "deadline_text", *_CARRIES) or _meaning(cell) is None
    ]
    if not wide or any(
        _meaning(cell) not in ("targets", "baseline", "deadline_start", "deadline_text", *_CARRIES)
        for cell in lower
    ):
        return None
    kinds = (
        ("planned", "targets", None)
        if _meaning(lower[0]) in ("targets", "baseline")
        else (*_CARRIES, "deadline_text")
    )
    fitting = [place for place in wide if _meaning(upper[place]) in kinds]
    if not fitting:
        return None
    place = fitting[-1]
    return [
        *((cell, "") for cell in upper[:place]),
        *((upper[place], cell) for cell in lower),
        *((cell, "") for cell in upper[place + 1 :]),
    ]


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _columns(pairs: list[tuple[str, str]]) -> list[Column]:
    return [_column(" ".join(upper.split()), " ".join(lower.split())) for upper, lower in pairs]


def _column(upper: str, lower: str) -> Column:
    words = lower or upper
    meaning = _meaning(words) or _meaning(upper) or "other"
    if lower and meaning == "targets" and _meaning(f"{upper} {lower}") == "baseline":
        meaning = "baseline"
    header = words if meaning in ("targets", "baseline") or not (upper and lower) else f"{upper} / {lower}"
    year = _year_of(words) or (_year_of(upper) if meaning == "baseline" else None)
    estimate = re.search(r"\b(?:uoc|uth)\b", fold(f"{upper} {lower}")) is not None
    return Column(header, meaning, year, estimate and meaning == "baseline")


def _kind(columns: list[Column]) -> str | None:
    meanings = {column.meaning for column in columns}
    measured = "targets" in meanings or bool(
        {"unit", "baseline"} & meanings and {"planned", "name"} & meanings
    )
    carried = bool({"lead", "cooperating", "carriers"} & meanings)
    timed = bool({"deadline_text", "product", "body"} & meanings)
    if measured and (not (carried or timed) or {"name", "unit"} & meanings):
        return INDICATORS
    if "task" in meanings and (carried or timed):
        return TASKS
    return INDICATORS if "name" in meanings and "planned" in meanings else None


def _settled(columns: list[Column], kind: str) -> list[Column]:
    """Words that mean different things in the two kinds of tables get their meaning; one column says what."""
    wanted = _what(columns, kind)
    settled = []
    for place, column in enumerate(columns):
        meaning = column.meaning
        if place == wanted:
            meaning = "name" if kind == INDICATORS else "task"
        elif meaning == "body":
            meaning = "unit" if kind == INDICATORS and not _has(columns, "unit") else "lead"
        elif (
            meaning in ("planned", "name")
            and kind == INDICATORS
            and place > wanted
            and not _has(columns, "targets")
        ):
            meaning = "targets"
        elif meaning in ("task", "name", "planned", "person", "budget"):
            meaning = "other"
        settled.append(Column(column.header, meaning, column.year, column.is_estimate))
    return settled


def _what(columns: list[Column], kind: str) -> int:
    first = ("name", "task") if kind == INDICATORS else ("task", "name")
    for meaning in first:
        places = [place for place, column in enumerate(columns) if column.meaning == meaning]
        if places:
            # "Nhóm nhiệm vụ" beside "Nhiệm vụ cụ thể": the first only gathers.
            own = [
                place for place in places if not fold(columns[place].header).startswith(("nhom", "linh vuc"))
            ]
            return (own or places)[0]
    return 0


def _has(columns: list[Column], meaning: str) -> bool:
    return any(column.meaning == meaning for column in columns)


def _meaning(cell: str) -> str | None:
    words = fold(cell).strip(" .:*()-")
    if not words or len(words) > _LONGEST_HEADER:
        return None
    return next((meaning for meaning, pattern in _RULES if pattern.search(words)), None)


def _year_of(words: str) -> int | None:
    years = re.findall(r"20\d\d", words)
    return int(years[-1]) if years else None
