"""Blocks → a tree of clauses with paths ("III.2.b", "IV.5.-3") and the section each belongs to."""

import re
from dataclasses import dataclass, field

from app.documents.blocks import Block
from app.documents.markers import BULLET, DOTTED, NUMBER, PART, ROMAN, Marked
from app.documents.organisations import is_organisation_name
from app.documents.sections import ORGANISATION, TASKS, classify, reclassify
from app.documents.values import Passage

# An unnumbered heading stands half a level below the clause it is in.
_HALF = 5
LONGEST_CLAUSE = 20_000
_SECTION_WORDS = 14
_HEADING_LETTERS = 260
_CLOSED = (".", ";", ",", "…", "!")
_CLOSING_CLAUSE = re.compile(
    r"(?:Trên đây là|(?:Trong )?[Qq]uá trình (?:tổ chức |triển khai )*thực hiện|"
    r"Căn cứ (?:Kế hoạch|Chương trình|nội dung Kế hoạch) này|Nhận được (?:Kế hoạch|Chương trình)|"
    r"(?:Kế hoạch|Chương trình)(?: hành động)? này (?:được|có|thay)|"
    r"(?:Yêu cầu|Đề nghị) (?:các|cấp|toàn thể|[Tt]hủ trưởng|[Gg]iám đốc|[Cc]hủ tịch|[Bb]í thư|[Ll]ãnh đạo|"
    r"[Nn]gười đứng đầu)|"
    r"(?:Mọi|Những) (?:khó khăn|vướng mắc|vấn đề)|Nếu có (?:khó khăn|vướng mắc)|Kế hoạch này|"
    r"Ban Thường vụ .{0,60} yêu cầu|(?:(?:Ủy|Uỷ) ban nhân dân|UBND) .{0,40} (?:yêu cầu|đề nghị))"
)


@dataclass(eq=False, slots=True)
class Clause:
    """A passage of the body while the tree is built. `rank` grows with depth; bullets share ranks above BULLET."""

    id: str
    block: Block
    marked: Marked
    rank: int
    label: str
    path: str = ""
    kind: str = "paragraph"
    section: str | None = None
    parent: "Clause | None" = None
    children: list["Clause"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.marked.text

    @property
    def body(self) -> str:
        return self.marked.body

    @property
    def is_list_item(self) -> bool:
        return self.marked.marker is not None

    @property
    def is_heading(self) -> bool:
        return self.kind == "heading"

    @property
    def is_readable(self) -> bool:
        """False for a run of text too long to be a clause; it is kept, but not searched for targets or slips."""
        return len(self.body) <= LONGEST_CLAUSE

    def descendants(self) -> "list[Clause]":
        found, waiting = [], list(reversed(self.children))
        while waiting:
            clause = waiting.pop()
            found.append(clause)
            waiting.extend(reversed(clause.children))
        return found

    def passage(self) -> Passage:
        return Passage(
            id=self.id,
            path=self.path,
            kind=self.kind,
            text=self.text,
            start=self.block.start,
            end=self.block.end,
            parent=self.parent.id if self.parent else None,
            marker=self.text[: self.marked.marker.length].strip() if self.marked.marker else "",
            body=self.body,
            section=self.section,
            joins=tuple(self.block.joins),
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """`clauses` are those of the body in order; `others` the passages of header, title, closing and annexes."""

    clauses: tuple[Clause, ...]
    others: tuple[Passage, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        everything = [*self.others, *(clause.passage() for clause in self.clauses)]
        return tuple(sorted(everything, key=lambda passage: passage.start))


def build_outline(blocks: list[Block]) -> Outline:
    others, clauses = [], []
    for number, block in enumerate(_with_titled_parts(blocks), start=1):
        if block.zone == "body" and not all(line.is_page_number for line in block.lines):
            clauses.append(_clause(f"p{number}", block))
        else:
            others.append(_other_passage(f"p{number}", block))
    _nest(clauses)
    _find_headings(clauses)
    _find_sections(clauses)
    if not any(clause.section == TASKS for clause in clauses):
        _take_unknown_for_tasks(clauses)
    _name_paths(clauses)
    return Outline(tuple(clauses), tuple(others))


def _with_titled_parts(blocks: list[Block]) -> list[Block]:
    """ "PHẦN THỨ BA" and the line under it that says what the part is about are one heading."""
    kept: list[Block] = []
    for block in blocks:
        if kept and _is_untitled_part(kept[-1]) and _is_title_line(block):
            for line in block.lines:
                kept[-1].add(line)
            kept[-1].end = block.end
        else:
            kept.append(block)
    return kept


def _is_untitled_part(block: Block) -> bool:
    if block.zone != "body" or block.letters > _HEADING_LETTERS:
        return False
    marked = block.marked()
    return marked.marker is not None and marked.marker.rank == PART and not marked.body


def _is_title_line(block: Block) -> bool:
    if block.zone != "body" or block.letters > _HEADING_LETTERS:
        return False
    marked = block.marked()
    return marked.marker is None and (marked.text.isupper() or marked.is_bold)


def is_closing_clause(text: str) -> bool:
    """A general sentence that ends a plan and gives nobody in particular a duty."""
    return bool(_CLOSING_CLAUSE.match(text))


def gives_order(text: str) -> bool:
    """ "Giao Văn phòng Đảng ủy theo dõi …" stands for itself, wherever it is put."""
    return text.startswith(("Giao ", "Đồng thời, giao ", "Đồng thời giao "))


def _other_passage(name: str, block: Block) -> Passage:
    kind = "page_number" if block.zone == "body" else block.zone
    text = block.marked().text.strip("*_| ")
    return Passage(name, "", kind, text, block.start, block.end, body=text)


def _clause(name: str, block: Block) -> Clause:
    marked = block.marked()
    if block.zone == "table":
        return Clause(name, block, marked, BULLET * 2, "|")
    if marked.marker is None:
        return Clause(name, block, marked, BULLET * 2, "¶")
    rank = marked.marker.rank
    if rank == DOTTED:
        rank += min(marked.marker.label.count(".") - 1, 2)
    return Clause(name, block, marked, rank, marked.marker.label)


def _nest(clauses: list[Clause]) -> None:
    stack: list[Clause] = []
    has_sections = any(clause.marked.marker and clause.rank <= ROMAN for clause in clauses)
    last_number = max((n for n, c in enumerate(clauses) if c.marked.marker and c.rank < BULLET), default=0)
    for place, clause in enumerate(clauses):
        following = clauses[place + 1] if place + 1 < len(clauses) else None
        if clause.label == "|":
            _attach(clause, next((c for c in reversed(stack) if c.rank < BULLET), None))
            continue
        if clause.marked.marker is None:
            may_close = place > last_number or _is_among_organisations(stack)
            _place_unmarked(clause, following, stack, has_sections=has_sections, may_close=may_close)
        elif clause.rank == BULLET:
            _place_bullet(clause, stack)
        else:
            _place_numbered(clause, stack)


def _place_numbered(clause: Clause, stack: list[Clause]) -> None:
    while stack and stack[-1].rank >= clause.rank:
        stack.pop()
    _attach(clause, stack[-1] if stack else None)
    stack.append(clause)


def _place_bullet(clause: Clause, stack: list[Clause]) -> None:
    """A bullet of a kind already open is its sibling; a new kind goes one level deeper."""
    if any(other.label == clause.label and other.rank >= BULLET for other in stack):
        while stack[-1].label != clause.label:
            stack.pop()
        clause.rank = stack.pop().rank
    elif stack and stack[-1].rank >= BULLET:
        clause.rank = stack[-1].rank + 1
    _attach(clause, stack[-1] if stack else None)
    stack.append(clause)


def _place_unmarked(
    clause: Clause, following: Clause | None, stack: list[Clause], *, has_sections: bool, may_close: bool
) -> None:
    """`may_close`: what sounds like the end of a plan may be it; amid the numbered tasks it is one of them."""
    words = clause.text
    is_open = any(c.label and c.rank < BULLET for c in stack)
    if _is_section_title(clause, bold_is_enough=not has_sections and not is_open):
        clause.rank, clause.label = ROMAN, ""
        _place_numbered(clause, stack)
        return
    while stack and stack[-1].rank >= BULLET:
        stack.pop()
    if _is_unnumbered_heading(clause, following, stack):
        clause.label = ""
        _place_unnumbered_heading(clause, stack)
        return
    orders = gives_order(words) and _is_among_organisations(stack)
    closes = may_close and is_closing_clause(words)
    if (orders or closes) and not (stack and _awaits_content(stack[-1])):
        while stack and stack[-1].rank > ROMAN:
            stack.pop()
    _attach(clause, stack[-1] if stack else None)


def _awaits_content(clause: Clause) -> bool:
    """A heading with nothing under it yet: what follows is its text, however general it sounds."""
    return not clause.children and not clause.text.endswith(_CLOSED) and clause.rank > ROMAN


def _is_section_title(clause: Clause, *, bold_is_enough: bool) -> bool:
    """ "TỔ CHỨC THỰC HIỆN" without a number: capitals, short, and of a kind we know.

    Where a plan numbers no sections, a bold line of such words is one too.
    """
    words = clause.text.strip(" :.*")
    stands_out = words.isupper() or (bold_is_enough and clause.marked.is_bold)
    return stands_out and 2 <= len(words.split()) <= _SECTION_WORDS and classify(words) is not None


def _is_unnumbered_heading(clause: Clause, following: Clause | None, stack: list[Clause]) -> bool:
    words = clause.text.rstrip()
    if _names_organisation_first(clause, stack):
        return True
    if len(words) > _HEADING_LETTERS or words.endswith(_CLOSED) or following is None:
        return False
    if clause.marked.is_bold:
        return True
    inside = _is_among_organisations(stack)
    starts_list = following.marked.marker is not None and following.rank >= NUMBER
    return inside and is_organisation_name(words) and (starts_list or not words.endswith(":"))


def _names_organisation_first(clause: Clause, stack: list[Clause]) -> bool:
    """ "**Công an xã:** Xử lý …", also without the bold where nothing in the section is numbered."""
    if not _is_among_organisations(stack):
        return False
    if clause.marked.lead and not clause.marked.is_bold:
        return is_organisation_name(clause.marked.lead)
    name, colon, rest = clause.body[:_HEADING_LETTERS].partition(":")
    numbered = any(NUMBER <= c.rank < BULLET and c.label for c in stack)
    return bool(colon and rest.strip()) and not numbered and is_organisation_name(name)


def _is_among_organisations(stack: list[Clause]) -> bool:
    section = next((c for c in reversed(stack) if classify(c.body)), None)
    return section is not None and classify(section.body) == ORGANISATION


def _place_unnumbered_heading(clause: Clause, stack: list[Clause]) -> None:
    sibling = next((c for c in reversed(stack) if c.label == "" and c.rank % 10 == _HALF), None)
    if sibling is not None:
        while stack.pop() is not sibling:
            pass
        clause.rank = sibling.rank
    else:
        clause.rank = (stack[-1].rank // 10 * 10 if stack else PART) + _HALF
    _attach(clause, stack[-1] if stack else None)
    stack.append(clause)


def _attach(clause: Clause, parent: Clause | None) -> None:
    clause.parent = parent
    if parent is not None:
        parent.children.append(clause)


def _find_headings(clauses: list[Clause]) -> None:
    for clause in clauses:
        open_end = len(clause.text) <= _HEADING_LETTERS and not clause.text.rstrip("* ").endswith(_CLOSED)
        if clause.label == "|":
            clause.kind = "table"
        elif clause.rank <= ROMAN or (clause.label == "" and (clause.marked.is_bold or open_end)):
            clause.kind = "heading"
        elif clause.marked.marker is None:
            clause.kind = "paragraph"
        else:
            names_what_follows = bool(clause.children) and open_end
            clause.kind = "heading" if names_what_follows or clause.marked.is_bold else "item"


def _find_sections(clauses: list[Clause]) -> None:
    for clause in clauses:
        if clause.is_heading and _lists_organisations(clause):
            clause.section = ORGANISATION
            continue
        if clause.parent is None:
            clause.section = classify(clause.body) if clause.is_heading else None
        elif not clause.is_heading:
            clause.section = clause.parent.section
        elif clause.parent.section is None:
            clause.section = classify(clause.body)
        else:
            clause.section = reclassify(clause.body, clause.parent.section)


def _take_unknown_for_tasks(clauses: list[Clause]) -> None:
    """Where nothing is called tasks, the numbered sections of unknown name are ("III. Công tác tuyên truyền")."""
    for clause in clauses:
        if clause.parent is not None:
            inherits = clause.section is None
            clause.section = clause.parent.section if inherits else clause.section
        elif clause.section is None and clause.is_heading and clause.is_list_item and clause.children:
            clause.section = TASKS


def _lists_organisations(clause: Clause) -> bool:
    """Whatever a heading is called: a list of organisations with duties under each is one that assigns."""
    if clause.parent is not None and clause.parent.section == ORGANISATION:
        return False
    numbered = [child for child in clause.children if child.is_list_item or child.is_heading]
    named = [child for child in numbered if child.is_heading and is_organisation_name(child.body)]
    return len(named) >= 2 and len(named) * 10 >= len(numbered) * 6


def _name_paths(clauses: list[Clause]) -> None:
    counts: dict[tuple[str, str], int] = {}
    repeats: dict[str, int] = {}
    for clause in clauses:
        above = clause.parent.path if clause.parent else ""
        label = clause.label or "§"
        if label in ("¶", "§", "|") or clause.rank >= BULLET:
            counts[above, label] = counts.get((above, label), 0) + 1
            label += str(counts[above, label])
        elif "." in label and clause.parent:
            above = _without_own_number(above, label)
        path = f"{above}.{label}" if above else label
        repeats[path] = repeats.get(path, 0) + 1
        clause.path = path if repeats[path] == 1 else f"{path}({repeats[path]})"


def _without_own_number(above: str, label: str) -> str:
    """ "2.1" under "III.2" is "III.2.1", not "III.2.2.1"."""
    head = label.rpartition(".")[0]
    if above == head or above.endswith("." + head):
        return above[: len(above) - len(head)].rstrip(".")
    return above
