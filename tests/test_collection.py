"""Every process of a run must collect the same tests: none may be named by what differs between them."""

import os

import pytest


@pytest.mark.parametrize("file", [os.urandom(8)])
def test_a_file_does_not_name_its_test(file: bytes, request: pytest.FixtureRequest) -> None:
    assert request.node.name.split("@")[0].endswith("[file]")
