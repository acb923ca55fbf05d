"""Names of organisations: where one begins, where it ends and the duty starts, and whether it means many.

A name begins with a head noun ("Ban", "Phòng", "Các chi bộ") and ends at a colon, at bold's end or at the first
verb. Verbs inside names are told apart by their capital ("Sở Xây dựng") or by standing right behind a head that
needs one ("Ban chỉ đạo", "Hội đồng phối hợp").
"""

import re
from dataclasses import dataclass

_LONGEST_NAME = 60
_PREFIX = re.compile(
    r"(?:\W*(?:(?:Trân trọng|Kính)\s+)?(?P<ask>đề nghị|kiến nghị)|(?:đồng thời,"
    r"?\s+)?(?:giao(?: cho)?(?: nhiệm vụ cho)?|"
    r"yêu cầu|phân công|đối với|trách nhiệm của|nhiệm vụ của|về phía))\s+(?=\S)",
    re.IGNORECASE,
)
_HEADS = (
    "an ninh|ban|bảo hiểm xã hội|báo|bí thư|bệnh viện|bộ|bưu điện|bưu cục|cảnh sát|cán bộ|câu lạc bộ|cấp ủy|cấp uỷ|"
    "chi bộ|chi ủy|chi uỷ|"
    "chi cục|chi đoàn|chi hội|chi nhánh|chính quyền|chủ tịch|chủ nhiệm|chủ đầu tư|chuyên viên|công an|công chức|"
    "công đoàn|"
    "công ty|cơ quan|cơ sở giáo dục|cục|doanh nghiệp|đài|đảng bộ|đảng uỷ|đảng ủy|đảng viên|điện lực|đoàn|đồn|"
    "đồng chí|đ/c|đội|"
    "đơn vị|giám đốc|hạt kiểm lâm|hđnd|hải quan|hiệp hội|hiệu trưởng|hội|hộ|hợp tác xã|htx|khối|kho bạc|khu dân cư|"
    "kiểm lâm|lãnh đạo|liên đoàn|liên hiệp|lực lượng|mặt trận|mttq|ngành|ngân hàng|nhà trường|nhà văn hóa|nhân dân|"
    "nhóm|người đứng đầu|phó|phòng|quân sự|quỹ|sở|tập thể|thanh tra|thành đoàn|thành viên|thành ủy|thành uỷ|"
    "thôn|thủ trưởng|thuế|thư viện|thường trực|tỉnh đoàn|tỉnh ủy|tỉnh uỷ|toà án|tòa án|toàn án|toàn thể|"
    "tổ|tổng công ty|trạm|trung đoàn|trung tâm|trường|trưởng|ttytế|ubkt|ubmttq|ubnd|ubmt|ủy ban|uỷ ban|ủy viên|"
    "uỷ viên|văn phòng|vietel|viettel|viện|viễn thông|vnpt|vp|xã đoàn|xí nghiệp|bí thư|bqldự án|bql|bch|bchqs|"
    "tất cả các|các|những|mỗi|từng|bản|xóm|ấp|tổ dân phố|tiểu ban|trung ương|bộ phận|cụm|tập đoàn|kế toán|"
    "địa chính|bộ đội|dân quân|khuyến nông|già làng|người có uy tín|chủ rừng|hội viên|đoàn viên|phụ nữ|"
    "cựu chiến binh|nông dân|đại diện|agribank|người dân|giáo viên"
)
_HEAD = re.compile(rf"(?:{_HEADS})(?![\w])", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"(?:ban hành|ban bố|báo cáo|bộ máy|bộ tiêu chí|các (?:nội dung|nhiệm vụ|giải pháp|mục tiêu|chỉ tiêu|chương trình|"
    r"hoạt động|văn bản|quy định|bước|mô hình|dự án|đề án|chính sách|điều kiện|nguồn|hình thức|biện pháp|công việc|"
    r"kế hoạch|vấn đề|tiêu chí|loại|chế độ|lĩnh vực|công trình|phong trào|lớp|hội nghị|sản phẩm|dịch vụ)|"
    r"cơ quan chủ trì|cơ quan phối hợp|đơn vị chủ trì|đơn vị phối hợp|đoàn kết|đội ngũ|hội nghị|hội thảo|hội nhập|"
    r"hội thi|"
    r"ngành nghề|nhóm (?:nhiệm vụ|giải pháp|chỉ tiêu)|phó mặc|phòng\s*,|phòng ngừa|phòng chống|phòng tránh|"
    r"quỹ đất|tập thể dục|thôn tính|thuế (?:suất|thu)|tổ chức\b(?! (?:đảng|đoàn|chính trị|xã hội|cơ sở|hội|"
    r"thành viên))|"
    r"trường hợp|trưởng thành|thành viên hóa|cơ sở vật chất|hộ chiếu|bản đồ|bản sắc|bản chất|"
    r"mỗi năm|từng bước|từng năm|các cấp học|những năm|lãnh đạo,? chỉ đạo|cụm từ|khối lượng|thường trực hệ thống)",
    re.IGNORECASE,
)
# Unambiguous openings of a duty: they end even a name that stands alone as a heading.
_STRONG = (
    "chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|căn cứ|theo chức năng|theo nhiệm vụ|trên cơ sở|tham mưu|"
    "tập trung lãnh đạo|tập trung chỉ đạo|làm đầu mối|là cơ quan|là đầu mối|là đơn vị|đẩy mạnh|tăng cường|"
    "thường xuyên|chủ động|tiếp tục|xây dựng kế hoạch|xây dựng chương trình|tổ chức thực hiện|tổ chức triển khai|"
    "triển khai thực hiện|nghiêm túc|kịp thời|hằng năm|hàng năm|hằng tháng|hàng tháng|hằng quý|định kỳ"
)
_VERBS = (
    f"{_STRONG}|báo cáo|ban hành|bảo đảm|bám sát|biên soạn|bổ sung|bố trí|cân đối|cập nhật|cần|cấp(?! (?:tỉnh|xã|"
    f"phường|huyện|trên|dưới|cơ sở|ủy|uỷ|học|phòng|thẩm))|chấp hành|chỉ đạo|chú trọng|"
    "chuẩn bị|cụ thể hóa|cụ thể hoá|cung cấp|cử|dựa trên|dự toán|duy trì|đảm bảo|đảm nhiệm|đánh giá|đăng ký|đăng tải|"
    "đề xuất|điều hành|định hướng|đôn đốc|đồng thời|đổi mới|đưa|được|đào tạo|gắn|giám sát|giúp|góp phần|gương mẫu|"
    "hoàn thành|hoàn thiện|hỗ trợ|huy động|hướng dẫn|khai thác|khẩn trương|khuyến khích|kiểm tra|kiểm soát|"
    "kiện toàn|kiến nghị|"
    "lãnh đạo|lập|lồng ghép|lựa chọn|mở rộng|mở|nâng cao|nắm|nghiên cứu|niêm yết|phải|phát động|phát hiện|phát huy|"
    "phản ánh|"
    "phân bổ|phân công|phân cấp|phổ biến|phê duyệt|quan tâm|quán triệt|quyết định|rà soát|sẵn sàng|sẽ|sử dụng|"
    "tạo điều kiện|tạo|tập huấn|tập trung|tham gia|theo dõi|theo thẩm quyền|thẩm định|thành lập|thanh tra,|"
    "thống nhất|thông qua|"
    "thông tin,? tuyên truyền|thúc đẩy|thực hiện|tích cực|tiến hành|tiếp nhận|tiếp thu|tìm kiếm|tổ chức(?= (?:thực|"
    "triển|quán|"
    "tuyên|các|hội|kiểm|đánh|lớp|tốt|tập|sinh|thi|học|phổ|giám|cho|đăng|ký|rà|và|có|chi|theo|phong|đấu|vận|nghiên|"
    "xây))|"
    "tổng hợp|tổng kết|sơ kết|trích|triển khai|trình|trực tiếp|truyền thông|tuân thủ|tuyên truyền|tuần tra|"
    "trực(?= (?:ban|24|gác|sẵn))|xử phạt|canh|hòa giải|thu gom|tùy|tuỳ|tự|"
    "tư vấn|ưu tiên|"
    "vận dụng|vận động|vận hành|xác định|xây dựng|xem xét|xét|xử lý|ký kết|khảo sát|thống kê|quản lý|phụ trách,|"
    "nêu cao|đóng góp|"
    "đi đầu|đề cao|giữ vững|giữ|thu hút|bồi dưỡng|phát triển|cải thiện|cải cách|hưởng ứng|chia sẻ|cam kết|nhân rộng|"
    "đề nghị|yêu cầu|giao|chọn|đăng|gửi|lưu|thu thập|điều tra|đấu tranh|ngăn chặn|củng cố|trang bị|dành|"
    "có kế hoạch|có giải pháp"
)
_STRONG_START = re.compile(rf"(?:{_STRONG})(?!\w)", re.IGNORECASE)
_VERB_START = re.compile(rf"(?:{_VERBS})(?!\w)")
_NEEDS_COMPLEMENT = re.compile(
    r"(?:ban|tổ|đội|hội đồng|hội|trung tâm|quỹ|câu lạc bộ|bộ phận|ban chấp hành|tiểu ban|nhóm|đoàn)$",
    re.IGNORECASE,
)
_GENERIC = "chi bộ|đảng bộ|thôn|bản|xóm|ấp|tổ dân phố|khu dân cư|khu phố|trường|trường học|cơ sở giáo dục"
_MEMBERS = (
    "đảng bộ|chi bộ|chi ủy|chi uỷ|cấp ủy|cấp uỷ|chi đảng bộ|chi, đảng bộ|thôn|bản|xóm|ấp|tổ dân phố|tổ|khu dân cư|"
    "khu phố|xã|phường|"
    "đặc khu|trường|nhà trường|cơ sở|cơ quan|đơn vị|phòng|ban|ngành|sở|bộ|hội|đoàn thể|tổ chức|doanh nghiệp|hợp tác xã|"
    "hộ|địa phương|cấp|lực lượng|thành viên|đồng chí|đ/c|phó|chuyên viên|công ty|chi hội|chi đoàn|ủy ban|uỷ ban|"
    "ban,|nhà máy"
)
_MANY = (
    re.compile(r"^(?:các|những|toàn thể|tất cả|mỗi|từng|tập thể)\b", re.IGNORECASE),
    re.compile(
        rf"(?<!quản lý )(?<!Quản lý )(?<!^đảng ủy )(?<!^đảng uỷ )\bcác (?:{_MEMBERS})\b", re.IGNORECASE
    ),
    re.compile(r"^(?:sở|ban|phòng), ", re.IGNORECASE),
    re.compile(r"\bvà (?:đoàn thể|các đoàn thể|tổ chức chính trị)", re.IGNORECASE),
    re.compile(
        r"\b(?:xã, phường|phường, xã|cấp xã|thôn, (?:bản|tổ|xóm)|xã, thị trấn|bản, (?:thôn|tổ))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:bí thư |trưởng |ban công tác mặt trận |chi bộ |cấp ủy )?(?:{_GENERIC})(?=,|$| và | trực thuộc)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:doanh nghiệp|hộ gia đình|người dân|nhân dân|đảng viên|cán bộ, đảng viên|cơ quan, đơn vị)\b",
        re.IGNORECASE,
    ),
)
_PLACE_WITHIN = 160
_PLACE_END = re.compile(
    r"(?<!\w)(?:xã|phường|tỉnh|thành phố|đặc khu|Đảng ủy|Đảng uỷ|trường học)"
    r"(?=\s+[a-zà-ỹđ])(?!\s+(?:và|có|liên|trên|thuộc|trực|của|với|các|ở|tại|đóng|phụ|theo|cấp|hội|khác|nhân|dân|là)\b)"
)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation found at the start of a clause; `rest` is what the clause goes on to say."""

    name: str
    rest: str
    is_requested: bool


def find_organisation(text: str, *, lead: str = "", is_heading: bool = False) -> Named | None:
    """The organisation a clause begins with, or None. `lead`: the clause's bold opening words."""
    text, requested = _without_prefix(text)
    if not _begins_name(text):
        return None
    lead = _without_prefix(lead)[0].strip(" .:;,")
    if lead and text.startswith(lead) and not find_verb(lead):
        return _named(lead, text[len(lead) :], requested)
    end = _name_end(text, is_heading=is_heading)
    if end is None:
        return None
    return _named(text[:end], text[end:], requested)


def is_organisation_name(text: str) -> bool:
    """Whether the whole text is a name, as a heading over a unit's duties is."""
    words = text.strip(" .:*")
    name, _ = _without_prefix(words)
    return _begins_name(name) and len(name.split()) <= 25 and not _strong_verb(name) and ". " not in name


def is_group_name(name: str) -> bool:
    """Whether the name means an open or plural set ("Các chi bộ thôn", "Ủy ban nhân dân xã, phường")."""
    return any(pattern.search(name) for pattern in _MANY)


def names_no_organisation(text: str) -> bool:
    """Whether a heading under "Tổ chức thực hiện" is about something else ("Kinh phí", "Chế độ báo cáo")."""
    words = text.strip(" *")
    opening = re.match(
        r"(?:kinh phí|nguồn (?:lực|vốn|kinh phí)|chế độ|thời gian|lộ trình|tiến độ|công tác|việc|khen thưởng|thi đua|"
        r"nội dung|giải pháp|nhiệm vụ (?!của)|hình thức|phương pháp|quy trình|điều kiện|khó khăn|kế hoạch|chương trình|"
        r"thông tin|giai đoạn|bước|đợt|sản phẩm|hồ sơ|trên|trong|sau|khi|nếu|để|từ|đến)\b",
        words,
        re.IGNORECASE,
    )
    verb = _VERB_START.match(words[:1].lower() + words[1:])
    return bool(opening or _NOT_A_NAME.match(words) or (verb and not _HEAD.match(words)))


def find_verb(text: str) -> int | None:
    """Where the first verb behind a name starts, as an offset; None if there is none."""
    words = list(_WORD.finditer(text[:600]))[: _LONGEST_NAME + 1]
    end_of_noun = -1
    for word in words[_head_words(text) :]:
        start = word.start()
        verb = _VERB_START.match(text, start)
        if verb is None or text[start].isupper():
            continue
        before = text[:start].rstrip()
        goes_on = len(before) == end_of_noun and not _STRONG_START.match(text, start)
        if start < end_of_noun or goes_on or _is_noun_here(text, start, before):
            end_of_noun = max(end_of_noun, verb.end())
            continue
        return start
    return None


def _without_prefix(text: str) -> tuple[str, bool]:
    found = _PREFIX.match(text)
    if not found or not _HEAD.match(text, found.end()):
        return text, False
    return text[found.end()].upper() + text[found.end() + 1 :], found.group("ask") is not None


def _begins_name(text: str) -> bool:
    return bool(_HEAD.match(text)) and not _NOT_A_NAME.match(text)


def _name_end(text: str, *, is_heading: bool) -> int | None:
    stop = re.search(r":(?=\s|$)|\.\s+(?=[A-ZĐÀ-Ỹ])", text)
    limit = stop.start() if stop else len(text.rstrip(" ."))
    verb = _strong_verb(text) if is_heading else find_verb(text)
    if verb is None and not is_heading:
        verb = _end_at_place(text[:limit])
    if verb is not None and verb < limit:
        return verb
    if not stop and not is_heading:
        return None
    return limit if len(text[:limit].split()) <= _LONGEST_NAME // 2 and ";" not in text[:limit] else None


def _end_at_place(text: str) -> int | None:
    """Before an unknown verb a name still ends at its place: "Công an xã | tuần tra"."""
    found = _PLACE_END.search(text[:_PLACE_WITHIN])
    return found.end() if found else None


def _strong_verb(text: str) -> int | None:
    for word in list(_WORD.finditer(text[:600]))[1:]:
        if text[word.start()].islower() and _STRONG_START.match(text, word.start()):
            return word.start()
    return None


def _head_words(text: str) -> int:
    head = _HEAD.match(text)
    return max(1, len(head.group().split())) if head else 1


def _is_noun_here(text: str, start: int, before: str) -> bool:
    """ "các tổ chức", "Ban chỉ đạo", "Hội đồng phối hợp", "cán bộ quản lý": a verb's letters, a noun's work."""
    if text.startswith("xây dựng", start) and before.endswith("đầu tư"):
        return True
    if text.startswith("tổ chức", start) and re.search(r"(?:các|những|mọi|và|,|của|đơn vị|cá nhân)$", before):
        return not re.match(r"tổ chức (?:thực hiện|triển khai|quán triệt)", text[start:])
    if text.startswith(("lãnh đạo", "quản lý"), start) and re.search(
        r"(?:các|đồng chí|cán bộ|ban|tập thể)$", before, re.I
    ):
        return True
    if text.startswith(("đào tạo", "phát triển", "quản lý", "giám sát", "cấp"), start) and before.endswith(
        (" và", " lĩnh vực", ",", "Đào tạo", " công tác", " các", "trách")
    ):
        return not before.endswith(",") or text.startswith("cấp", start)
    return bool(_NEEDS_COMPLEMENT.search(before)) and len(before.split()) <= 3


def _named(name: str, rest: str, requested: bool) -> Named | None:
    name = re.sub(r"\s*\([^()]*\)\s*$", "", name.strip(" .:;,*-–")).strip(" .:;,*-–")
    if len(name) < 2:
        return None
    return Named(name, rest.lstrip(" .:;,*-–").strip(), requested)
