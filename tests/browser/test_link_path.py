"""Without an account: a cell opens its link on a phone, takes a row, reports with the form, leaves."""

from tests.browser.walking import DESK, check_page, follow, person, picture, press, stranger


def test_a_cell_without_an_account_reports_by_its_link(browser, live_server):
    # The address that never existed is answered with 404, which the browser tells the console.
    with stranger(browser, live_server.url, expecting="404") as page:
        page.goto("/dang-nhap")
        follow(page, "Mở liên kết dùng thử")
        check_page(page)
        picture(page, "link-390.png")
        press(page, "Mở phiếu báo cáo")
        assert "/bao-cao-ky/" in page.url
        check_page(page)
        form = page.url
        page.locator("textarea[name$='.result']").first.fill("Đã họp chi bộ, 18 đảng viên dự.")
        press(page, "Gửi phiếu")
        assert page.get_by_text("18 đảng viên dự").first.is_visible()
        page.goto(form)
        check_page(page)
        page.get_by_role("row", name="18 đảng viên dự").get_by_role("link").click()
        page.wait_for_load_state()
        assert page.get_by_text("(liên kết)").first.is_visible()
        check_page(page)
        page.get_by_role("button", name="Thoát").click()
        page.wait_for_load_state()
        page.goto("/l/da-het-han")
        assert page.get_by_text("xin Văn phòng").is_visible()
        check_page(page)


def test_the_office_prints_a_sheet(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as page:
        page.goto("/ky")
        page.get_by_role("link", name="Quý IV/2026").first.click()
        page.wait_for_load_state()
        page.get_by_role("link", name="Liên kết và mã QR").click()
        page.wait_for_load_state()
        check_page(page)
        for box in page.get_by_role("checkbox").all()[:4]:
            box.check()
        press(page, "Tạo liên kết và xem tờ in")
        assert page.locator(".qr-card svg").count() >= 4
        check_page(page)
        picture(page, "qr-sheet-1280.png")
        page.emulate_media(media="print")
        assert not page.get_by_label("Địa chỉ để gửi").first.is_visible()
