"""Plausible Vietnamese for generated data: places, organisations, tasks, figures, reports."""

# The 34 provinces and cities since 1 July 2025 (Resolution 202/2025/QH15).
PROVINCES = (
    "Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An",
    "Hà Tĩnh", "Cao Bằng", "Tuyên Quang", "Lào Cai", "Thái Nguyên", "Phú Thọ", "Bắc Ninh", "Hưng Yên",
    "Hải Phòng", "Ninh Bình", "Quảng Trị", "Đà Nẵng", "Quảng Ngãi", "Gia Lai", "Khánh Hòa", "Lâm Đồng",
    "Đắk Lắk", "Thành phố Hồ Chí Minh", "Đồng Nai", "Tây Ninh", "Cần Thơ", "Vĩnh Long", "Đồng Tháp",
    "Cà Mau", "An Giang",
)  # fmt: skip
FIRST = (
    "Tân", "Phú", "An", "Bình", "Hòa", "Đông", "Nam", "Bắc", "Vĩnh", "Long", "Thanh", "Xuân", "Yên", "Quảng",
    "Đại", "Trung", "Mỹ", "Thạch", "Kim", "Hưng",
)  # fmt: skip
SECOND = (
    "Quang", "Lộc", "Thịnh", "Sơn", "Hải", "Thành", "Phong", "Lâm", "Giang", "Châu", "Khê", "Minh", "Lương",
    "Đức", "Hợp", "Tiến", "Trạch", "Viên", "Xá", "Điền",
)  # fmt: skip
VILLAGES = ("Nà Tạng", "Bản Luông", "Khuổi Hoa", "Đồng Mới", "Làng Chùa", "Tân Lập", "Cây Đa", "Phố Chợ")
SCHOOLS = ("Mầm non Hoa Sen", "Tiểu học Kim Đồng", "Trung học cơ sở Lê Lợi", "Trung học phổ thông Tân Trào")

# (kind, name); "{}" is the commune's name. Villages and schools get a party cell each.
BODIES = (
    ("party_agency", "Văn phòng Đảng ủy {}"),
    ("party_agency", "Ban Xây dựng Đảng {}"),
    ("party_agency", "Ủy ban Kiểm tra Đảng ủy {}"),
    ("peoples_committee", "Ủy ban nhân dân {}"),
    ("division", "Phòng Văn hóa - Xã hội {}"),
    ("division", "Phòng Kinh tế {}"),
    ("service", "Trung tâm Phục vụ hành chính công {}"),
    ("front", "Ủy ban Mặt trận Tổ quốc {}"),
    ("mass_organisation", "Đoàn Thanh niên {}"),
)
GROUPS = ("Các chi bộ thôn", "Các chi bộ trường học", "Các tổ chức chính trị - xã hội")

TASKS = (
    "Rà soát phòng học, phòng bộ môn còn thiếu ở {} và lập danh mục đầu tư theo thứ tự ưu tiên.",
    "Tuyên truyền mục tiêu của kế hoạch đến từng hộ gia đình ở {}, chú trọng hộ có con trong độ tuổi đi học.",
    "Vận động học sinh bỏ học ở {} trở lại lớp, lập danh sách theo dõi từng em theo tháng.",
    "Bố trí quỹ đất cho điểm trường ở {} trong quy hoạch sử dụng đất của địa phương.",
    "Mở lớp bồi dưỡng kỹ năng số cho giáo viên ở {}, ưu tiên người dạy tại điểm trường lẻ.",
    "Kiểm tra việc thu, chi đầu năm học ở {} và công khai kết quả tại cuộc họp phụ huynh.",
    "Phối hợp chăm lo học sinh có hoàn cảnh khó khăn ở {} bằng học bổng và đồ dùng học tập.",
    "Duy trì kết quả phổ cập giáo dục, xóa mù chữ ở {}, cập nhật hồ sơ theo từng quý.",
    "Tổ chức sinh hoạt chuyên đề về chuyển đổi số trong dạy và học ở {}.",
    "Đưa kết quả thực hiện ở {} vào đánh giá, xếp loại tổ chức đảng và đảng viên cuối năm.",
    "Huy động nguồn lực xã hội để sửa chữa nhà vệ sinh, bếp ăn bán trú ở {}.",
    "Giám sát việc tuyển dụng và bố trí giáo viên ở {} theo vị trí việc làm.",
    "Xây dựng mô hình dòng họ học tập, cộng đồng học tập ở {} và nhân rộng nơi làm tốt.",
    "Bảo đảm an toàn trường học ở {}, diễn tập phòng cháy mỗi học kỳ một lần.",
    "Lập kế hoạch đầu tư trang thiết bị dạy ngoại ngữ ở {} giai đoạn 2026-2030.",
)
SECTIONS = ("Lãnh đạo, chỉ đạo", "Cơ sở vật chất", "Đội ngũ nhà giáo", "Chuyển đổi số")

# (statement, comparator, value, direction)
INDICATORS = (
    ("Tỷ lệ phòng học kiên cố ở {} đạt trên 90%", "gt", 90, "up"),
    ("Tỷ lệ huy động trẻ 5 tuổi ra lớp ở {} đạt ít nhất 99%", "gte", 99, "up"),
    ("Tỷ lệ học sinh bỏ học ở {} không quá 1%", "lte", 1, "down"),
    ("Tỷ lệ giáo viên đạt chuẩn đào tạo ở {} đạt 100%", "reach", 100, "up"),
    ("Tỷ lệ người trong độ tuổi 15-60 biết chữ ở {} đạt ít nhất 98%", "gte", 98, "up"),
    ("Tỷ lệ trường có phòng máy tính nối mạng ở {} đạt trên 80%", "gt", 80, "up"),
)
RESULTS = (
    "Đã rà soát xong {} điểm, còn hai điểm chờ số liệu của đơn vị phối hợp.",
    "Đã tổ chức {} buổi, người dự đông; biên bản và ảnh gửi kèm bản giấy.",
    "Hoàn thành {} phần việc theo kế hoạch quý, không phát sinh vướng mắc lớn.",
)
DIFFICULTIES = ("Thiếu kinh phí cho điểm lẻ.", "Nhân sự kiêm nhiệm nên tiến độ chậm một tuần.", None)
PROPOSALS = ("Đề nghị cấp bổ sung kinh phí trong quý sau.", None, None)
RETURN_REASON = "Chưa nêu số liệu so với cùng kỳ; đề nghị bổ sung."

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Ma", "Nông", "Hầu", "Lý")
GIVEN = ("Thị An", "Văn Bình", "Thị Chi", "Văn Dũng", "Thị Giang", "Văn Hải", "Thị Lan", "Văn Quân")
