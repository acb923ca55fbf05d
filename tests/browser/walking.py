"""How a person walks through the demo: sign in or come without an account, look, press what the button says."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.services.demo_people import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

HOME = Path(__file__).resolve().parents[2]
AXE = HOME / "node_modules" / "axe-core" / "axe.min.js"
IMAGES = HOME / "docs" / "images"
PHONE, DESK = 390, 1280
PATIENCE_MS = 60_000


@contextmanager
def person(
    browser: "Browser", url: str, login: str, *, width: int = PHONE, expecting: str = "nothing"
) -> "Iterator[Page]":
    """A page on which that person of the demo is signed in."""
    with stranger(browser, url, width=width, expecting=expecting) as page:
        page.goto("/dang-nhap")
        page.fill("#login", login)
        page.fill("#password", DEMO_PASSWORD)
        press(page, "Đăng nhập")
        assert page.url.rstrip("/") == url, f"{login} could not sign in"
        yield page


@contextmanager
def stranger(
    browser: "Browser", url: str, *, width: int = PHONE, expecting: str = "nothing"
) -> "Iterator[Page]":
    """A page of somebody who is not signed in; no page may log an error to the console, but for what the test is
    about (`expecting` is part of that line)."""
    # axe-core is put into the page from outside, which the page's own policy rightly forbids.
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True, base_url=url)
    context.set_default_timeout(PATIENCE_MS)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    unexpected = [line for line in complaints if expecting not in line]
    assert unexpected == [], f"{page.url}: {unexpected}"
    context.close()


def press(page: "Page", text: str, within: "Locator | None" = None) -> None:
    """Press the first visible button of that name, on the page or in a part of it, and wait for what comes of it."""
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.status < 300):
        (within or page).get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: "Page", text: str) -> None:
    """Follow the first link of that name and wait for where it leads."""
    with page.expect_navigation():
        page.get_by_role("link", name=text).first.click()
    page.wait_for_load_state()


def fill_day(page: "Page", field: str, days_from_now: int) -> None:
    """Type a day into the three boxes of that field."""
    day = datetime.now(UTC).date() + timedelta(days=days_from_now)
    for part in ("day", "month", "year"):
        page.fill(f"input[name={field}_{part}]", str(getattr(day, part)))


def check_page(page: "Page") -> None:
    """Nothing for axe-core (WCAG 2.2 AA) to find, and nothing that scrolls sideways."""
    page.wait_for_load_state()  # what is there to be seen may still wait for its style sheet
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
    page.evaluate(AXE.read_text("utf-8"))
    found: Any = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    seen = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
    assert seen == [], f"{page.url} at {width} px: {seen}"


def picture(page: "Page", name: str, at: "Locator | None" = None) -> None:
    """What the screen shows, with `at` on top, for the guide; written when asked for (`make screenshots`)."""
    if os.environ.get("SCREENSHOTS"):
        if at:
            at.evaluate("place => place.scrollIntoView({ behavior: 'instant' })")
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / name)
