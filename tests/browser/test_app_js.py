"""app.js keeps what people type. Pages come from the project's templates; the network is played by the test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment
from markupsafe import Markup

from app.web import rendering

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

FORM = """{% extends "base.html" %}
{% from "components/forms.html" import text_area, button %}
{% block content %}<h1>Báo cáo</h1>
<form action="/gui" method="post" data-keep="bao-cao-1-binh"{{ attributes }}>
{{ text_area("result", "Kết quả") }}<div class="buttons">{{ button("Gửi báo cáo") }}</div></form>{% endblock %}"""
HTMX = ' hx-post="/gui" hx-target="this" hx-swap="outerHTML"'
PLAIN = '{% extends "base.html" %}{% block content %}<h1>Trang khác</h1>{% endblock %}'
OFFLINE = "Mất kết nối. Nội dung vẫn còn nguyên"
TYPED = "Đã vận động 4 em trở lại lớp"


class Site:
    """Answers for http://tiendo.test. `posts` counts what arrived; `down` refuses every POST."""

    def __init__(self) -> None:
        self.environment: Environment = rendering.build_environment(rendering.load_static_urls())
        self.posts = 0
        self.down = False
        self.answer = (200, "")
        self.attributes = ""

    def page(self, source: str, notice: rendering.Notice | None = None) -> str:
        page = rendering.Page(title="Thử", person=rendering.SignedIn("Bình"), notice=notice)
        attributes = Markup(self.attributes)
        return self.environment.from_string(source).render(page=page, attributes=attributes)

    def serve(self, route: "Route") -> None:
        path = route.request.url.removeprefix("http://tiendo.test")
        if path.startswith("/static/"):
            route.fulfill(path=rendering.STATIC_FILES / path.removeprefix("/static/"))
        elif route.request.method == "POST":
            self.receive(route)
        elif path == "/bao-cao":
            route.fulfill(body=self.page(FORM), content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=self.page(PLAIN), content_type="text/html; charset=utf-8")

    def receive(self, route: "Route") -> None:
        if self.down:
            route.abort("internetdisconnected")
            return
        self.posts += 1
        status, body = self.answer
        route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def phone(browser: "Browser", site: Site) -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.route("**/*", site.serve)
    page.goto("http://tiendo.test/bao-cao")
    yield page
    context.close()


def typed(phone: "Page") -> str:
    return phone.locator("#result").input_value()


def kept(phone: "Page") -> int:
    count: int = phone.evaluate("localStorage.length")
    return count


def test_typed_text_comes_back_after_a_reload(phone: "Page") -> None:
    phone.fill("#result", TYPED)
    phone.reload()

    assert typed(phone) == TYPED
    assert "Đã khôi phục" in phone.inner_text("[role=alert]")


def test_a_form_that_was_taken_in_is_forgotten(phone: "Page", site: Site) -> None:
    site.answer = (200, site.page(PLAIN, notice=rendering.Notice("Đã gửi báo cáo.")))
    phone.fill("#result", TYPED)
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector(".notice--success")

    assert kept(phone) == 0


def test_a_session_that_ended_keeps_what_was_sent(phone: "Page", site: Site) -> None:
    site.answer = (401, site.page(PLAIN))
    phone.fill("#result", TYPED)
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector("text=Trang khác")
    phone.goto("http://tiendo.test/bao-cao")

    assert typed(phone) == TYPED


def test_a_failed_network_says_that_nothing_is_lost(phone: "Page", site: Site) -> None:
    site.down, site.attributes = True, HTMX
    phone.reload()
    phone.fill("#result", TYPED)
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector("[role=alert]")

    assert OFFLINE in phone.inner_text(".buttons [role=alert]")
    assert typed(phone) == TYPED

    site.down, site.answer = False, (200, "<p>Đã gửi.</p>")
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector("text=Đã gửi.")
    assert (site.posts, kept(phone)) == (1, 0)


def test_an_htmx_answer_with_errors_keeps_the_text(phone: "Page", site: Site) -> None:
    site.attributes, site.answer = HTMX, (422, "<p>Có chỗ cần sửa.</p>")
    phone.reload()
    phone.fill("#result", TYPED)
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector("text=Có chỗ cần sửa.")

    assert kept(phone) == 1


def test_without_a_network_a_plain_form_stays_where_it_is(phone: "Page", site: Site) -> None:
    phone.fill("#result", TYPED)
    phone.context.set_offline(True)
    phone.click("text=Gửi báo cáo")
    phone.wait_for_selector("[role=alert]")

    assert OFFLINE in phone.inner_text("[role=alert]")
    assert site.posts == 0
    assert typed(phone) == TYPED


@pytest.mark.parametrize("attributes", ["", HTMX])
def test_a_double_press_sends_once(phone: "Page", site: Site, attributes: str) -> None:
    site.attributes, site.answer = attributes, (200, site.page(PLAIN))
    phone.reload()
    phone.fill("#result", TYPED)
    phone.dblclick("text=Gửi báo cáo")
    phone.wait_for_selector("text=Trang khác")

    assert site.posts == 1


def test_signing_out_forgets_what_a_shared_phone_kept(phone: "Page") -> None:
    phone.fill("#result", TYPED)
    phone.click("text=Đăng xuất")

    phone.wait_for_function("localStorage.length === 0")
