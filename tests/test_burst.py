"""Sixty at once: nobody waits in vain for a connection that a waiting thread holds."""

import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.people import open_session
from tests.servers import serving

AT_ONCE = 60


@pytest.fixture
def rows(stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = [
        add_assignment(stage, add_task(stage, plan, f"NV-{n:03}"), cast.school_cell, period=period)
        for n in range(AT_ONCE)
    ]
    stage.commit()
    return made


def _acknowledge(row):
    return f"/api/v1/assignments/{row.id}/acknowledgements"


def test_sixty_reads_and_sixty_writes_are_all_answered(database, tmp_path, rows):
    cookies = {"tiendo_session": open_session(database, "binh")}
    environment = os.environ | {"TIENDO_DATABASE_URL": database.url, "TIENDO_DATA_DIR": str(tmp_path)}
    with (
        serving(environment, tmp_path / "server.log") as server,
        httpx.Client(base_url=server.url, cookies=cookies, timeout=60) as http,
        ThreadPoolExecutor(AT_ONCE) as crowd,
    ):
        read = list(crowd.map(lambda _: http.get("/api/v1/assignments").status_code, rows))
        wrote = list(crowd.map(lambda row: http.post(_acknowledge(row)).status_code, rows))
    assert read == [200] * AT_ONCE
    assert wrote == [201] * AT_ONCE
