"""The Vietnamese word for every code a screen shows, and the tone a state is drawn in.

Codes are those of docs/glossary.md. A code without a word here is a KeyError on the page: a missing word
should be found by the first test that renders it, not by a clerk reading English.
"""

from collections.abc import Iterable

LABELS: dict[str, dict[str, str]] = {
    "assignment": {
        "waiting": "Chưa kích hoạt",
        "supporting": "Phối hợp",
        "assigned": "Mới giao",
        "acknowledged": "Đã tiếp nhận",
        "in_progress": "Đang thực hiện",
        "returned": "Bị trả lại",
        "reported": "Đã báo cáo",
        "confirmed": "Đã xác nhận",
        "waived": "Không áp dụng",
        "not_needed": "Không cần nữa",
        "cancelled": "Đã hủy",
    },
    "submission": {
        "expected": "Chưa có số liệu",
        "draft": "Bản nháp",
        "sent": "Đã gửi",
        "accepted": "Đã chấp nhận",
        "returned": "Bị trả lại",
        "reopened": "Mở lại để sửa",
        "waived": "Không áp dụng",
    },
    "document": {
        "waiting": "Chờ đọc",
        "reading": "Đang đọc",
        "read": "Đã đọc",
        "failed": "Không đọc được",
        "cancelled": "Đã dừng đọc",
    },
    "file_format": {
        "txt": "Chữ thuần",
        "docx": "Word",
        "pdf": "PDF",
        "scan": "Bản quét",
        "image": "Ảnh",
        "xlsx": "Excel",
        "doc": "Word đời cũ",
    },
    "plan": {
        "draft": "Dự thảo",
        "issued": "Đã ban hành",
        "closed": "Đã kết thúc",
        "superseded": "Đã thay thế",
    },
    "amendment": {"kept": "Giữ nguyên", "changed": "Sửa đổi", "ended": "Kết thúc"},
    "candidate": {
        "pending": "Chờ quyết định",
        "accepted": "Đã nhận",
        "edited": "Đã sửa và nhận",
        "split": "Đã tách",
        "merged": "Đã gộp",
        "rejected": "Đã bỏ",
    },
    "candidate_kind": {
        "unit": "Đơn vị",
        "duty": "Việc được giao",
        "task": "Nhiệm vụ",
        "indicator": "Chỉ tiêu",
        "milestone": "Mốc",
    },
    "step": {
        "accept": "Nhận",
        "edit": "Sửa",
        "reject": "Bỏ",
        "undo": "Trả về chờ",
        "set": "Điền",
        "split": "Tách",
        "merge": "Gộp",
        "set_aside": "Không phải nhiệm vụ",
        "take_back": "Tính lại là nhiệm vụ",
    },
    "warning": {
        "unit_not_in_register": "Chưa có trong danh bạ",
        "group_without_members": "Nhóm chưa có thành viên",
        "organisation_without_duties": "Đơn vị chưa có việc",
        "no_organisation_section": "Không thấy mục tổ chức thực hiện",
        "no_organisation_read": "Chưa đọc được đơn vị",
        "no_units": "Chưa đọc được đơn vị",
        "impossible_figure": "Số không thể có",
        "doubtful_figure": "Số đáng ngờ",
        "doubtful_number": "Số đáng ngờ",
        "conflicting_targets": "Chỉ tiêu mâu thuẫn",
        "restated_target": "Chỉ tiêu nêu lại khác số",
        "target_without_horizon": "Chỉ tiêu chưa có năm",
        "target_without_unit": "Chỉ tiêu chưa có đơn vị tính",
        "target_as_fraction": "Chỉ tiêu ghi bằng phân số",
        "target_without_denominator": "Tỷ lệ chưa rõ trên tổng nào",
        "unit_differs": "Đơn vị tính khác nhau",
        "misread_word": "Chữ có thể đọc sai",
        "unsure_word": "Chữ máy đọc không chắc",
        "doubled_word": "Chữ lặp",
        "broken_paragraph": "Đoạn bị ngắt trang",
        "endless_clause": "Đoạn quá dài",
        "numbering_gap": "Đánh số nhảy cóc",
        "reference_spelling": "Số hiệu viết hai cách",
        "duplicate_duty": "Việc lặp",
        "clause_without_use": "Câu chưa dùng",
        "deadline_before_issue": "Hạn trước ngày ban hành",
        "deadline_unclear": "Hạn chưa rõ",
    },
    "period": {"open": "Đang mở", "closed": "Đã đóng"},
    "access_link": {"unused": "Chưa mở", "used": "Đã mở", "expired": "Hết hạn", "revoked": "Đã thu hồi"},
    "extension": {
        "requested": "Xin gia hạn",
        "granted": "Đã gia hạn",
        "refused": "Không gia hạn",
        "withdrawn": "Đã rút",
    },
    "question": {"open": "Chờ trả lời", "answered": "Đã trả lời", "withdrawn": "Đã rút"},
    "question_kind": {
        "late_joiner": "Đơn vị vào nhóm sau",
        "ended_member": "Đơn vị rời nhóm",
        "waive_request": "Đề nghị không áp dụng",
    },
    "question_answer": {
        "added": "Giao thêm việc",
        "left_out": "Không giao trong kỳ này",
        "kept": "Giữ nguyên việc",
        "cancelled": "Hủy việc còn lại",
        "waived": "Đồng ý không áp dụng",
        "refused": "Không đồng ý",
    },
    "urging": {"urge": "Đôn đốc", "step_up": "Báo cấp trên trực tiếp"},
    "urging_standing": {
        "waiting": "Chờ trả lời",
        "silent": "Chưa trả lời",
        "stepped_up": "Đã báo cấp trên",
        "answered": "Đã trả lời",
        "reported": "Đã báo cáo",
    },
    "urging_channel": {
        "app": "Qua hệ thống và thư điện tử",
        "phone": "Điện thoại",
        "paper": "Công văn",
        "meeting": "Tại cuộc họp",
    },
    "notice": {
        "assigned": "Việc mới",
        "due_soon": "Sắp đến hạn",
        "overdue": "Quá hạn",
        "reported": "Báo cáo mới",
        "returned": "Bị trả lại",
        "confirmed": "Đã xác nhận",
        "urged": "Đôn đốc",
        "mentioned": "Được nhắc đến",
        "question": "Câu hỏi",
        "extension": "Gia hạn",
    },
    "mail_kind": {"digest": "Thư tổng hợp trong ngày", "at_once": "Thư gửi ngay"},
    "mail": {"waiting": "Chờ gửi", "sending": "Đang gửi", "sent": "Đã gửi thư", "failed": "Không gửi được"},
    "unit_change": {
        "merge": "Sáp nhập",
        "split": "Chia tách",
        "rename": "Đổi tên",
        "end": "Kết thúc hoạt động",
    },
    "account": {"active": "Đang dùng", "disabled": "Đã khóa"},
    "overdue_band": {
        "week": "1–7 ngày",
        "month": "8–30 ngày",
        "quarter": "31–90 ngày",
        "longer": "trên 90 ngày",
    },
    "report_field": {
        "result": "Kết quả",
        "difficulty": "Khó khăn, vướng mắc",
        "proposal": "Kiến nghị",
        "progress": "Tiến độ",
        "value": "Số liệu",
        "note": "Ghi chú",
    },
    "decided_version": {
        "confirmed": "bản đã xác nhận",
        "accepted": "bản đã chấp nhận",
        "returned": "bản bị trả lại",
    },
    "decision": {"confirmed": "Xác nhận", "accepted": "Chấp nhận", "returned": "Trả lại"},
    "responsibility": {
        "lead": "Chủ trì",
        "cooperate": "Phối hợp",
        "advise": "Tham mưu",
        "direct": "Chỉ đạo",
        "monitor": "Theo dõi, đôn đốc",
        "inspect": "Kiểm tra, giám sát",
        "report": "Báo cáo",
    },
    "mode": {"assign": "Giao", "request": "Đề nghị"},
    "completion": {"each": "Từng đơn vị", "any": "Một đơn vị là đủ", "joint": "Làm chung"},
    "task_kind": {"dated": "Có thời hạn", "standing": "Thường xuyên", "milestone": "Mốc"},
    "cycle": {
        "month": "Hằng tháng",
        "quarter": "Hằng quý",
        "half_year": "6 tháng",
        "nine_months": "9 tháng",
        "year": "Hằng năm",
        "school_year": "Năm học",
    },
    "period_cycle": {
        "month": "Hằng tháng",
        "quarter": "Hằng quý",
        "half_year": "6 tháng",
        "nine_months": "9 tháng",
        "year": "Hằng năm",
        "school_year": "Năm học",
        "ad_hoc": "Đột xuất",
    },
    "role": {
        "admin": "Quản trị",
        "office": "Văn phòng",
        "unit": "Cán bộ đơn vị",
        "leader": "Lãnh đạo",
        "inspector": "Kiểm tra, giám sát",
        "province": "Cấp trên",
    },
    "unit_kind": {
        "party_committee": "Đảng ủy",
        "party_agency": "Cơ quan tham mưu của Đảng ủy",
        "party_cell_village": "Chi bộ thôn, tổ dân phố",
        "party_cell_school": "Chi bộ trường học",
        "party_cell_other": "Đảng bộ, chi bộ khác",
        "peoples_committee": "Ủy ban nhân dân",
        "division": "Phòng chuyên môn",
        "service": "Đơn vị sự nghiệp, trung tâm",
        "front": "Mặt trận Tổ quốc",
        "mass_organisation": "Tổ chức chính trị - xã hội",
        "school": "Trường học",
        "police": "Công an",
        "military": "Quân sự",
        "superior": "Cấp trên",
        "external": "Ngoài địa phương",
        "group": "Nhóm đơn vị",
    },
    "locality_kind": {"commune": "Xã, phường, đặc khu", "province": "Tỉnh, thành phố"},
    "measure": {
        "percent": "Tỷ lệ %",
        "count": "Số lượng",
        "ratio": "Tỷ số",
        "level": "Mức độ",
        "yes_no": "Đạt hoặc chưa đạt",
        "money": "Số tiền",
        "text": "Mô tả",
    },
    "comparator": {
        "gt": "trên",
        "gte": "ít nhất",
        "lt": "dưới",
        "lte": "không quá",
        "reach": "đạt",
        "between": "trong khoảng",
        "achieve": "đạt yêu cầu",
        "maintain": "duy trì",
    },
    "direction": {"up": "Càng cao càng tốt", "down": "Càng thấp càng tốt", "keep": "Giữ ổn định"},
    "value_basis": {"in_period": "Trong kỳ", "to_date": "Lũy kế", "point_in_time": "Tại thời điểm"},
}

# Kinds of documents as the reader codes them; what a person typed is shown as it is.
DOCUMENT_KINDS = {
    "nghi_quyet": "Nghị quyết",
    "chuong_trinh_hanh_dong": "Chương trình hành động",
    "chuong_trinh": "Chương trình",
    "ke_hoach": "Kế hoạch",
    "quyet_dinh": "Quyết định",
    "chi_thi": "Chỉ thị",
    "ket_luan": "Kết luận",
    "huong_dan": "Hướng dẫn",
    "de_an": "Đề án",
    "phuong_an": "Phương án",
    "thong_bao": "Thông báo",
    "bao_cao": "Báo cáo",
    "quy_che": "Quy chế",
    "cong_van": "Công văn",
}

# Seven tones, each with its own icon shape and colour (components/state.html, app.css), shared by all
# state machines: what a person must tell apart at a glance is only how far along a thing is.
TONES: dict[str, str] = {
    "new": "assigned expected pending draft unused",
    "taken": "acknowledged",
    "doing": "in_progress reopened open split merged reading",
    "back": "returned failed refused silent stepped_up",
    "sent": "reported sent requested sending",
    "done": "confirmed accepted edited issued active read granted answered used",
    "off": "waived not_needed cancelled waiting rejected closed superseded disabled withdrawn supporting expired "
    "revoked",
}
TONE_OF_STATE: dict[str, str] = {state: tone for tone, states in TONES.items() for state in states.split()}

# The board's columns on a wide screen, left to right: title and the assignment states a column holds.
# States missing here (waived, not_needed, cancelled, waiting) are listed below the board.
BOARD_COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Mới giao", ("assigned",)),
    ("Đang thực hiện", ("acknowledged", "in_progress")),
    ("Bị trả lại", ("returned",)),
    ("Đã báo cáo", ("reported",)),
    ("Đã xác nhận", ("confirmed",)),
)


def in_order(parts: Iterable[tuple[str, int]], kind: str) -> list[tuple[str, int]]:
    """(state, count) pairs in the order a thing goes through its states, whatever order they were counted in."""
    places = list(LABELS[kind])
    return sorted(parts, key=lambda part: places.index(part[0]))


def label(kind: str, code: str) -> str:
    """The Vietnamese word for `code` within `kind` ("assignment", "role", …)."""
    return LABELS[kind][code]
