"""A unit's period form on a phone: drafts, last period's words, asking to be left out; and what may go wrong while
somebody types and sends. Nothing typed is lost, nothing is sent twice, and the page says which."""

from tests.browser.walking import check_page, follow, person, picture, press

RESULT = "textarea[name$='.result']"
REFUSED = "Thôn vẫn có 12 em đang đi học."


def open_form(page):
    """The form of the quarter, whose address is returned."""
    follow(page, "Báo cáo Quý")
    assert "/bao-cao-ky/" in page.url
    page.wait_for_load_state("networkidle")
    return page.url.split("#")[0]


def wait_until_said(page, text):
    page.locator("#nhap-chung", has_text=text).wait_for()


def times_sent(page, form, words):
    """How often a report of these words is on the unit's receipts."""
    page.goto(f"{form}/bien-nhan")
    return page.locator(".receipt__lines > li", has_text=words).count()


def test_drafts_last_periods_words_and_a_request_to_be_left_out(browser, live_server):
    with person(browser, live_server.url, "thon07") as page:
        form = open_form(page)
        page.locator(RESULT).last.fill("Đã họp chi bộ thôn, 16 đảng viên dự.")
        wait_until_said(page, "Đã lưu nháp lúc")
        check_page(page)
        picture(page, "period-form-390.png", at=page.locator("[data-draft-row]").last)
        page.goto(form)
        assert page.locator(RESULT).last.input_value() == "Đã họp chi bộ thôn, 16 đảng viên dự."
        row = page.locator("[data-draft-row]", has=page.locator("button[value^='carry:']")).first
        row.get_by_role("button", name="Không có gì thay đổi").click()
        assert row.locator(RESULT).input_value() == row.locator("[data-before$='.result']").inner_text()
        wait_until_said(page, "Đã lưu nháp lúc")
        row.get_by_text("Báo vướng mắc, không áp dụng").click()
        row.get_by_label("Lý do").fill("Thôn không còn học sinh.")
        press(page, "Đề nghị không áp dụng", within=row)
        assert page.get_by_text("chờ Văn phòng trả lời").first.is_visible()
        check_page(page)
        refuse_question(browser, live_server.url)
        page.goto(form)
        assert page.get_by_text(REFUSED).is_visible()


def refuse_question(browser, url):
    with person(browser, url, "an") as page:
        page.goto("/cau-hoi")
        check_page(page)
        follow(page, "Chi bộ thôn Tân Tiến")
        page.get_by_role("radio", name="Không đồng ý").check()
        page.get_by_label("Lý do").fill(REFUSED)
        check_page(page)
        picture(page, "question-390.png")
        press(page, "Gửi câu trả lời")
        assert page.get_by_text(REFUSED).first.is_visible()


def test_a_network_that_fails_loses_nothing(browser, live_server):
    typed = "Đã rà soát 21 trẻ trong độ tuổi."
    with person(browser, live_server.url, "thon08", expecting="ERR_INTERNET_DISCONNECTED") as page:
        form = open_form(page)
        page.context.set_offline(True)
        page.locator(RESULT).first.fill(typed)
        wait_until_said(page, "Chữ vẫn giữ trên máy này")
        page.get_by_role("button", name="Gửi phiếu").click()
        assert page.locator(".send-bar [role=alert]").inner_text().startswith("Mất kết nối.")
        page.context.set_offline(False)
        page.reload()
        assert page.locator(RESULT).first.input_value() == typed
        assert page.get_by_text("Đã khôi phục nội dung").is_visible()
        check_page(page)
        press(page, "Gửi phiếu")
        assert page.get_by_text(typed).is_visible()
        assert times_sent(page, form, typed) == 1


def test_two_presses_and_going_back_send_once(browser, live_server):
    typed = "Đã vận động 5 gia đình cho con đến lớp."
    with person(browser, live_server.url, "thon12", expecting="409") as page:
        form = open_form(page)
        rows = page.locator(RESULT).count()
        page.locator(RESULT).first.fill(typed)
        with page.expect_navigation(url="**/bien-nhan*"):
            page.get_by_role("button", name="Gửi phiếu").dblclick()
        assert page.get_by_text(typed).is_visible()
        page.go_back()
        page.wait_for_load_state()
        assert page.locator(RESULT).count() == rows - 1
        page.get_by_role("button", name="Gửi phiếu").click()
        assert page.get_by_text("Chưa có nội dung nào để gửi").is_visible()
        check_page(page)
        assert times_sent(page, form, typed) == 1


def test_a_second_tab_is_told_what_the_first_has_sent(browser, live_server):
    first, second = "Trường lớp đủ cho 14 em.", "Trường lớp đủ cho 15 em, thêm một em mới đến."
    with person(browser, live_server.url, "thon10", expecting="422") as page:
        form = open_form(page)
        other = page.context.new_page()
        other.goto(form)
        page.locator(RESULT).first.fill(first)
        press(page, "Gửi phiếu")
        other.locator(RESULT).first.fill(second)
        with other.expect_navigation():
            other.get_by_role("button", name="Gửi phiếu").click()
        assert other.get_by_text("chữ bạn gõ chưa gửi").is_visible()
        assert other.get_by_text(second).first.is_visible()
        check_page(other)
        assert (times_sent(page, form, first), times_sent(page, form, second)) == (1, 0)
