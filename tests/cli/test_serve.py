"""`tiendo serve` behind a proxy: whose word it takes for the scheme and the address of a request."""

import os

import httpx
import pytest

from tests.servers import run_tiendo, serving

FROM_A_PROXY = {"X-Forwarded-Proto": "https"}


# The tests come from 127.0.0.1, which is trusted unless another address is named.
@pytest.mark.parametrize(
    ("trusted", "is_https"), [(None, True), ("192.0.2.1", False), ("192.0.2.1,127.0.0.1", True)]
)
def test_only_a_named_proxy_says_what_the_scheme_is(tmp_path, trusted, is_https):
    environment = os.environ | {"TIENDO_DATA_DIR": str(tmp_path)}
    environment |= {"FORWARDED_ALLOW_IPS": trusted} if trusted else {}
    run_tiendo(environment, "migrate")
    with serving(environment, tmp_path / "server.log") as server:
        left = httpx.post(f"{server.url}/dang-xuat", headers=FROM_A_PROXY)
    assert any("__Host-" in cookie for cookie in left.headers.get_list("set-cookie")) is is_https
