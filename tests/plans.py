"""Small plans for tests of intake: text as a clerk would upload it."""

PLAN = """KẾ HOẠCH
CỦA BAN THƯỜNG VỤ ĐẢNG ỦY
thực hiện Nghị quyết số 71-NQ/TW về phát triển giáo dục

Ban Thường vụ Đảng ủy xã Tân Quang ban hành kế hoạch với các nội dung sau:

I- MỤC TIÊU

- Phấn đấu đến năm 2030 có trên 80% số trường đạt chuẩn quốc gia.

- Đến năm 2035, trường lớp hiện đại hơn và khoảng cách giữa các thôn được thu hẹp.

II- NHIỆM VỤ, GIẢI PHÁP

1. Tăng cường lãnh đạo, chỉ đạo

- Đưa chỉ tiêu giáo dục vào kế hoạch kinh tế - xã hội hằng năm của xã.

- Rà soát quy hoạch, dành quỹ đất cho trường học, hoàn thành trước ngày 30/6/2027.

III- TỔ CHỨC THỰC HIỆN

1. Ban Xây dựng Đảng xã

- Tham mưu tổ chức học tập Nghị quyết và kế hoạch này.

- Nắm tư tưởng trong cán bộ, giáo viên, phụ huynh.

2. Ủy ban Mặt trận Tổ quốc xã

- Giám sát, phản biện việc thực hiện chính sách giáo dục trên địa bàn.

3. Các chi bộ thôn

- Hằng năm vận động các gia đình cho con đi học chuyên cần.

Ban Thường vụ Đảng ủy yêu cầu các cấp ủy tổ chức thực hiện nghiêm Kế hoạch này.

Nơi nhận:

- Lưu Văn phòng Đảng ủy.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Hoàng Thị Diệu Ngân
"""

WITHOUT_ORGANISATION = PLAN.split("III- TỔ CHỨC", maxsplit=1)[0]
SECRET = "MẬT\n\n" + PLAN
