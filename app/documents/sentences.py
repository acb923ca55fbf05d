"""Splitting Vietnamese text into sentences and clauses without breaking abbreviations, quotes and figures."""

import re

_END = re.compile(r"[.!?…]+[”\")]*\s+(?=[“\"(]?[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ\d])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TS|ThS|PGS|GS|BS|KS|CN|TP|Tp|TT|TM|KT|TL|Q|P|X|H|T|Đ/c|đ/c|St|Nxb|NXB|Tr|TTr|v\.v|vv|[A-ZĐ])\.$"
)
_OPEN, _CLOSE = "“(«", "”)»"


def split_sentences(text: str) -> list[str]:
    """Sentences with their final mark. A semicolon does not end one; nor does a point inside quotes or brackets."""
    sentences, begin = [], 0
    depths = _depths(text)
    for found in _END.finditer(text):
        upto = text[begin : found.end()].rstrip()
        if depths[found.start()] > 0 or _ABBREVIATION.search(upto[-12:]):
            continue
        sentences.append(upto)
        begin = found.end()
    sentences.append(text[begin:].strip())
    return [sentence for sentence in sentences if sentence]


def _depths(text: str) -> list[int]:
    """How many quotes and brackets are open at each letter; an unclosed one stops counting after 400 letters."""
    depths, opened = [], []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSE and opened:
            opened.pop()
        if opened and place - opened[0] > 400:
            opened.clear()
        depths.append(len(opened))
    return depths
