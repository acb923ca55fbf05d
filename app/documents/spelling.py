"""Words a scanner or a typist most likely got wrong. Suggestions only: nothing is ever corrected here.

Three rules. A syllable Vietnamese cannot have ("kip": p, t, c, ch carry only the sharp or heavy tone). Two
syllables that differ from a common administrative word in their marks alone ("chuyên đổi"). A short list of
other confusions seen in scanned plans.
"""

import re
import unicodedata
from dataclasses import dataclass

from app.text import compare_key, fold

# Common words whose letters, read without marks, hardly ever mean anything else side by side.
_COMMON = (
    "an sinh,ban chấp hành,bảo đảm,bền vững,báo cáo,cải cách,cán bộ,chất lượng,chính quyền,chính sách,chính trị,chỉ đạo,"
    "chuyên môn,chuyển đổi,chủ trì,chủ trương,chương trình,công chức,công khai,công nghệ,cộng đồng,cụ thể hóa,cụ thể,"
    "dân chủ,dịch vụ,doanh nghiệp,đảm bảo,đánh giá,đảng bộ,đảng ủy,đảng viên,đẩy mạnh,điều chỉnh,điều hành,định hướng,"
    "định kỳ,đôn đốc,đồng bộ,động viên,giải pháp,giám sát,giáo dục,giáo viên,hạ tầng,hành chính,hiệu quả,hiện đại,"
    "hoàn thành,hoàn thiện,học sinh,học tập,hội nhập,hợp tác,huy động,hướng dẫn,kế hoạch,khai thác,khắc phục,khuyến khích,"
    "kinh tế,kịp thời,kiểm tra,lãnh đạo,lồng ghép,mặt trận,mầm non,mục tiêu,nâng cấp,nền tảng,nghiêm túc,nghị quyết,"
    "nguồn lực,nhân dân,nhiệm vụ,nông nghiệp,nông thôn,phát huy,phát triển,phấn đấu,phân công,phòng chống,phong trào,"
    "phối hợp,phổ biến,phổ cập,quan tâm,quán triệt,quốc gia,quốc tế,quy định,quy hoạch,quyết định,sáng tạo,"
    "sơ kết,sửa chữa,tầm nhìn,tăng cường,tham mưu,thành phố,thống kê,thống nhất,thông qua,thường trực,thường xuyên,"
    "thực tiễn,tiểu học,tiếp tục,tích cực,tình hình,toàn diện,tổng hợp,tổng kết,trách nhiệm,triển khai,trung học,"
    "trí tuệ,trực thuộc,tuyên truyền,tự nguyện,tỷ lệ,ủy ban,ưu tiên,ứng dụng,vận động,viên chức,văn bản,văn hóa,"
    "xã hội,xây dựng,xóa đói,y tế"
).split(",")
# Good Vietnamese that looks like one of the above, within a word or across two.
_ALSO_RIGHT = (
    "phần đầu,phân đầu,chuyên đổi mới,tuyến truyền,tiếp túc,tập huấn,chủ trị,chữ trí,bao cao,bảo cao,cân bộ,căn bộ,"
    "danh giá,đánh gia,dan chu,dẫn chủ,dân chú,định ky,dinh kỳ,công khái,thành phổ,thành phô,van ban,vẫn bản,"
    "vận hóa,học sinh,tri tuệ,thông kê,đồng bọ,động bộ,quy hoạch,quý định,quỹ định,quy đinh,phong trảo,nhân dẫn,"
    "kiểm trả,hoàn thanh,ưu tiện,y tê,ý tế,ty lệ,xa hội,tinh hình,tính hình,hướng dân,quan tam,thông quá,thống quà,"
    "thông nhất,hợp tắc,hiện đài,tong hợp,dong vien,đồng viên,động viện,công động,cộng đồng,cơ sở,phòng trào,quốc giá,"
    "sơ kêt,thực tiên,chính trì,chinh trị,báo đảm,tầm nhin,an sinh,ân sinh,tổng hợp,chuyển đội,giao dục,giáo viện,giao viên,"
    "dịch vu,chuyên mon,phân cong,phần công,mục tiểu,trung hoc,trùng học,trúng học,tiểu hoc,học tạp,nông thốn,điều hanh,"
    "triển khái,hạ tang,chính quyến,quân triệt,công chúc,kịp thôi,nguồn lục,thành phần,thanh phố"
).split(",")
# Words whose halves meet a neighbour and then look like one of the above: "chủ động | bố trí", "tâm tư | nguyện vọng".
_NEIGHBOURS = (
    "bắt đầu,bố trí,bộ đội,chi bộ,chủ động,cơ bản,đại diện,đề nghị,điều kiện,định mức,động lực,đơn vị,đời sống,giao lưu,"
    "giá trị,hành động,hình thức,hiện thực,hoạt động,hội viên,khơi dậy,kiến nghị,kiến thức,kỹ năng,lao động,lâm nghiệp,mạnh mẽ,"
    "nghề nghiệp,nguyện vọng,nhận thức,nội bộ,nội dung,phù hợp,quan hệ,quyết liệt,quyết tâm,sản xuất,tham gia,"
    "thời gian,tiến bộ,tổ chức,tâm tư,thông tin,thực hiện,toàn bộ,trình độ,tư tưởng,yêu cầu,đồng chí,sinh viên,nhân viên"
).split(",")
_BY_LETTERS: dict[str, set[str]] = {}
for _word in _COMMON:
    _BY_LETTERS.setdefault(fold(_word), set()).add(compare_key(_word))
_RIGHT = {compare_key(word) for word in (*_COMMON, *_ALSO_RIGHT)}
_KNOWN = {compare_key(word) for word in (*_COMMON, *_NEIGHBOURS)}
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
    "chi tiêu kế hoạch": "chỉ tiêu kế hoạch",
    "chủ tham mưu": "chủ động tham mưu",
    "ũy ban": "ủy ban",
    "xoá mủ chữ": "xóa mù chữ",
    "xóa mủ chữ": "xóa mù chữ",
}
_CONFUSED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _CONFUSIONS))})(?!\w)", re.IGNORECASE)
# "phần đầu" is also "the first part": before a figure, a year or an aim it can only be "phấn đấu".
_AIM_MISREAD = re.compile(
    r"(?<!\w)(?:phần đầu|phân đấu|phấn đầu|phần đấu|phân đầu)(?=\s+(?:đến|đạt|ít nhất|tối thiểu|trên|có|hoàn thành|tỷ lệ|"
    r"mỗi|năm|xây dựng|giảm|tăng|để|trở thành|\d))",
    re.IGNORECASE,
)
_PROVINCES = (
    "An Giang,Bắc Ninh,Cà Mau,Cao Bằng,Cần Thơ,Đà Nẵng,Đắk Lắk,Điện Biên,Đồng Nai,Đồng Tháp,Gia Lai,Hà Nội,Hà Tĩnh,"
    "Hải Phòng,Hưng Yên,Khánh Hòa,Lai Châu,Lâm Đồng,Lạng Sơn,Lào Cai,Nghệ An,Ninh Bình,Phú Thọ,Quảng Ngãi,Quảng Ninh,"
    "Quảng Trị,Sơn La,Tây Ninh,Thái Nguyên,Thanh Hóa,Tuyên Quang,Vĩnh Long"
).split(",")
_PROVINCE_BY_LETTERS = {fold(name): name for name in _PROVINCES}
_AFTER_PROVINCE = re.compile(r"(?:tỉnh|thành phố)\s+(\w+\s\w+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvxđ])?"
_NUCLEUS = (
    r"(?:uyê|uya|uye|iêu|yêu|ươi|ươu|uôi|oai|oay|oeo|uây|uao|uêu|iê|yê|ươ|uô|oa|oă|oe|uâ|uê|uơ|uy|ia|ya|ưa|ua|ai|ao|au|ay|âu|"
    r"ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uu|oo|[aăâeêioôơuưy])"
)
_STOPPED = re.compile(rf"{_ONSET}{_NUCLEUS}(?:ch|[ptc])")
_SYLLABLE = re.compile(rf"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[mnptc])?")
_SHARP_OR_HEAVY = ("\u0301", "\u0323")
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_FOREIGN = frozenset(
    "chip chat kit top hot pop rap set net vip bit pit hip tip list sat nut pat pet pin lit mic pic sic tic vac"
    " nước được internet robot logic clip tac cot ac ec et at it ep op up ut mac mat cac tat pac hac".split()
)


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
    for hit in _AFTER_PROVINCE.finditer(text):
        province = _PROVINCE_BY_LETTERS.get(fold(hit.group(1)))
        if province and compare_key(province) != compare_key(hit.group(1)):
            found[hit.start(1)] = Misread(hit.group(1), province, hit.start(1))
    _find_by_letters(text, found)
    return [found[place] for place in sorted(found)]


def _find_by_letters(text: str, found: dict[int, Misread]) -> None:
    words = list(_WORD.finditer(text))
    covered = set(found)
    known = _places_of_known_words(text, words)
    for one, two in zip(words, words[1:], strict=False):
        if text[one.end() : two.start()] != " " or {one.start(), two.start()} & (covered | known):
            continue
        pair = f"{one.group()} {two.group()}"
        meant = _BY_LETTERS.get(fold(pair))
        if meant and compare_key(pair) not in _RIGHT and not _is_proper(one.group(), two.group()):
            found[one.start()] = Misread(pair, sorted(meant)[0], one.start())
            covered |= {one.start(), two.start()}
    for word in words:
        if word.start() not in covered and not is_possible_syllable(word.group()):
            found[word.start()] = Misread(word.group(), None, word.start())


def _places_of_known_words(text: str, words: list[re.Match[str]]) -> set[int]:
    known: set[int] = set()
    for one, two in zip(words, words[1:], strict=False):
        if compare_key(text[one.start() : two.end()]) in _KNOWN:
            known |= {one.start(), two.start()}
    return known


def is_possible_syllable(word: str) -> bool:
    """False for letters no Vietnamese syllable has, among lower-case words that are not plainly foreign."""
    if not word.islower() or not 1 < len(word) < 8 or word in _FOREIGN:
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
