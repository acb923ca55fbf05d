"""Indicators as leaders see them: the chart, the table, who is missing, units beside each other, a table as a file."""

import pytest

from tests.browser.walking import DESK, PHONE, check_page, follow, person, picture


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_leader_goes_from_the_key_indicators_down_to_the_units(browser, live_server, width):
    with person(browser, live_server.url, "chi", width=width) as page:
        follow(page, "Chỉ tiêu chủ yếu, cần chú ý")
        check_page(page)
        if width == DESK:
            picture(page, "key-indicators-1280.png")
        follow(page, "Tỷ lệ phòng học kiên cố")
        assert "Quý III/2026" in (page.locator("svg.chart__plane desc").text_content() or "")
        check_page(page)
        if width == PHONE:
            page.locator("svg.chart__plane").scroll_into_view_if_needed()
            picture(page, "indicator-390.png")
        follow(page, "So sánh các đơn vị")
        assert page.get_by_role("heading", name="Chưa gửi").is_visible()
        check_page(page)
        if width == PHONE:
            picture(page, "comparison-390.png", page.locator("main h2").first)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_office_sees_who_is_missing_and_takes_the_table_away(browser, live_server, width):
    with person(browser, live_server.url, "an", width=width) as page:
        page.goto("/chi-tieu")
        check_page(page)
        follow(page, "Đã đủ chưa")
        check_page(page)
        shown, hidden = (".matrix-folds", ".matrix") if width == PHONE else (".matrix", ".matrix-folds")
        assert page.locator(shown).is_visible()
        assert page.locator(hidden).is_hidden()
        if width == DESK:
            picture(page, "completeness-1280.png", page.locator("main h2").first)
            # Narrower than the matrix: it scrolls by itself, reached by keys.
            page.set_viewport_size({"width": 720, "height": 844})
            page.locator(".matrix").focus()
            check_page(page)
            page.set_viewport_size({"width": DESK, "height": 844})
        with page.expect_download() as taken:
            page.get_by_role("link", name="Excel").click()
        assert taken.value.suggested_filename.startswith("so-lieu-day-du-kh-01-2026-q")
