"""Words of one page → lines in the order a reader takes them: letterheads and signatures column by column."""

from dataclasses import dataclass

from app.documents.markers import find_marker
from app.documents.paper import PaperLine, PaperWord
from app.documents.zones import kind_of

# In multiples of the letters' size.
_SAME_LINE = 0.45
_COLUMN_GAP = 1.2
_WIDE_GAP = 4.0
_NARROWEST_GUTTER = 0.7
_TIGHT = 1.9
_SIGNATURE_SPACE = 9.0


@dataclass(slots=True)
class _Row:
    """Words on one height; `gap` is the widest (left, right) space between two of them that may part columns."""

    words: list[PaperWord]
    gap: tuple[float, float] | None = None

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)


def order_lines(words: list[PaperWord]) -> list[PaperLine]:
    """Lines of a page in reading order; those of columns stand alone."""
    rows = [_with_gap(row) for row in _rows(words)]
    lines: list[PaperLine] = []
    place = 0
    while place < len(rows):
        region = _region(rows, place)
        if region is None:
            lines.append(PaperLine(rows[place].words))
            place += 1
        else:
            first, last, gutter = region
            # Rows above the first split one that lie in one column were already taken as lines.
            lines += _columns(rows[first : last + 1], gutter)
            place = last + 1
    return lines


def plain_lines(words: list[PaperWord]) -> list[PaperLine]:
    """Lines of words that stand in one column, as those of a table's cell do."""
    return [PaperLine(row.words) for row in _rows(words)]


def pieces(words: list[PaperWord]) -> list[str]:
    """What stands together on each line, parted where a column may begin."""
    found: list[str] = []
    for row in _rows(words):
        reached: float | None = None
        for word in row.words:
            if reached is None or word.left - reached > _COLUMN_GAP * row.size:
                found.append(word.text)
            else:
                found[-1] += f" {word.text}"
            reached = word.right
    return found


def _rows(words: list[PaperWord]) -> list[_Row]:
    rows: list[_Row] = []
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        last = rows[-1] if rows else None
        if last is not None and abs(word.base - last.base) <= _SAME_LINE * max(word.size, last.size):
            last.words.append(word)
        else:
            rows.append(_Row([word]))
    for row in rows:
        row.words.sort(key=lambda word: word.left)
    return rows


def _with_gap(row: _Row) -> _Row:
    widest: tuple[float, float] | None = None
    reached = row.words[0].right
    for place, word in enumerate(row.words[1:], start=1):
        space = word.left - reached
        after_label = place <= 2 and _is_label(row.words[:place])
        if (
            space > _COLUMN_GAP * row.size
            and not after_label
            and (widest is None or space > widest[1] - widest[0])
        ):
            widest = (reached, word.left)
        reached = max(reached, word.right)
    row.gap = widest
    return row


def _is_label(words: list[PaperWord]) -> bool:
    """ "1." or "-" before a tab: the space behind it parts no columns."""
    label = " ".join(word.text for word in words)
    marker = find_marker(label + " Ab")
    return marker is not None and marker.length >= len(label)


def _region(rows: list[_Row], first: int) -> tuple[int, int, tuple[float, float]] | None:
    """(first row, last row, gutter) of the two columns that begin here, None where none do.

    Rows that lie wholly on one side go with it: a long left column beside a short right one.
    """
    if rows[first].gap is None and not _leads_to_split(rows, first):
        return None
    gutter: tuple[float, float] | None = None
    split = 0
    last = split_last = first
    for place in range(first, len(rows)):
        row = rows[place]
        if place > first and (not _is_near(rows[place - 1], row, gutter) or _is_title(row)):
            break
        narrowed = _narrowed(gutter, row)
        if narrowed is None:
            break
        if row.gap is not None:
            split += 1
            split_last = place
        gutter, last = narrowed, place
    if gutter is None or not split:
        return None
    if split == 1 and gutter[1] - gutter[0] < _WIDE_GAP * rows[split_last].size:
        return None
    return first, _end_of_region(rows, split_last, last, gutter), gutter


def _leads_to_split(rows: list[_Row], first: int) -> bool:
    """A line on the right only, close above a split one: the right column begins higher."""
    row = rows[first]
    if first + 1 >= len(rows) or rows[first + 1].gap is None:
        return False
    gap = rows[first + 1].gap
    near = rows[first + 1].base - row.base <= _TIGHT * row.size
    return near and gap is not None and row.left >= gap[1] - row.size * 12 and row.left > gap[0]


def _is_title(row: _Row) -> bool:
    """ "KẾ HOẠCH" in the middle below a letterhead belongs to neither column."""
    words = " ".join(word.text for word in row.words)
    return row.gap is None and words.isupper() and kind_of(words) is not None


def _is_near(above: _Row, row: _Row, gutter: tuple[float, float] | None) -> bool:
    apart = row.base - above.base
    if gutter is not None and row.left >= gutter[0] and row.gap is None:
        return apart <= _SIGNATURE_SPACE * row.size
    return apart <= _TIGHT * 1.6 * row.size


def _narrowed(gutter: tuple[float, float] | None, row: _Row) -> tuple[float, float] | None:
    """The white strip that is left between the columns when this row is added; None where there is none."""
    if gutter is None:
        return row.gap or (0.0, row.left)
    low, high = gutter
    if row.gap is not None:
        low, high = max(low, row.gap[0]), min(high, row.gap[1])
    elif row.right <= high:
        low = max(low, row.right)
    elif row.left >= low:
        high = min(high, row.left)
    else:
        return None
    return (low, high) if high - low >= _NARROWEST_GUTTER * row.size else None


def _end_of_region(rows: list[_Row], split_last: int, last: int, gutter: tuple[float, float]) -> int:
    """Behind the last split row come the rest of a list on the left, tightly, or a name on the right."""
    place = split_last
    while place < last:
        above, row = rows[place], rows[place + 1]
        on_right = row.left >= gutter[0] + (gutter[1] - gutter[0]) / 2
        if not on_right and row.base - above.base > _TIGHT * row.size:
            break
        place += 1
    return place


def _columns(rows: list[_Row], gutter: tuple[float, float]) -> list[PaperLine]:
    middle = (gutter[0] + gutter[1]) / 2
    left = [[word for word in row.words if word.left < middle] for row in rows]
    right = [[word for word in row.words if word.left >= middle] for row in rows]
    return [PaperLine(words, stands_alone=True) for words in (*left, *right) if words]
