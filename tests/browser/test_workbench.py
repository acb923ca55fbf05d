"""The workbench in a real browser: keys and touch, one column on a phone, nothing lost by going back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.walking import DESK, PHONE, check_page, person, press
from tests.plans import PLAN

if TYPE_CHECKING:
    from playwright.sync_api import Page

NARROW = 360


@contextmanager
def workbench(browser, url, folder, width, mark) -> "Iterator[Page]":
    """An's page, with a plan of its own just uploaded."""
    text = PLAN.replace("phát triển giáo dục", f"phát triển giáo dục, {mark}", 1)
    (folder / "ke-hoach.txt").write_text(text, "utf-8")
    with person(browser, url, "an", width=width, expecting="409") as page:
        page.goto("/van-ban")
        page.set_input_files("input[type=file] >> nth=0", folder / "ke-hoach.txt")
        press(page, "Tải lên và đọc")
        page.wait_for_selector(".workbench")
        yield page


def check(page):
    """Bars that stay in sight lie over whatever is scrolled beneath them: looked at with the bars in their place."""
    page.add_style_tag(
        content=".send-bar, .workbench__tabs, .bulk, .workbench__bar { position: static !important }"
    )
    check_page(page)


def state_of(page, text):
    return page.locator(".candidate", has_text=text).first.get_attribute("data-state")


def settled(page, text, state):
    page.wait_for_selector(f".candidate[data-state={state}]:has-text('{text}')")


def test_keys_decide_move_on_and_take_back(browser, live_server, tmp_path):
    with workbench(browser, live_server.url, tmp_path, DESK, "phím") as page:
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.dataset.clause") == page.evaluate(
            "document.querySelector('.source .is-shown').id"
        )
        page.keyboard.press("a")
        settled(page, "Ban Xây dựng Đảng xã", "accepted")
        page.wait_for_function("document.activeElement.dataset?.state === 'pending'")
        page.keyboard.press("r")
        settled(page, "Tham mưu tổ chức học tập", "rejected")
        page.wait_for_function("document.activeElement.dataset?.state === 'pending'")
        page.keyboard.press("k")
        page.keyboard.press("u")
        settled(page, "Tham mưu tổ chức học tập", "pending")
        page.wait_for_function("document.activeElement.classList.contains('candidate')")
        page.keyboard.press("e")
        page.wait_for_selector(".candidate--open")
        page.wait_for_function("/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)")
        page.keyboard.type("a r j")
        assert state_of(page, "Nắm tư tưởng") == "pending"
        check(page)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.get_by_text("câu chưa dùng tiếp theo").is_visible()
        check(page)


def test_ticked_ones_bring_out_what_can_be_done_and_the_last_step_is_taken_back(
    browser, live_server, tmp_path
):
    with workbench(browser, live_server.url, tmp_path, DESK, "đánh dấu") as page:
        assert not page.locator(".bulk").is_visible()
        for task in page.locator(".candidate--task [name=chon]").all():
            task.check()
        assert page.get_by_text("Đã chọn 2 đề xuất:").is_visible()
        check(page)
        with page.expect_navigation():
            page.locator(".bulk").get_by_role("button", name="Gộp thành một").click()
        assert page.locator(".candidate--task").count() == 1
        with page.expect_navigation():
            page.get_by_role("button", name="Hoàn tác bước cuối").click()
        assert page.locator(".candidate--task").count() == 2
        page.go_back()
        page.reload()
        assert page.locator(".candidate--task").count() == 2


@pytest.mark.parametrize("width", [NARROW, PHONE])
def test_a_phone_shows_one_side_at_a_time_without_scrolling_sideways(browser, live_server, tmp_path, width):
    with workbench(browser, live_server.url, tmp_path, width, f"điện thoại {width}") as page:
        assert page.locator(".proposals").is_visible()
        assert not page.locator(".source").is_visible()
        page.locator(".candidate__source").first.click()
        assert page.locator(".source").is_visible()
        assert not page.locator(".proposals").is_visible()
        check(page)
        page.get_by_role("link", name="Đề xuất", exact=True).click()
        check(page)
        small = page.evaluate(
            "[...document.querySelectorAll('.candidate button, .candidate a, .candidate label, .workbench__bar a')]"
            ".filter(e => e.offsetParent).map(e => e.getBoundingClientRect()).filter(r => r.height < 43.5).length"
        )
        assert small == 0
        page.locator(".candidate--task [name=chon]").first.check()
        check(page)


def test_a_clause_is_set_aside_in_one_tap(browser, live_server, tmp_path):
    with workbench(browser, live_server.url, tmp_path, PHONE, "một chạm") as page:
        page.get_by_role("link", name="Văn bản", exact=True).click()
        clause = page.locator(".passage", has_text="yêu cầu các cấp ủy")
        clause.get_by_role("button", name="Không phải nhiệm vụ").click()
        page.wait_for_selector(".passage[data-mark=aside]")
        page.wait_for_selector("#tinh-hinh:not(:has(#con-lai))")
        clause.get_by_role("button", name="Tính lại là nhiệm vụ").click()
        page.wait_for_selector("#con-lai")
