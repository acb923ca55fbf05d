"""The browser files as the app serves them."""

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web import rendering


def test_a_browser_file_is_compressed_and_kept_for_good(settings: Settings) -> None:
    client = TestClient(create_app(settings))

    for name in ("app.css", "app.js", "logo.svg"):
        answer = client.get(rendering.load_static_urls()(name), headers={"accept-encoding": "br"})

        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "br"
        assert "immutable" in answer.headers["cache-control"]
        assert "access-control-allow-origin" not in answer.headers
