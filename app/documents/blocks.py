"""Text → blocks: paragraphs unwrapped, page breaks mended visibly, every non-blank character in one block."""

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.documents.lines import Layout, Line, measure_layout, split_columns, split_lines
from app.documents.markers import BULLET, Marked, bare, find_marker, read_marks
from app.documents.tables import Table, TableRow
from app.documents.zones import find_zones, is_recipients, is_signature
from app.text import fold

# A line that ends in one of these cannot end a paragraph.
_CANNOT_END = re.compile(
    r"(?:và|của|với|cho|các|những|về|tại|trong|theo|bằng|là|để|do|từ|hoặc|được|một|cùng|như|nhằm|bởi|số)$"
)
_FIRST_HALF = re.compile(
    r"(?:văn hóa|văn hoá|kinh tế|chính trị|tài chính|tư pháp|giáo dục|quốc phòng|kế hoạch|quy hoạch|thi đua|lao động|"
    r"thông tin|thể thao|văn phòng|khoa học|địa chính|phổ thông|thường xuyên|nghề nghiệp)$",
    re.IGNORECASE,
)
_SECOND_HALF = re.compile(
    r"(?:Xã hội|Thống kê|Kế toán|Hộ tịch|Tài chính|An ninh|Kiến trúc|Khen thưởng|Thể thao|Giáo dục|Công nghệ|"
    r"Thương binh|Nông nghiệp|Xây dựng|Môi trường|Du lịch|Đầu tư|Truyền thông|Thông tin)\b"
)
# General words that stand for themselves, even behind a full line.
_OPENS_PARAGRAPH = re.compile(
    r"(?:Giao|Trên đây|(?:Trong )?[Qq]uá trình|(?:Kế hoạch|Chương trình(?: hành động)?) này)\b"
)
_ENDS_SENTENCE = (".", ":", ";", "!", "?", "…")
_CLOSES = re.compile(r"""[”"»)\]'*_\s]+$""")
_LONG_ENOUGH_TO_BE_CUT = 40
# Letters from the margin where a signature printed beside the recipients begins.
_RIGHT_COLUMN = 24


@dataclass(slots=True)
class Block:
    """Lines that make one passage. `joins`: places where a piece after a page break was joined on.

    Counts of letters and marks are kept while lines are added: looking at the whole text again for every
    line would make a file of one endless paragraph take hours.
    """

    zone: str
    lines: list[Line]
    start: int
    end: int
    joins: list[int] = field(default_factory=list)
    letters: int = 0
    bold_marks: int = 0
    stars: int = 0

    @property
    def raw(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether bold, or italics that open the block, have not closed yet."""
        first = self.lines[0].text
        italics = first.startswith("*") and first[1:2] not in ("*", " ", "")
        return self.bold_marks % 2 == 1 or (italics and self.stars % 2 == 1)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.end = line.end
        self.letters += len(line.text)
        bold = line.text.count("**")
        self.bold_marks += bold
        self.stars += line.text.count("*") - 2 * bold

    def marked(self) -> Marked:
        return read_marks(self.raw.strip("| "))


def read_blocks(source: str, tables: Sequence[Table] = ()) -> list[Block]:
    """Each row of `tables` is a block of its own; the text around them is read as if they were not there."""
    every = split_lines(source)
    rows = [row for table in tables for row in table.rows]
    taken = {number for row in rows for number in range(row.first, row.last + 1)}
    lines = [line for number, line in enumerate(every) if number not in taken]
    layout = measure_layout(lines)
    zones = find_zones(lines, layout)
    blocks = [
        *_header_blocks(lines[: zones.decision_end], source),
        *_closing_blocks(lines[zones.decision_end : zones.title], source),
        *_title_block(lines[zones.title : zones.body]),
        *_body_blocks(lines[zones.body : zones.closing], layout),
        *_closing_blocks(lines[zones.closing : zones.annex], source),
        *_annex_blocks(lines[zones.annex :]),
    ]
    blocks = _with_ornaments(_with_rows(blocks, every, rows) if rows else blocks)
    return _covering(blocks, every) if rows else blocks


def _with_rows(blocks: list[Block], every: list[Line], rows: list[TableRow]) -> list[Block]:
    starts = sorted(row.start for row in rows)
    parts = [part for block in blocks for part in _parts(block, starts)]
    parts += [_block(f"table_{row.kind}", *every[row.first : row.last + 1]) for row in rows]
    return sorted(parts, key=lambda block: block.start)


def _parts(block: Block, starts: list[int]) -> list[Block]:
    """A block that was read on across rows of a table is cut there."""
    lines: dict[int, list[Line]] = {}
    for line in block.lines:
        lines.setdefault(bisect(starts, line.start), []).append(line)
    if bisect(starts, block.start) == bisect(starts, block.end - 1):
        return [block]
    return [_block(block.zone, *part) for part in lines.values()]


def _covering(blocks: list[Block], every: list[Line]) -> list[Block]:
    """Ornaments that fell out where a block was cut go with the block before them."""
    place = 0
    for line in every if blocks else ():
        while place + 1 < len(blocks) and blocks[place + 1].start <= line.start:
            place += 1
        if line.start >= blocks[place].end:
            blocks[place].end = line.end
    return blocks


def _header_blocks(lines: list[Line], source: str) -> list[Block]:
    blocks: list[Block] = []
    for line in (piece for whole in lines for piece in split_columns(whole, source)):
        if blocks and blocks[-1].is_open and not line.is_ornament:
            blocks[-1].add(line)
        else:
            blocks.append(_block("header", line))
    return blocks


def _title_block(lines: list[Line]) -> list[Block]:
    if not lines:
        return []
    block = _block("title", *lines)
    block.lines = [line for line in lines if not line.is_ornament] or lines
    return [block]


def _annex_blocks(lines: list[Line]) -> list[Block]:
    blocks: list[Block] = []
    for line in lines:
        wraps = blocks and not line.gap and line.text[:1].islower() and not line.text.startswith("|")
        if wraps:
            blocks[-1].add(line)
        else:
            blocks.append(_block("annex", line))
    return blocks


def _closing_blocks(lines: list[Line], source: str) -> list[Block]:
    """Recipients and signature, also when printed side by side."""
    blocks: list[Block] = []
    zone = "recipients"
    right_column: int | None = None
    beside = False
    for column, line in (found for whole in lines for found in enumerate(split_columns(whole, source))):
        marker = find_marker(bare(line.text))
        beside = beside or (column > 0 and is_signature(line.text))
        if is_signature(line.text) and line.indent >= _RIGHT_COLUMN:
            right_column = line.indent - _RIGHT_COLUMN // 2
        if (right_column is not None and line.indent >= right_column) or (beside and column > 0):
            blocks.append(_block("signature", line))
            continue
        if is_recipients(line.text) or (marker and marker.rank == BULLET):
            zone = "recipients"
        elif is_signature(line.text) or (zone == "recipients" and _is_name_after_list(line, blocks)):
            zone = "signature"
        elif blocks and _belongs_to_last(line, zone, blocks[-1]):
            blocks[-1].add(line)
            continue
        blocks.append(_block(zone, line))
    return blocks


def _belongs_to_last(line: Line, zone: str, last: Block) -> bool:
    if line.is_ornament or zone != last.zone:
        return False
    return zone == "recipients" or (last.is_open and not line.gap)


def _is_name_after_list(line: Line, blocks: list[Block]) -> bool:
    """ "Nguyễn Văn A" on its own after "- Lưu …." belongs to the signature, not to the last recipient."""
    words = bare(line.text).split()
    named = 2 <= len(words) <= 5 and all(word[:1].isupper() and word.isalpha() for word in words)
    return named and line.gap > 0 and bool(blocks) and blocks[-1].lines[-1].text.rstrip("*_ ").endswith(".")


def _body_blocks(lines: list[Line], layout: Layout) -> list[Block]:
    blocks: list[Block] = []
    for line in lines:
        between = blocks[-1:] if blocks and _is_page_number(blocks[-1]) else []
        block = blocks[-1 - len(between)] if len(blocks) > len(between) else None
        if (
            block is None
            or line.is_page_number
            or line.is_ornament
            or not _continues(block, line, layout, is_page_break=bool(between))
        ):
            blocks.append(_block("table" if line.is_table_row else "body", line))
            continue
        if line.gap or between:
            block.joins.append(line.start)
        block.add(line)
        if between:
            blocks.pop()
    return blocks


def _continues(block: Block, line: Line, layout: Layout, *, is_page_break: bool) -> bool:
    last = block.lines[-1]
    if block.zone == "table" or line.is_table_row or last.is_ornament:
        return False
    if line.gap:
        return _continues_after_break(block, line) or (is_page_break and _runs_over_page(block, line, layout))
    if _starts_clause(block, line):
        return False
    if block.is_open:
        return True
    if layout.has_blank_lines:
        return True
    return _continues_when_tight(block, line, layout)


def _starts_clause(block: Block, line: Line) -> bool:
    words = bare(line.text)
    marker = find_marker(words)
    if marker is None:
        return False
    # "… kinh tế" / "- xã hội …": a dash carried over by the wrap opens no clause.
    rest = words[marker.length :].strip()
    carried = marker.label == "-" and not _is_closed(block) and not line.gap
    if carried and rest[:1].isupper():
        # "Phòng Văn hóa" / "- Xã hội chủ trì …"
        carried = bool(_FIRST_HALF.search(bare(block.lines[-1].text)) and _SECOND_HALF.match(rest))
    return not carried


def _runs_over_page(block: Block, line: Line, layout: Layout) -> bool:
    """A full last line that no mark closed, or first lines are indented and this one is not."""
    words = bare(line.text)
    if layout.width is None or find_marker(words) or words.isupper() or _stands_in(block, line, layout):
        return False
    full = len(block.lines[-1].text) * 10 >= layout.width * 8
    if block.lines[0].indent - line.indent >= 2 or words[:1].islower():
        return full
    return full and not _is_closed(block) and not _had_room(block, words, layout.width)


def _continues_after_break(block: Block, line: Line) -> bool:
    """Whether a paragraph goes on behind a blank line, i.e. was cut by the end of a page."""
    words = bare(line.text)
    before = bare(block.lines[-1].text)
    if find_marker(words) or block.letters < _LONG_ENOUGH_TO_BE_CUT:
        return False
    trailing_dots = before.endswith(("...", "…"))
    if words[:1].islower():
        return trailing_dots or not _is_closed(block)
    if before.endswith(","):
        return not re.match(r"(can cu|thuc hien|xet|theo)\b", fold(bare(block.lines[0].text)[:20]))
    return bool(_CANNOT_END.search(before)) and not before.isupper()


def _continues_when_tight(block: Block, line: Line, layout: Layout) -> bool:
    """Without blank lines between paragraphs, a wrapped line is a full one, or the next begins in lower case."""
    last = block.lines[-1]
    words = bare(line.text)
    if line.indent >= last.indent + 2 and words[:1].isupper() and _is_closed(block):
        return False
    if words[:1].isupper() and _stands_in(block, line, layout):
        return False
    full = layout.width is not None and len(last.text) * 10 >= layout.width * 8
    if words[:1].islower():
        # "… quán triệt;" at a full line's end goes on with "xây dựng kế hoạch …".
        return full or not _is_closed(block)
    if layout.width is None or bare(block.lines[0].text).isupper() != words.isupper():
        return False
    # First lines are indented here and this one is not: the paragraph goes on, whatever the line before ended in.
    if full and len(block.lines) == 1 and block.lines[0].indent - line.indent >= 2:
        return True
    if not _is_closed(block) and _had_room(block, words, layout.width):
        return False
    if _is_closed(block) and _OPENS_PARAGRAPH.match(words):
        return False
    return full and not (_is_closed(block) and len(last.text) * 100 < layout.width * 92)


def _stands_in(block: Block, line: Line, layout: Layout) -> bool:
    """The line is indented like the first line of the paragraph before it, in a file that does so."""
    return layout.is_indented and line.indent >= max(3, block.lines[0].indent)


def _had_room(block: Block, words: str, width: int) -> bool:
    """Whether the next word had room on the line before, which then was ended on purpose."""
    first_word = words.split(maxsplit=1)[0] if words else ""
    return (len(block.lines[-1].text) + 1 + len(first_word)) * 10 <= width * 9


def _is_closed(block: Block) -> bool:
    return _CLOSES.sub("", block.lines[-1].text).endswith(_ENDS_SENTENCE)


def _is_page_number(block: Block) -> bool:
    return len(block.lines) == 1 and block.lines[0].is_page_number


def _block(zone: str, *lines: Line) -> Block:
    block = Block(zone, [], lines[0].start, lines[-1].end)
    for line in lines:
        block.add(line)
    return block


def _with_ornaments(blocks: list[Block]) -> list[Block]:
    """Lines without a letter ("|", "-----", "*") go with the block before them, or with the first one."""
    kept: list[Block] = []
    opening: int | None = None
    for block in blocks:
        ornament = all(line.is_ornament for line in block.lines) and not block.zone.startswith("table_")
        if ornament and kept:
            kept[-1].end = block.end
        elif ornament:
            opening = block.start if opening is None else opening
        else:
            if opening is not None and not kept:
                block.start = opening
            kept.append(block)
    if blocks and not kept:
        blocks[0].end = blocks[-1].end
    return kept or blocks[:1]
