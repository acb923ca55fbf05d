"""The work cycle across its people: the office opens a period and hands out a link, a cell without an account
reports by it, the office returns and confirms, the plan's counts follow, the history knows who it was."""

from tests.browser.walking import DESK, check_page, fill_day, follow, person, press, stranger
from tests.photos import photo

CELL = "Chi bộ thôn Phiêng Luông"
PERIOD, LABEL = "Báo cáo nhanh đầu năm học", "NHANH-1"
SHORT, WHOLE = "Đã họp dân, vận động cho con đến lớp.", "Đã họp dân, vận động 7/7 em bỏ học trở lại lớp."
REASON = "Chưa nêu vận động được bao nhiêu em."


def test_a_cell_reports_by_its_link_until_the_office_confirms(browser, live_server):
    with (
        person(browser, live_server.url, "an", width=DESK) as office,
        stranger(browser, live_server.url) as cell,
    ):
        overview = open_period(office)
        link = make_link(office)
        expected = counts(office, overview)
        check_page(office)
        assert expected["reported"] == expected["confirmed"] == 0

        row = report(cell, link)
        assert counts(office, overview) == expected | {"reported": 1}
        return_in_queue(office)
        assert counts(office, overview) == expected

        report_again(cell, link)
        confirm(office, row)
        assert counts(office, overview) == expected | {"reported": 1, "confirmed": 1}
        office.goto("/lich-su?ve=assignment")
        assert office.get_by_role("row", name=f"{CELL} (liên kết)").count() >= 2
        check_page(office)


def open_period(page):
    """One asked for by hand, of one plan; the address of the plan's overview in it."""
    page.goto("/ky")
    page.get_by_text("Kỳ đột xuất", exact=True).click()
    page.fill("#name", PERIOD)
    page.fill("#ad_hoc_label", LABEL)
    page.select_option("#plan", index=1)
    plan = page.input_value("#plan")
    for field, days in (("starts_on", -60), ("ends_on", 10), ("ad_hoc_due_on", 20)):
        fill_day(page, field, days)
    check_page(page)
    press(page, "Mở kỳ đột xuất")
    assert page.get_by_role("heading", name=PERIOD).is_visible()
    check_page(page)
    return f"/ke-hoach/{plan}/toan-canh?ky={LABEL}"


def make_link(page):
    follow(page, "Liên kết và mã QR")
    page.get_by_role("row", name=CELL).get_by_role("checkbox").check()
    check_page(page)
    press(page, "Tạo liên kết và xem tờ in")
    # Other walks may have made links on the same sheet before.
    sheet = page.get_by_role("listitem").filter(has_text=CELL)
    return sheet.get_by_label("Địa chỉ để gửi").input_value()


def counts(page, overview):
    page.goto(overview)
    row = page.get_by_role("row", name=PERIOD)
    titles = {"expected": "Phải báo cáo", "reported": "Đã báo cáo", "confirmed": "Đã xác nhận"}
    return {name: int(row.locator(f"[data-label='{title}']").inner_text()) for name, title in titles.items()}


def report(page, link):
    """The form on a phone with a photo beside the words, a receipt; the row's address."""
    page.goto(link)
    press(page, "Mở phiếu báo cáo")
    row = page.locator("[data-draft-row]").first
    row.locator("textarea[name$='.result']").fill(SHORT)
    row.locator("input[name$='.progress']").fill("60")
    row.get_by_text("Thêm ảnh, tệp minh chứng").click()
    taken = {"name": "hop-dan.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    row.get_by_label("Chọn ảnh, tệp").set_input_files(taken)
    row.get_by_role("link", name="hop-dan.jpg").wait_for()
    check_page(page)
    press(page, "Gửi phiếu")
    assert page.get_by_role("heading", name="Biên nhận").is_visible()
    assert page.get_by_text("tiến độ 60%").is_visible()
    check_page(page)
    follow(page, "NV-")
    return page.url


def return_in_queue(page):
    page.goto(f"/can-xu-ly?muc=bao-cao&ky={LABEL}")
    line = page.get_by_role("listitem").filter(has_text=SHORT)
    assert CELL in line.inner_text()
    line.get_by_role("checkbox").check()
    page.get_by_text("Trả lại…", exact=True).click()
    page.get_by_label("Lý do trả lại").fill(REASON)
    check_page(page)
    press(page, "Trả lại")
    assert page.get_by_text(SHORT).count() == 0


def report_again(page, link):
    page.goto(link)
    press(page, "Mở phiếu báo cáo")
    assert page.get_by_text(REASON).is_visible()
    check_page(page)
    field = page.locator("textarea[name$='.result']").first
    assert field.input_value() == SHORT
    field.fill(WHOLE)
    page.locator("input[name$='.progress']").first.fill("100")
    press(page, "Gửi phiếu")
    assert page.get_by_text(WHOLE).is_visible()


def confirm(page, row):
    page.goto(row)
    assert page.get_by_role("link", name="hop-dan.jpg").is_visible()
    assert page.get_by_text(f"{CELL} (liên kết)").first.is_visible()
    press(page, "Xác nhận")
    assert page.get_by_text("Đã xác nhận").first.is_visible()
    check_page(page)
