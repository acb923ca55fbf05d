"""Tests of a group stay in one process: two browsers and two servers would only slow one another."""

import pytest


def test_the_tests_of_the_browser_are_one_group(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("this run does not share its tests out by group")
    assert request.node.nodeid.endswith("@browser"), "pytest-xdist no longer groups tests with this pytest"
