"""What stands on pages beside the text: page numbers and headers or footers that come again on each page."""

import re
from collections import Counter

from app.documents.lines import is_page_number
from app.documents.paper import PaperLine, PaperPage

# Share of a page's height at its top and bottom where such lines stand.
_MARGIN = 0.1
_FEWEST_PAGES = 3
_DIGITS = re.compile(r"\d+")


def take_page_numbers(pages: list[PaperPage]) -> dict[int, list[PaperLine]]:
    """Remove page numbers from the pages' content; by page, so that they can be put where they cut no sentence."""
    return {
        page.number: _take(page, [line for line in _edges(page) if _is_number(line, page)]) for page in pages
    }


def drop_running_lines(pages: list[PaperPage]) -> None:
    """Remove what is printed on most pages alike: it is the page's, not the document's; the page's picture has it."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _in_margins(page)})
    often = {key for key, count in seen.items() if count >= _FEWEST_PAGES and count * 2 >= len(pages)}
    for page in pages:
        if page.number > 1:
            _take(page, [line for line in _in_margins(page) if _key(line) in often])


def _edges(page: PaperPage) -> list[PaperLine]:
    """The highest and the lowest line of a page."""
    lines = sorted(page.lines(), key=lambda line: line.base)
    return list({id(line): line for line in (lines[:1] + lines[-1:])}.values())


def _is_number(line: PaperLine, page: PaperPage) -> bool:
    """In the margin, and apart from what is next to it."""
    others = [other for other in page.lines() if other is not line]
    apart = min((abs(other.base - line.base) for other in others), default=page.height)
    near_edge = line.top < page.height * _MARGIN or line.bottom > page.height * (1 - _MARGIN)
    return is_page_number(line.text) and near_edge and apart > line.size * 1.2


def _in_margins(page: PaperPage) -> list[PaperLine]:
    low, high = page.height * _MARGIN, page.height * (1 - _MARGIN)
    return [line for line in page.lines() if line.bottom < low or line.top > high]


def _key(line: PaperLine) -> str:
    return _DIGITS.sub("0", line.text)


def _take(page: PaperPage, lines: list[PaperLine]) -> list[PaperLine]:
    taken = {id(line) for line in lines}
    page.content = [part for part in page.content if id(part) not in taken]
    return lines
