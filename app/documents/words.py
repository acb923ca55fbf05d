"""Word lists of the spelling check, the other warnings and the comparing of targets."""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(","))


# Common words whose letters, read without marks, hardly ever mean anything else side by side.
COMMON = _listed("""
    an sinh, ban chấp hành, bảo đảm, bền vững, báo cáo, cải cách, cán bộ, chất lượng, chính quyền, chính
    sách, chính trị, chỉ đạo, chuyên môn, chuyển đổi, chủ trì, chủ trương, chương trình, công chức, công
    khai, công nghệ, cộng đồng, cụ thể hóa, cụ thể, dân chủ, dịch vụ, doanh nghiệp, đảm bảo, đánh giá, đảng
    bộ, đảng ủy, đảng viên, đẩy mạnh, điều chỉnh, điều hành, định hướng, định kỳ, đôn đốc, đồng bộ, động
    viên, giải pháp, giám sát, giáo dục, giáo viên, hạ tầng, hành chính, hiệu quả, hiện đại, hoàn thành,
    hoàn thiện, học sinh, học tập, hội nhập, hợp tác, huy động, hướng dẫn, kế hoạch, khai thác, khắc phục,
    khuyến khích, kinh tế, kịp thời, kiểm tra, lãnh đạo, lồng ghép, mặt trận, mầm non, mục tiêu, nâng cấp,
    nền tảng, nghiêm túc, nghị quyết, nguồn lực, nhân dân, nhiệm vụ, nông nghiệp, nông thôn, phát huy, phát
    triển, phấn đấu, phân công, phòng chống, phong trào, phối hợp, phổ biến, phổ cập, quan tâm, quán triệt,
    quốc gia, quốc tế, quy định, quy hoạch, quyết định, sáng tạo, sơ kết, sửa chữa, tầm nhìn, tăng cường,
    tham mưu, thành phố, thống kê, thống nhất, thông qua, thường trực, thường xuyên, tập huấn, thực tiễn, tiểu học,
    tiếp tục, tích cực, tình hình, toàn diện, tổng hợp, tổng kết, trách nhiệm, triển khai, trung học, trí
    tuệ, trực thuộc, tuyên truyền, tự nguyện, tỷ lệ, ủy ban, ưu tiên, ứng dụng, vận động, viên chức, văn
    bản, văn hóa, xã hội, xây dựng, xóa đói, y tế
""")
# Good Vietnamese that looks like one of the above, within a word or across two.
ALSO_RIGHT = _listed("""
    phần đầu, phân đầu, chuyên đổi mới, tuyến truyền, tiếp túc, chủ trị, chữ trí, bao cao, bảo
    cao, cân bộ, căn bộ, danh giá, đánh gia, dan chu, dẫn chủ, dân chú, định ky, dinh kỳ, công khái, thành
    phổ, thành phô, van ban, vẫn bản, vận hóa, học sinh, tri tuệ, thông kê, đồng bọ, động bộ, quy hoạch, quý
    định, quỹ định, quy đinh, phong trảo, nhân dẫn, kiểm trả, hoàn thanh, ưu tiện, y tê, ý tế, ty lệ, xa
    hội, tinh hình, tính hình, hướng dân, quan tam, thông quá, thống quà, thông nhất, hợp tắc, hiện đài,
    tong hợp, dong vien, đồng viên, động viện, công động, cộng đồng, cơ sở, phòng trào, quốc giá, sơ kêt,
    thực tiên, chính trì, chinh trị, báo đảm, tầm nhin, an sinh, ân sinh, tổng hợp, chuyển đội, giao dục,
    giáo viện, giao viên, dịch vu, chuyên mon, phân cong, phần công, mục tiểu, trung hoc, trùng học, trúng
    học, tiểu hoc, học tạp, nông thốn, điều hanh, triển khái, hạ tang, chính quyến, quân triệt, công chúc,
    kịp thôi, nguồn lục, thành phần, thanh phố
""")
# Words whose halves meet a neighbour and then look like one of the above: "chủ động | bố trí".
NEIGHBOURS = _listed("""
    bắt đầu, bố trí, bộ đội, chi bộ, chủ động, cơ bản, đại diện, đề nghị, điều kiện, định mức, động lực, đơn
    vị, đời sống, giao lưu, giá trị, hành động, hình thức, hiện thực, hoạt động, hội viên, khơi dậy, kiến
    nghị, kiến thức, kỹ năng, lao động, lâm nghiệp, mạnh mẽ, nghề nghiệp, nguyện vọng, nhận thức, nội bộ,
    nội dung, phù hợp, quan hệ, quyết liệt, quyết tâm, sản xuất, tham gia, thời gian, tiến bộ, tổ chức, tâm
    tư, thông tin, thực hiện, toàn bộ, trình độ, tư tưởng, yêu cầu, đồng chí, sinh viên, nhân viên, gia đình,
    kế toán, điện tử, thanh toán, chính đáng, công nhân
""")
# The provinces and cities since 1 July 2025 whose names a scanner is known to garble.
PROVINCES = _listed("""
    An Giang, Bắc Ninh, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Điện Biên, Đồng Nai, Đồng Tháp, Gia
    Lai, Hà Nội, Hà Tĩnh, Hải Phòng, Hưng Yên, Khánh Hòa, Lai Châu, Lâm Đồng, Lạng Sơn, Lào Cai, Nghệ An,
    Ninh Bình, Phú Thọ, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sơn La, Tây Ninh, Thái Nguyên, Thanh Hóa, Tuyên
    Quang, Vĩnh Long
""")
# Syllables without a tone that are foreign words in common use, or short forms.
FOREIGN = _listed("""
    chip, chat, kit, top, hot, pop, rap, set, net, vip, bit, pit, hip, tip, list, sat, nut, pat, pet, pin,
    lit, mic, pic, sic, tic, vac, nước, được, internet, robot, logic, clip, tac, cot, ac, ec, et, at, it,
    ep, op, up, ut, mac, mat, cac, tat, pac, hac
""")
# Words that say nothing about whom a target is for.
EMPTY_WORDS = _listed("""
    các, số, trên, ít, nhất, tối, thiểu, đạt, phấn, đấu, đến, năm, hết, và, có, của, được, cho, tại, bảo, đảm, mới,
    tổng
""")
# Reduplication makes words ("dần dần"); two words may meet ("hành vi vi phạm"), two names too ("Đảng Đảng ủy").
MAY_BE_DOUBLED = _listed("""
    dần, luôn, ngày, người, nhà, thường, mãi, từ, đời, xanh, hay, rất, song, ai, đảng, nam, mau, lâu, dài, năm, hằng,
    mỗi, đâu, chầm, lần, hàng, nơi, vi, sinh, quan, trình, đồng, thể, hợp, công, bộ, viên, tư, sản, tác, hành, tự,
    hội, lý, giáo, chính
""")
