"""The main path in a real browser, on a phone and on a desk: from an uploaded text to a confirmed report."""

import pytest

from tests.browser.walking import DESK, PHONE, check_page, person, picture, press
from tests.plans import PLAN

DUTY = "Tham mưu tổ chức học tập Nghị quyết"
RETURNED = "Chưa nêu số đảng viên dự học"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_an_uploaded_plan_to_a_confirmed_report(browser, live_server, tmp_path, width):
    subject = f"phát triển giáo dục, đợt {width}"
    text = PLAN.replace("phát triển giáo dục", subject, 1).replace(DUTY, f"{DUTY} đợt {width}")
    plan = issue_plan(browser, live_server.url, tmp_path, text, width)
    row = report_from_board(browser, live_server.url, plan, width)
    decide(browser, live_server.url, row, "Trả lại", width, reason=RETURNED)
    with person(browser, live_server.url, "xaydung", width=width) as page:
        page.goto(row)
        assert page.get_by_text(RETURNED).first.is_visible()
        page.fill("#result", "Đã tổ chức học tập cho 120/120 đảng viên.")
        press(page, "Gửi báo cáo")
    decide(browser, live_server.url, row, "Xác nhận", width)
    with person(browser, live_server.url, "chi", width=width) as page:
        page.goto(f"{plan}/toan-canh")
        assert page.locator("main").get_by_role("link", name="Ban Xây dựng Đảng xã").first.is_visible()
        check_page(page)


def issue_plan(browser, url, folder, text, width):
    """The clerk uploads, accepts what was read, issues; the plan's address."""
    with person(browser, url, "an", width=width) as page:
        page.goto("/van-ban")
        (folder / "ke-hoach.txt").write_text(text, "utf-8")
        page.set_input_files("input[type=file]", folder / "ke-hoach.txt")
        press(page, "Tải lên và đọc")
        check_page(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Nhận tất cả").first.click()
        # Waiting for a load alone may be over before the click has led anywhere.
        with page.expect_navigation():
            page.get_by_role("link", name="Ban hành").first.click()
        check_page(page)
        for box in page.get_by_role("checkbox").all():
            box.check()
        press(page, "Ban hành")
        assert "/ke-hoach/" in page.url
        check_page(page)
        return page.url.split("?")[0].split("#")[0]


def report_from_board(browser, url, plan, width):
    """The unit's officer finds the new work on the board, takes it and reports; the row's address."""
    with person(browser, url, "xaydung", width=width) as page:
        page.goto(plan)
        check_page(page)
        page.goto("/")
        page.locator("main a[href^='/bang/']").first.click()
        page.wait_for_load_state()
        check_page(page)
        page.get_by_role("link", name=f"{DUTY} đợt {width}").last.click()
        page.wait_for_load_state()
        press(page, "Tiếp nhận việc này")
        page.fill("#result", "Đã tổ chức học tập.")
        page.fill("#difficulty", "Một số đảng viên đi làm xa.")
        press(page, "Gửi báo cáo")
        assert page.get_by_text("Đã gửi báo cáo").first.is_visible()
        check_page(page)
        return page.url


def decide(browser, url, row, button, width, reason=""):
    with person(browser, url, "an", width=width) as page:
        page.goto(row)
        if reason:
            page.fill("#return_reason", reason)
        press(page, button)
        check_page(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_school_cell_fills_in_its_period_form(browser, live_server, width):
    with person(browser, live_server.url, "binh", width=width) as page:
        page.get_by_role("link", name="Báo cáo").first.click()
        page.wait_for_load_state()
        assert "/bao-cao-ky/" in page.url
        check_page(page)
        waiting = page.locator("textarea[name$='.result']")
        before = waiting.count()
        waiting.first.fill(f"Đã triển khai đủ nội dung, lần {width}.")
        address = page.url.split("#")[0]
        press(page, "Gửi phiếu")
        assert page.get_by_role("heading", name="Biên nhận").is_visible()
        check_page(page)
        page.goto(address)
        assert page.locator("textarea[name$='.result']").count() == before - 1
        check_page(page)


def test_a_typed_report_survives_the_end_of_the_session(browser, live_server):
    with person(browser, live_server.url, "thon", expecting="401") as page:
        page.get_by_role("link", name="Báo cáo").first.click()
        page.wait_for_load_state()
        address, typed = page.url, "Đã vận động 12 hộ cho con đến lớp."
        page.locator("textarea[name$='.result']").first.fill(typed)
        page.context.clear_cookies()
        page.get_by_role("button", name="Gửi phiếu").click()
        page.wait_for_load_state()
        page.fill("#login", "thon")
        page.fill("#password", "tiendo-demo-2026")
        press(page, "Đăng nhập")
        assert page.get_by_text(typed).is_visible()
        press(page, "Gửi tiếp")
        assert page.url.split("?")[0] == address.split("?")[0] or "/bao-cao-ky/" in page.url


PAGES = {
    "an": [
        "/",
        "/ke-hoach",
        "/chi-tieu",
        "/ky",
        "/van-ban",
        "/don-vi",
        "/nguoi-dung",
        "/lich-su",
        "/ma-truy-cap",
    ],
    "binh": ["/", "/ke-hoach", "/chi-tieu", "/don-vi", "/tim?q=to+dan+pho"],
    "chi": ["/", "/ke-hoach"],
    "giang": ["/"],
    "quan": ["/", "/nguoi-dung", "/don-vi"],
    "kiem": ["/", "/lich-su"],
}


DETAILS = ("ke-hoach", "chi-tieu", "don-vi", "viec", "nhiem-vu", "ky")


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_have_nothing_for_axe_to_find(browser, live_server, login, width):
    with person(browser, live_server.url, login, width=width) as page:
        for address in PAGES[login]:
            page.goto(address)
            check_page(page)
            first = page.locator(
                "main a[href^='/ke-hoach/'], main a[href^='/chi-tieu/'], main a[href^='/don-vi/']"
            ).first
            if first.count():
                page.goto(str(first.get_attribute("href")))
                check_page(page)


def test_boards_of_the_readme(browser, live_server):
    """Written when asked for (`make screenshots`); the board they show must be there either way."""
    for width, name in ((DESK, "board-1280.png"), (PHONE, "board-390.png")):
        with person(browser, live_server.url, "uyban", width=width) as page:
            page.goto("/")
            page.locator("main a[href^='/bang/']").first.click()
            page.wait_for_load_state()
            assert page.locator(".card").count() > 3
            picture(page, name)
