"""The board page: what it shows, and when a kept page may be shown again."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from app.models import Indicator
from app.services.assignment import ReportInput, acknowledge_assignment, report_assignment
from app.services.indicator import IndicatorChange, change_indicator, get_indicator
from app.services.target import TargetInput, change_target, list_targets, set_target
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)


@pytest.fixture
def board(stage: Any, cast: Any) -> Any:
    """A row of the open quarter on the school cell's board, an older one, and a figure to report."""
    from app.models import Submission, SubmissionVersion
    from tests.factories import LONG_AGO, put

    plan = add_plan(stage, cast.commune)
    task = add_task(stage, plan, title="Rà soát phòng học")
    given = add_responsibility(stage, task, cast.school_cell)
    now, before = (
        add_period(stage, cast.commune, "2026-Q4"),
        add_period(stage, cast.commune, "2026-Q3", state="closed"),
    )
    row = add_assignment(stage, task, cast.school_cell, period=now, responsibility=given)
    add_assignment(stage, task, cast.school_cell, period=before, responsibility=given, state="reported")
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    for period, value in ((before, 40), (now, None)):
        sent = put(
            stage,
            Submission(
                locality_id=cast.commune.id,
                indicator_id=indicator.id,
                unit_id=cast.school_cell.id,
                period_id=period.id,
                state="accepted" if value else "expected",
                created_at=LONG_AGO,
            ),
        )
        if value:
            put(
                stage,
                SubmissionVersion(
                    locality_id=cast.commune.id,
                    submission_id=sent.id,
                    number=1,
                    value=value,
                    sent_at=LONG_AGO,
                ),
            )
    stage.commit()
    return row


def test_the_board_shows_current_rows_figures_and_periods(client: Any, board: Any, cast: Any) -> None:
    page = client("binh").get(f"/bang/{cast.school_cell.id}")
    assert page.status_code == 200
    assert page.text.count('<li class="card') == 1
    assert "Rà soát phòng học" in page.text
    assert "Tiếp nhận" in page.text
    assert "40%" in page.text
    assert "Số liệu Quý III/2026; Quý IV/2026: chờ gửi" in page.text
    assert page.text.index("Quý IV/2026") < page.text.index("Quý III/2026")
    assert f"/bao-cao-ky/{cast.school_cell.id}/" in page.text


def test_a_board_says_why_there_is_no_figure(client: Any, stage: Any, board: Any, cast: Any) -> None:
    indicator = stage.query(Indicator).one()
    stage.commit()
    sent = {"indicator": indicator.id, "unit": cast.school_cell.id, "period": "2026-Q4"}
    nothing = client("binh").post(
        "/api/v1/submissions",
        json={key: str(value) for key, value in sent.items()} | {"no_data": True, "note": "Chưa kiểm kê."},
    )
    assert nothing.status_code == 201
    page = client("binh").get(f"/bang/{cast.school_cell.id}").text
    assert "<b>Không có số liệu</b>" in page
    assert "Quý IV/2026: chờ xác nhận; lý do: Chưa kiểm kê." in page


def test_a_figure_on_a_board_stays_with_its_definition(
    client: Any, stage: Any, board: Any, cast: Any, working: Any
) -> None:
    """As on the indicator's own page: a target that was raised makes nothing of before worse."""
    indicator = stage.query(Indicator).one()
    stage.commit()
    key = str(indicator.id)
    with working(cast.an) as work:
        set_target(work, indicator.id, TargetInput(comparator="gte", value="50", horizon=2026))
    sent = {"indicator": key, "unit": str(cast.school_cell.id), "period": "2026-Q4", "value": "60.25"}
    assert client("binh").post("/api/v1/submissions", json=sent).status_code == 201
    address = f"/bang/{cast.school_cell.id}"
    assert '<b class="is-met">Đạt mục tiêu</b>' in client("binh").get(address).text
    with working(cast.an) as work:
        now = get_indicator(work, indicator.id)
        change_indicator(work, now.id, IndicatorChange(decimals=0), now.version)
        (aim,) = (one for one in list_targets(work, [now.id])[now.id] if one.horizon == 2026)
        change_target(work, aim.id, TargetInput(comparator="gte", value="80", horizon=2026), 1)
    page = client("binh").get(address).text
    for shown in (
        "<b>60,25%</b>",
        "mục tiêu ít nhất 80% đến 2026",
        "Đạt mục tiêu",
        "so với mục tiêu của kỳ ấy: ít nhất 50% đến 2026",
    ):
        assert shown in page


def test_before_its_mark_a_figure_is_neither_good_nor_bad(client: Any, board: Any, cast: Any) -> None:
    page = client("binh").get(f"/bang/{cast.school_cell.id}").text
    assert "<b>Chưa đến mốc</b>" in page


def test_a_chosen_period_shows_that_periods_rows(client: Any, board: Any, cast: Any) -> None:
    page = client("an").get(f"/bang/{cast.school_cell.id}?ky=2026-Q3")
    assert page.text.count('<li class="card') == 1
    assert "Quý III/2026 · Chủ trì" in page.text
    assert "Đã báo cáo" in page.text


def test_a_board_offers_the_open_periods_that_ask_something_of_the_unit(
    client: Any, stage: Any, board: Any, cast: Any
) -> None:
    def offered(query: str = "") -> list[str]:
        return re.findall(r">(Báo cáo [^<]+)<", client("binh").get(address + query).text)

    address = f"/bang/{cast.school_cell.id}"
    task = add_task(stage, add_plan(stage, cast.commune, code="KH-2"))
    add_period(stage, cast.commune, "2026")  # asks nothing of anybody
    november, september = (add_period(stage, cast.commune, label) for label in ("2026-11", "2026-09"))
    given = add_responsibility(stage, task, cast.school_cell)
    for period, state, reason in ((november, "waived", "Không có lớp"), (september, "assigned", None)):
        add_assignment(
            stage,
            task,
            cast.school_cell,
            period=period,
            responsibility=given,
            state=state,
            state_reason=reason,
        )
    stage.commit()
    both = ["Báo cáo Quý IV/2026", "Báo cáo Tháng 09/2026"]
    assert offered() == both
    assert offered("?loc=confirmed") == both, "a filter of the cards narrowed what is to report"


def test_a_member_reports_the_joint_work_of_its_group(client: Any, stage: Any, cast: Any) -> None:
    group = add_group(stage, cast.commune, "N1", "Các chi bộ", [cast.school_cell])
    task = add_task(stage, add_plan(stage, cast.commune))
    given = add_responsibility(stage, task, group, completion="joint")
    quarter = add_period(stage, cast.commune, "2026-Q4")
    add_assignment(stage, task, group, period=quarter, responsibility=given, group_id=group.id)
    stage.commit()
    page = client("binh").get(f"/bang/{cast.school_cell.id}")
    assert f"/bao-cao-ky/{cast.school_cell.id}/{quarter.id}" in page.text


def test_a_board_without_anything_says_so(client: Any, cast: Any) -> None:
    page = client("an").get(f"/bang/{cast.village_cell.id}")
    assert page.status_code == 200
    assert "Chưa có việc nào" in page.text


def test_a_group_board_folds_its_members(client: Any, stage: Any, cast: Any) -> None:
    group = add_group(stage, cast.commune, "N1", "Các chi bộ", [cast.school_cell, cast.village_cell])
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=date(2026, 12, 1))
    given = add_responsibility(stage, task, group)
    for unit, state in ((cast.school_cell, "reported"), (cast.village_cell, "assigned")):
        add_assignment(stage, task, unit, responsibility=given, group_id=group.id, state=state)
    stage.commit()
    page = client("an").get(f"/bang/{group.id}")
    assert page.text.count('<li class="card') == 1
    assert "1/2" in page.text
    assert "<p>Mới giao <b>1</b></p>" in page.text
    assert "<p>Đã báo cáo <b>0</b></p>" in page.text
    assert cast.village_cell.name in page.text


def test_another_commune_knows_nothing_of_the_board(client: Any, board: Any, cast: Any) -> None:
    assert client("dung").get(f"/bang/{cast.school_cell.id}").status_code == 404
    assert client("hoa").get(f"/bang/{cast.school_cell.id}").status_code == 404


def test_an_unchanged_board_is_not_sent_again(client: Any, board: Any, cast: Any) -> None:
    browser, address = client("binh"), f"/bang/{cast.school_cell.id}"
    first = browser.get(address)
    assert browser.get(address).content == first.content
    again = browser.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_a_change_is_on_the_board_with_the_next_request(
    client: Any, board: Any, cast: Any, working: Any
) -> None:
    browser, address = client("binh"), f"/bang/{cast.school_cell.id}"
    first = [browser.get(address) for _ in range(2)][1]
    with working(cast.binh) as work:
        acknowledge_assignment(work, board.id)
    second = browser.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert "Đã tiếp nhận" in second.text
    with working(cast.binh) as work:
        report_assignment(work, board.id, ReportInput(result="Xong"))
    assert browser.get(address).headers["etag"] != second.headers["etag"]


def test_an_ended_session_sees_no_kept_page(client: Any, board: Any, cast: Any) -> None:
    browser, address = client("binh"), f"/bang/{cast.school_cell.id}"
    secret = browser.cookies["tiendo_session"]
    etag = [browser.get(address) for _ in range(2)][1].headers["etag"]
    browser.post("/dang-xuat", headers={"Sec-Fetch-Site": "same-origin"})
    browser.cookies.clear()
    headers = {"Cookie": f"tiendo_session={secret}", "If-None-Match": etag}
    after = browser.get(address, headers=headers)
    assert after.status_code in (303, 401)
    assert "Rà soát" not in after.text


def test_an_ended_role_sees_no_kept_page(client: Any, board: Any, cast: Any, working: Any) -> None:
    from app.services.role import end_role, roles_of

    browser, address = client("binh"), f"/bang/{cast.school_cell.id}"
    etag = [browser.get(address) for _ in range(2)][1].headers["etag"]
    with working(cast.quan, now=datetime.now(UTC)) as work:
        held = roles_of(work, [cast.binh.account_id])[cast.binh.account_id][0]
        end_role(work, cast.binh.account_id, held.id)
    after = browser.get(address, headers={"If-None-Match": etag})
    assert after.status_code in (403, 404)
    assert "Rà soát" not in after.text


def test_two_people_never_share_a_kept_page(client: Any, board: Any, cast: Any) -> None:
    address = f"/bang/{cast.school_cell.id}"
    theirs = client("binh").get(address)
    ours = client("chi").get(address)
    assert theirs.headers["etag"] != ours.headers["etag"]
    assert "Lê Thị Chi" in ours.text
    assert "Tiếp nhận</button>" not in ours.text


def test_a_page_shown_again_asks_only_for_the_last_events_number(
    client: Any, board: Any, cast: Any, database: Any
) -> None:
    browser, address = client("binh"), f"/bang/{cast.school_cell.id}"
    first = browser.get(address, headers={"Accept-Encoding": "identity"})
    house = browser.app.state.house
    asked: list[str] = []
    event.listen(house.database.reader, "before_cursor_execute", lambda c, k, sql, *more: asked.append(sql))
    again = browser.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert again.headers["content-encoding"] == "br"
    assert again.content == first.content
    assert not asked or not database.is_sqlite
    assert {"content-security-policy", "x-request-id"} <= set(again.headers)


def test_a_kept_page_is_for_its_own_address_and_session_only(client: Any, board: Any, cast: Any) -> None:
    address = f"/bang/{cast.school_cell.id}"
    etag = client("binh").get(address).headers["etag"]
    other = client("binh").get(address + "?loc=returned", headers={"If-None-Match": etag})
    assert other.status_code == 200
    assert client(None).get(address, headers={"If-None-Match": etag}).status_code in (303, 401)
