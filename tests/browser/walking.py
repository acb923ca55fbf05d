"""How a person walks through the demo: sign in, look, press what is written on the button."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.services.demo_people import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = 390, 1280
PATIENCE_MS = 60_000


@contextmanager
def person(
    browser: "Browser", url: str, login: str, *, width: int = PHONE, expecting: str = "nothing"
) -> "Iterator[Page]":
    """A page on which that person of the demo is signed in; no page may log an error to the console, but for
    what the test is about (`expecting` is part of that line)."""
    # axe-core is put into the page from outside, which the page's own policy rightly forbids.
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True, base_url=url)
    context.set_default_timeout(PATIENCE_MS)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/dang-nhap")
    page.fill("#login", login)
    page.fill("#password", DEMO_PASSWORD)
    press(page, "Đăng nhập")
    assert page.url.rstrip("/") == url, f"{login} could not sign in"
    yield page
    assert [line for line in complaints if expecting not in line] == [], login
    context.close()


def press(page: "Page", text: str) -> None:
    """Press the first visible button of that name and wait for what comes of it."""
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.status < 300):
        page.get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def check_page(page: "Page") -> None:
    """Nothing for axe-core (WCAG 2.2 AA) to find, and nothing that scrolls sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
    page.evaluate(AXE.read_text("utf-8"))
    found: Any = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    seen = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
    assert seen == [], f"{page.url} at {width} px: {seen}"
