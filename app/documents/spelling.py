"""Words a scanner or a typist most likely got wrong. Suggestions only: nothing is ever corrected here.

Four rules. A syllable Vietnamese cannot have ("kip": p, t, c, ch carry only the sharp or heavy tone). Two
syllables that differ from a common administrative word in their marks alone ("chuyên đổi"). A short list of
other confusions seen in scanned plans. Letters inside figures ("l00%", "2O30").
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.documents.words import ALSO_RIGHT, COMMON, FOREIGN, NEIGHBOURS, PROVINCES
from app.text import compare_key, fold

_BY_LETTERS: dict[str, set[str]] = {}
for _word in COMMON:
    _BY_LETTERS.setdefault(fold(_word), set()).add(compare_key(_word))
_RIGHT = {compare_key(word) for word in (*COMMON, *ALSO_RIGHT)}
_KNOWN = {compare_key(word) for word in (*COMMON, *NEIGHBOURS)}
_CONFUSIONS = {
    "tự nghiện": "tự nguyện",
    "chỉ tịch": "chủ tịch",
    "sây dựng": "xây dựng",
    "di rời": "di dời",
    "sữa chữa": "sửa chữa",
    "tự thực": "tư thục",
    "thu nhập số liệu": "thu thập số liệu",
    "thu nhập thông tin": "thu thập thông tin",
    "nâng cáo": "nâng cao",
    "đồi mới": "đổi mới",
    "đối mới": "đổi mới",
    "chỉ bộ": "chi bộ",
    "tố chức": "tổ chức",
    "tố dân phố": "tổ dân phố",
    "tống hợp": "tổng hợp",
    "chi tiêu kế hoạch": "chỉ tiêu kế hoạch",
    "chủ tham mưu": "chủ động tham mưu",
    "ũy ban": "ủy ban",
    "xoá mủ chữ": "xóa mù chữ",
    "xóa mủ chữ": "xóa mù chữ",
}
_CONFUSED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _CONFUSIONS))})(?!\w)", re.IGNORECASE)
# "phần đầu" is also "the first part": before a figure, a year or an aim it can only be "phấn đấu".
_AIM_MISREAD = re.compile(
    r"(?<!\w)(?:phần đầu|phân đấu|phấn đầu|phần đấu|phân đầu)(?=\s+(?:đến|đạt|ít nhất|tối thiểu|trên|có|hoàn thành|"
    r"tỷ lệ|"
    r"mỗi|năm|xây dựng|giảm|tăng|để|trở thành|\d))",
    re.IGNORECASE,
)
# A scanner's O, o, l and I among figures; "5G", "I2" and the like have other letters or no second figure.
_FIGURE_MISREAD = re.compile(
    r"(?<![\w/-])(?:\d+[OolI]+\d*|[OolI]\d[\dOolI]+|[lI][Oo0]{2})(?=[\s%,;.)]|/\d|$)"
)
_FIGURE_LETTERS = str.maketrans("OolI", "0011")
_PROVINCE_BY_LETTERS = {fold(name): name for name in PROVINCES}
_AFTER_PROVINCE = re.compile(r"(?:tỉnh|thành phố)\s+(\w+\s\w+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvxđ])?"
_NUCLEUS = (
    r"(?:uyê|uya|uye|iêu|yêu|ươi|ươu|uôi|oai|oay|oeo|uây|uao|uêu|iê|yê|ươ|uô|oa|oă|oe|uâ|uê|uơ|uy|ia|ya|ưa|ua|ai|"
    r"ao|au|ay|âu|"
    r"ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uu|oo|[aăâeêioôơuưy])"
)
_STOPPED = re.compile(rf"{_ONSET}{_NUCLEUS}(?:ch|[ptc])")
_SYLLABLE = re.compile(rf"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[mnptc])?")
_SHARP_OR_HEAVY = ("\u0301", "\u0323")
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@dataclass(frozen=True, slots=True)
class Misread:
    """`word` as it stands in the text at `start`; `meant` is the likely word, None where none is known."""

    word: str
    meant: str | None
    start: int


def find_misread(text: str) -> list[Misread]:
    """Suspicious words of one passage in order, each place once."""
    found: dict[int, Misread] = {}
    for hit in _CONFUSED.finditer(text):
        found[hit.start()] = Misread(hit.group(), _CONFUSIONS[hit.group().casefold()], hit.start())
    for hit in _AIM_MISREAD.finditer(text):
        found[hit.start()] = Misread(hit.group(), "phấn đấu", hit.start())
    for hit in _FIGURE_MISREAD.finditer(text):
        found[hit.start()] = Misread(hit.group(), hit.group().translate(_FIGURE_LETTERS), hit.start())
    for hit in _AFTER_PROVINCE.finditer(text):
        province = _PROVINCE_BY_LETTERS.get(fold(hit.group(1)))
        if province and compare_key(province) != compare_key(hit.group(1)):
            found[hit.start(1)] = Misread(hit.group(1), province, hit.start(1))
    _find_by_letters(text, found)
    return [found[place] for place in sorted(found)]


def _find_by_letters(text: str, found: dict[int, Misread]) -> None:
    words = list(_WORD.finditer(text))
    pairs = [(one, two) for one, two in pairwise(words) if text[one.end() : two.start()] == " "]
    judged = [(one, two, *_judge(f"{one.group()} {two.group()}")) for one, two in pairs]
    covered = set(found)
    for one, two, is_known, _ in judged:
        if is_known:
            covered |= {one.start(), two.start()}
    for one, two, _, meant in judged:
        if meant and not {one.start(), two.start()} & covered:
            found[one.start()] = Misread(f"{one.group()} {two.group()}", meant, one.start())
            covered |= {one.start(), two.start()}
    for word in words:
        if word.start() not in covered and not is_possible_syllable(word.group()):
            found[word.start()] = Misread(word.group(), None, word.start())


@lru_cache(maxsize=20_000)
def _judge(pair: str) -> tuple[bool, str | None]:
    """Whether two syllables make a word we know, and the word they resemble if they do not."""
    key = compare_key(pair)
    if key in _KNOWN:
        return True, None
    meant = _BY_LETTERS.get(fold(pair))
    resembles = meant and key not in _RIGHT and not _is_proper(*pair.split(" "))
    return False, sorted(meant)[0] if meant and resembles else None


@lru_cache(maxsize=20_000)
def is_possible_syllable(word: str) -> bool:
    """False for letters no Vietnamese syllable has, among lower-case words that are not plainly foreign."""
    if not word.islower() or not 1 < len(word) < 8 or word in FOREIGN or not word.isalpha():
        return True
    letters = unicodedata.normalize("NFD", word)
    tones = [letter for letter in letters if letter in _TONES]
    bare = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    if word.isascii():
        return not _STOPPED.fullmatch(word) and not re.fullmatch(r"[a-z]?[aeiouy][vfwjz]{1,2}f?", word)
    if not _SYLLABLE.fullmatch(bare):
        return len(tones) == 0 and bare.isascii()
    return not _STOPPED.fullmatch(bare) or (len(tones) == 1 and tones[0] in _SHARP_OR_HEAVY)


def _is_proper(one: str, two: str) -> bool:
    return one[:1].isupper() and two[:1].isupper() and not (one.isupper() and two.isupper())
