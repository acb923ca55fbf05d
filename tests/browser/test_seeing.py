"""Indicators as leaders see them: the chart, the table, who is missing, units beside each other, a table as a file."""

import pypdfium2
import pytest

from tests.browser.walking import DESK, PHONE, check_page, follow, person, picture


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_leader_goes_from_the_key_indicators_down_to_the_units(browser, live_server, width):
    with person(browser, live_server.url, "chi", width=width) as page:
        follow(page, "Chỉ tiêu chủ yếu, cần chú ý")
        page.goto(f"/chi-tieu/chu-yeu?ke-hoach={plan_of_the_demo(page)}")
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
        page.goto(f"/chi-tieu?ke-hoach={plan_of_the_demo(page)}")
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


def test_the_matrix_on_paper_has_every_column(browser, live_server):
    with person(browser, live_server.url, "chi", width=DESK) as page:
        page.goto(f"/chi-tieu/day-du?ke-hoach={plan_of_the_demo(page)}")
        heads = page.locator(".matrix thead b").all_inner_texts()
        paper = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
        sheet = paper[0]
        printed = words_on(sheet)
        assert sheet.get_width() > sheet.get_height()
        assert len(heads) > 10
        assert [head for head in [*heads, "Quáhạn"] if head not in printed] == []
        assert "Đãgửitrênđượcgiao" in "".join(words_on(one) for one in paper)


def plan_of_the_demo(page):
    """Other walks issue plans of their own, and pages show the newest."""
    plans = page.request.get("/api/v1/plans").json()["items"]
    return next(plan["id"] for plan in plans if plan["code"] == "KH-01")


def words_on(sheet):
    """What lies within its edges; without spaces, since a word written upwards is read in pieces."""
    return "".join(sheet.get_textpage().get_text_bounded().split())
