"""Photos from a phone in a village: the network breaks, the page is loaded anew, and there is one photo in the end."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.walking import DESK, PATIENCE_MS, PHONE, check_page, press
from tests.photos import photo

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
PIECES = "**/api/v1/uploads/*"
BEGINNINGS = "**/api/v1/*/*/uploads"


class WeakNetwork:
    """Lets the first piece of a file through, then breaks; once it is mended, loses the last answer on its way back."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.begun = self.arrived = 0
        self.is_broken = self.loses_answers = False
        page.route(BEGINNINGS, self.begin)
        page.route(PIECES, self.pass_on)

    def begin(self, route: "Route") -> None:
        self.begun += 1
        route.continue_()

    def pass_on(self, route: "Route") -> None:
        is_piece = route.request.method == "PATCH"
        if self.is_broken:
            route.abort("internetdisconnected")
        elif is_piece and self.loses_answers:
            self.loses_answers = False
            route.fetch()
            route.abort("connectionreset")
        else:
            self.arrived += is_piece
            self.is_broken = is_piece and self.arrived == 1
            route.continue_()

    def mend(self) -> None:
        self.is_broken, self.loses_answers = False, True
        self.page.evaluate("dispatchEvent(new Event('online'))")


@pytest.fixture
def visit(browser: Any, live_server: Any, request: pytest.FixtureRequest) -> Any:
    """The form of a cell that has no account, opened with its link; with or without a script."""
    with_script = getattr(request, "param", True)
    context = browser.new_context(
        viewport={"width": PHONE, "height": 844},
        bypass_csp=True,
        base_url=live_server.url,
        java_script_enabled=with_script,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/dang-nhap")
    page.get_by_role("link", name="Mở liên kết dùng thử").click()
    press(page, "Mở phiếu báo cáo")
    yield page
    context.close()


def row_of(page: "Page", number: int) -> Any:
    return page.locator("fieldset.period-row").nth(number)


def choose(row: Any, file: Any) -> None:
    if not row.locator(".evidence__add").is_visible():
        row.get_by_text("Thêm ảnh, tệp minh chứng").click()
    row.get_by_label("Chọn ảnh, tệp").set_input_files(file)


def test_a_photo_goes_on_after_a_broken_network_and_a_reload_and_is_there_once(
    visit: "Page", tmp_path: Path
) -> None:
    taken = tmp_path / "họp chi bộ.jpg"
    taken.write_bytes(photo(2000, 1500, seed=11))
    network = WeakNetwork(visit)
    row = row_of(visit, 0)
    row.locator("textarea[name$='.result']").fill("Đã họp chi bộ.")
    choose(row, taken)
    row.get_by_text("Giữ trang này mở, có mạng sẽ tự gửi tiếp").wait_for()
    assert "0 %" not in row.locator(".evidence__line p").first.inner_text()
    check_page(visit)

    visit.on("dialog", lambda dialog: dialog.accept())
    visit.reload()
    visit.evaluate("scrollTo(0, 0)")
    row.get_by_text("Thêm ảnh, tệp minh chứng").click()
    assert row.get_by_text("Chọn lại đúng tệp ấy để gửi tiếp").is_visible()
    choose(row, taken)
    row.get_by_text("có mạng sẽ tự gửi tiếp").wait_for()
    network.mend()

    row.locator("img").wait_for()
    assert row.get_by_text("Đã thêm “họp chi bộ.jpg”").is_visible()
    assert (row.locator(".evidence__file").count(), network.begun) == (1, 1)
    assert row.locator("textarea[name$='.result']").input_value() == "Đã họp chi bộ."
    check_page(visit)
    row.scroll_into_view_if_needed()
    if os.environ.get("SCREENSHOTS"):
        row.screenshot(path=IMAGES / "evidence-390.png")
    visit.set_viewport_size({"width": DESK, "height": 900})
    check_page(visit)


@pytest.mark.parametrize("visit", [False], indirect=True)
def test_without_a_script_the_row_takes_a_file_and_the_words_typed_stay(visit: "Page") -> None:
    row = row_of(visit, 1)
    typed = "Đang viết dở"
    row.locator("textarea, input[type=text]").first.fill("7")
    row_of(visit, 0).locator("textarea[name$='.result']").fill(typed)
    row.get_by_text("Thêm ảnh, tệp minh chứng").click()
    choose(row, {"name": "biên bản.txt", "mimeType": "text/plain", "buffer": b"Bien ban"})
    row.get_by_role("button", name="Gửi tệp").click()
    visit.wait_for_load_state()

    assert row.get_by_text("biên bản.txt").first.is_visible()
    assert row_of(visit, 0).locator("textarea[name$='.result']").input_value() == typed
