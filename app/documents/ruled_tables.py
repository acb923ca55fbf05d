"""Tables by the lines drawn round their cells: the lines make a grid, words in one cell belong together. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.page_rows import plain_lines
from app.documents.paper import PaperLine, PaperTable, PaperWord

# Points, as far as two strokes of one line may lie apart.
_NEAR = 3.0
_MOST_CELLS = 20_000
# Each way, for two rows and two columns.
_FEWEST_LINES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: at `at` on its own axis, from `begin` to `end` along the other."""

    at: float
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    across: list[Rule]
    down: list[Rule]


def tables_in(rules: Rules, words: list[PaperWord]) -> list[PaperTable]:
    """Tables of at least two rows and two columns with words in them, from the top of the page."""
    tables = [table for group in _groups(rules) if (table := _table(group, words)) is not None]
    return sorted(tables, key=lambda table: table.top)


def of_tables(rules: Rules) -> Rules:
    """Only the lines that make grids, without underlines and strokes of a drawing."""
    grids = [group for group in _groups(rules) if _is_grid(group)]
    return Rules(
        [rule for grid in grids for rule in grid.across], [rule for grid in grids for rule in grid.down]
    )


def without(words: list[PaperWord], tables: list[PaperTable]) -> list[PaperWord]:
    """The words that stand in none of the tables."""
    taken = {
        id(word)
        for table in tables
        for row in table.rows
        for cell in row
        for line in cell or ()
        for word in line.words
    }
    return [word for word in words if id(word) not in taken]


def _groups(rules: Rules) -> Iterator[Rules]:
    """Lines that touch belong to one table."""
    everything = [(rule, True) for rule in rules.across] + [(rule, False) for rule in rules.down]
    while everything:
        group, everything = [everything[0]], everything[1:]
        grown = True
        while grown:
            touching = [one for one in everything if any(_touch(one, other) for other in group)]
            grown = bool(touching)
            chosen = {id(one) for one in touching}
            everything = [one for one in everything if id(one) not in chosen]
            group += touching
        yield Rules([r for r, across in group if across], [r for r, across in group if not across])


def _touch(one: tuple[Rule, bool], other: tuple[Rule, bool]) -> bool:
    (a, a_across), (b, b_across) = one, other
    if a_across == b_across:
        return abs(a.at - b.at) <= _NEAR and a.begin - _NEAR <= b.end and b.begin - _NEAR <= a.end
    return a.begin - _NEAR <= b.at <= a.end + _NEAR and b.begin - _NEAR <= a.at <= b.end + _NEAR


def _is_grid(rules: Rules) -> bool:
    return (
        len(_places([rule.at for rule in rules.down])) >= _FEWEST_LINES
        and len(_places([rule.at for rule in rules.across])) >= _FEWEST_LINES
    )


def _table(rules: Rules, words: list[PaperWord]) -> PaperTable | None:
    xs = _places([rule.at for rule in rules.down])
    ys = _places([rule.at for rule in rules.across])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:
        return None
    cells = _merged(rules, xs, ys)
    held: dict[tuple[int, int], list[PaperWord]] = {}
    for word in words:
        row, column = _slot(ys, (word.top + word.bottom) / 2), _slot(xs, (word.left + word.right) / 2)
        if row is not None and column is not None:
            held.setdefault(cells[row, column], []).append(word)
    if len(held) < 3:
        return None
    content = [[_cell((row, column), cells, held) for column in range(columns)] for row in range(rows)]
    return PaperTable(ys[0], ys[-1], [row for row in content if any(row)])


def _cell(
    place: tuple[int, int],
    cells: dict[tuple[int, int], tuple[int, int]],
    held: dict[tuple[int, int], list[PaperWord]],
) -> list[PaperLine] | None:
    first = cells[place]
    if first[0] < place[0] and first[1] == place[1]:
        return None
    return plain_lines(held.get(place, []))


def _places(values: list[float]) -> list[float]:
    """Strokes of one line count once."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _slot(edges: list[float], place: float) -> int | None:
    return next((i for i in range(len(edges) - 1) if edges[i] <= place < edges[i + 1]), None)


def _merged(rules: Rules, xs: list[float], ys: list[float]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid the first place (top, then left) of the cell it belongs to."""
    first = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while first[place] != place:
            place = first[place]
        return place

    for row, column in list(first):
        middle_y, middle_x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column and not _is_drawn(rules.down, xs[column], middle_y):
            _join(first, root((row, column - 1)), root((row, column)))
        if row and not _is_drawn(rules.across, ys[row], middle_x):
            _join(first, root((row - 1, column)), root((row, column)))
    return {place: root(place) for place in first}


def _join(first: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], two: tuple[int, int]) -> None:
    first[max(one, two)] = min(one, two)


def _is_drawn(rules: list[Rule], at: float, beside: float) -> bool:
    return any(
        abs(rule.at - at) <= _NEAR and rule.begin - _NEAR <= beside <= rule.end + _NEAR for rule in rules
    )
