"""Promises of the demo: a story told through the services, loaded once, with nothing empty in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.database import Database
from app.errors import Conflict
from app.models import (
    Account,
    Assignment,
    EventRow,
    Evidence,
    Extension,
    Indicator,
    Ledger,
    Locality,
    Notice,
    Period,
    PeriodException,
    Plan,
    Question,
    Responsibility,
    StoredFile,
    Submission,
    Target,
    Task,
    TaskReport,
    Unit,
)
from app.models.base import columns
from app.outside import file_store
from app.permissions import SYSTEM
from app.services.as_of_board import build_board_as_of
from app.services.board import build_board, get_board_head
from app.services.deadlines import is_due_soon, is_overdue
from app.services.demo import DemoLoaded, load_demo
from app.services.demo.place_deeds import PLACE_DEEDS
from app.services.demo.row_deeds import DEEDS
from app.services.demo.sample import read_story
from app.services.demo.timeline import UNITS, Act, moment, sittings, tell
from app.services.demo_people import DEMO_PASSWORD, list_demo_people
from app.services.event import verify_history
from app.services.indicator_table import build_indicator_table
from app.services.key_indicators import build_key_page
from app.services.lanes import build_lanes
from app.services.period_clock import (
    list_due_locks,
    list_due_openings,
    list_due_reminders,
    list_next_openings,
)
from app.services.signing_in import is_password_of
from app.services.urging_list import count_standings
from app.settings import Settings
from app.work import VIETNAM, Work
from tests.databases import Run, postgresql_copy, postgresql_or_skip, sqlite_copy
from tests.evenings import check_against_what_is_stored, live_of_plan, shown_board, then_of_plan

TOLD_ON = date(2026, 11, 22)

accounts, assignments, events = columns(Account), columns(Assignment), columns(EventRow)
indicators, ledgers, localities = columns(Indicator), columns(Ledger), columns(Locality)
periods, plans, submissions = columns(Period), columns(Plan), columns(Submission)
targets, tasks, units = columns(Target), columns(Task), columns(Unit)
extensions, exceptions, questions = columns(Extension), columns(PeriodException), columns(Question)
notices, reports, responsibilities = columns(Notice), columns(TaskReport), columns(Responsibility)
groups = columns(aliased(Unit))


@dataclass(frozen=True)
class Demo:
    database: Database
    settings: Settings
    loaded: DemoLoaded


# Loading takes seconds, so the tests of one engine share one demo, and with it one worker.
@pytest.fixture(
    scope="module",
    params=[
        pytest.param(engine, marks=pytest.mark.xdist_group(f"demo-{engine}"))
        for engine in ("sqlite", "postgresql")
    ],
)
def demo(
    request: pytest.FixtureRequest, test_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "postgresql":
        postgresql_or_skip(test_run)
    copy = sqlite_copy(test_run) if request.param == "sqlite" else postgresql_copy(test_run)
    with copy as url:
        database, settings = Database(url), Settings(data_dir=folder / "data")
        yield Demo(database, settings, load_demo(database, settings, today=TOLD_ON))
        database.dispose()


@pytest.fixture
def session(demo: Demo) -> Iterator[Session]:
    with demo.database.read_session() as session:
        yield session


@pytest.fixture
def reading(demo: Demo, session: Session) -> Work:
    now = moment(TOLD_ON, time(9))
    return Work(session, demo.settings, actor=lambda _: SYSTEM, now=now, is_write=False)


# --- loading


def test_the_first_load_says_what_there_is_now(demo: Demo) -> None:
    assert demo.loaded.is_new
    assert (demo.loaded.localities, demo.loaded.plans, demo.loaded.left_out) == (4, 2, 0)
    assert demo.loaded.reports > 150
    assert demo.loaded.sentence.startswith("Đã nạp dữ liệu mẫu: 4 địa phương")


def test_a_second_load_changes_nothing_and_says_so(demo: Demo, session: Session) -> None:
    before = session.execute(select(ledgers.locality_id, ledgers.number, ledgers.hash)).all()
    session.rollback()

    again = load_demo(demo.database, demo.settings, today=TOLD_ON)

    assert not again.is_new
    assert again.sentence.startswith("Đã có dữ liệu mẫu")
    assert (again.reports, again.figures) == (demo.loaded.reports, demo.loaded.figures)
    assert session.execute(select(ledgers.locality_id, ledgers.number, ledgers.hash)).all() == before


def test_a_load_that_broke_off_is_not_taken_for_a_whole_one(
    sqlite_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("app.services.demo.decide_on_plan", break_off)
        with pytest.raises(KeyboardInterrupt):
            load_demo(database, settings)

    with pytest.raises(Conflict, match="make demo-reset"):
        load_demo(database, settings)
    database.dispose()


def test_what_lies_in_the_future_of_a_slow_clock_is_left_out(sqlite_url: str, settings: Settings) -> None:
    database = Database(sqlite_url)

    loaded = load_demo(database, settings, today=date(2026, 7, 24))

    with database.read_session() as session:
        last = session.scalar(select(func.max(events.at)))
        rows = session.scalar(select(func.count()).select_from(Assignment)) or 0
    assert 0 < loaded.reports < 20
    assert "Bỏ qua" in loaded.sentence
    assert rows > 200
    assert last is not None
    assert last <= datetime(2026, 7, 24, 23, 59, tzinfo=VIETNAM)
    database.dispose()


# --- what is there


def test_reading_the_plans_invents_no_unit_and_misses_none(session: Session) -> None:
    told = [
        one["code"] for place in read_story()["localities"] for one in [*place["units"], *place["groups"]]
    ]
    merged = [one["new_unit"]["code"] for one in read_story()["unit_changes"] if "new_unit" in one]

    assert sorted(session.scalars(select(units.code))) == sorted([*told, *merged])


def test_every_plan_is_issued_and_every_figure_has_someone_to_report_it(session: Session) -> None:
    figures = session.scalar(select(func.count()).select_from(Indicator))
    expected = session.scalar(select(func.count(func.distinct(submissions.indicator_id))))
    by_hand = select(plans.id).where(plans.scheme_id.is_(None))
    yearly = session.scalar(
        select(func.count()).where(indicators.cycle == "year", indicators.plan_id.in_(by_hand))
    )

    assert list(session.scalars(select(plans.state))) == ["issued", "issued"]
    assert (figures, expected) == (33, 33 - (yearly or 0))


def test_one_quarter_is_closed_and_one_open_in_each_commune(session: Session) -> None:
    found = session.execute(
        select(periods.label, periods.state).where(periods.cycle == "quarter").order_by(periods.label)
    ).all()

    assert [tuple(row) for row in found] == [("2026-Q3", "closed")] * 2 + [("2026-Q4", "open")] * 2


def test_where_the_plan_names_a_scheme_the_clock_has_nothing_left_to_do(
    reading: Work, session: Session
) -> None:
    """What a running service would do at once after loading, the story has done: boards do not change by themselves."""
    of_plan = session.scalars(select(plans).where(plans.scheme_id.is_not(None))).one()

    assert list_due_openings(reading) == list_due_locks(reading) == list_due_reminders(reading) == []
    assert [due.span.label for due in list_next_openings(reading, of_plan.locality_id)] == ["2027", "2027-Q1"]
    assert session.scalar(select(func.max(periods.reminded_on))) == date(2026, 10, 13)


def test_no_board_is_empty(reading: Work) -> None:
    everybody = reading.session.scalars(select(units)).all()

    still_there = [unit for unit in everybody if unit.valid_to is None]

    boards = {unit.name: build_board(reading, get_board_head(reading, unit.id)) for unit in still_there}
    assert [name for name, board in boards.items() if not (board.cards or board.support)] == []
    assert len(everybody) - len(still_there) == 2


def test_every_organisation_of_a_plan_has_a_lane_with_rows(reading: Work) -> None:
    for plan in reading.session.scalars(select(plans)):
        lanes = build_lanes(reading, plan)

        assert len(lanes) >= 4
        assert [lane.unit.name for lane in lanes if not sum(lane.counts.values())] == []


def test_every_state_occurs_where_people_look(session: Session) -> None:
    of_rows = set(session.scalars(select(assignments.state)))
    of_figures = set(session.scalars(select(submissions.state)))
    open_rows = session.scalars(select(assignments)).all()

    assert of_rows == {
        "supporting",
        "assigned",
        "acknowledged",
        "in_progress",
        "reported",
        "returned",
        "confirmed",
        "waived",
        "not_needed",
        "cancelled",
    }
    assert of_figures == {"expected", "sent", "accepted", "returned", "reopened", "waived"}
    assert any(row.blocked_reason for row in open_rows)
    dated = [row for row in open_rows if row.period_id is None]
    assert any(is_overdue(row.state, row.due_on, row.reported_on, TOLD_ON) for row in dated)
    assert not all(is_overdue(row.state, row.due_on, row.reported_on, TOLD_ON) for row in dated)
    assert not any(is_due_soon(row.state, row.due_on, TOLD_ON) and row.state == "confirmed" for row in dated)


def test_leaders_find_something_of_every_kind_to_look_at(reading: Work, session: Session) -> None:
    plan = session.scalars(select(plans.id).where(plans.scheme_id.is_not(None))).one()

    found = [
        (kind, one.row.indicator.code)
        for kind, one in build_key_page(build_indicator_table(reading, plan)).exceptions
    ]

    assert found == [
        ("off", "CT-06"),
        ("worse", "CT-06"),
        ("worse", "CT-05"),
        ("overdue", "CT-11"),
        ("explained", "CT-06"),
        ("explained", "CT-03"),
        ("explained", "CT-05"),
    ]


def test_every_row_stands_where_the_story_says(session: Session) -> None:
    rows = session.execute(
        select(localities.code, periods.label, units.code, tasks.text, assignments.state)
        .join(localities, localities.id == assignments.locality_id)
        .join(periods, periods.id == assignments.period_id)
        .join(units, units.id == assignments.unit_id)
        .join(tasks, tasks.id == assignments.task_id)
        .order_by(tasks.ordinal)
    ).all()
    found: dict[tuple[str, str, str], list[str]] = {}
    for place, period, unit, _, state in rows:
        found.setdefault((place, period, unit), []).append(state)

    told: dict[tuple[str, str, str], list[str]] = {}
    for one in read_story()["reports"]:
        told.setdefault((one["locality"], one["period"], one["unit"]), []).append(one["state"])
    merged = {code for one in read_story()["unit_changes"] if "new_unit" in one for code in one["units"]}
    for key, states in told.items():
        if key[1] == "2026-Q4" and key[2] in merged:
            continue
        silent = ["assigned"] * (len(found[key]) - len(states))
        assert sorted(found[key]) == sorted([*states, *silent]), key


def test_every_row_of_a_group_stands_where_the_story_says(session: Session) -> None:
    rows = session.execute(
        select(tasks.ordinal, tasks.due_on, units.code, assignments.state, assignments.unit_id)
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == assignments.unit_id)
        .join(responsibilities, responsibilities.id == assignments.responsibility_id)
        .join(groups, groups.id == responsibilities.unit_id)
        .where(groups.kind == "group", responsibilities.role == "lead", tasks.kind == "dated")
        .order_by(tasks.ordinal, units.code)
    ).all()
    found: dict[date, dict[str, str]] = {}
    for _, due_on, code, state, _ in rows:
        found.setdefault(due_on, {})[code] = state

    told = {}
    for one in read_story()["localities"][0]["tasks"]:
        if one["lead"].startswith("G-"):
            members = one.get("members", {one["lead"]: one})
            told[date.fromisoformat(one["due_on"])] = {code: row["state"] for code, row in members.items()}
    assert found == told
    assert len(told) == 3


def test_the_merged_cell_goes_on_with_the_open_rows_and_only_those(session: Session) -> None:
    rows = session.execute(
        select(units.code, periods.label, assignments.state)
        .join(units, units.id == assignments.unit_id)
        .join(periods, periods.id == assignments.period_id)
        .where(units.code.in_(["CB-T09", "CB-T10", "CB-T14"]))
    ).all()

    of_q4 = sorted((code, state) for code, label, state in rows if label == "2026-Q4")
    gone_on = [("CB-T14", "assigned")] * 3 + [("CB-T14", "reported")]
    assert of_q4 == [("CB-T10", "cancelled")] * 4 + gone_on
    assert {code for code, label, _ in rows if label == "2026-Q3"} == {"CB-T09", "CB-T10"}


def test_requests_for_more_time_are_waiting_granted_and_refused(session: Session) -> None:
    asked = session.execute(
        select(extensions.state, extensions.asked_due_on).order_by(extensions.asked_at)
    ).all()
    granted = session.scalars(select(assignments).where(assignments.first_due_on < date(2026, 12, 1))).one()

    assert [state for state, _ in asked] == ["refused", "granted", "requested"]
    assert (granted.first_due_on, granted.due_on) == (date(2026, 11, 20), date(2026, 12, 31))


def test_a_unit_has_its_own_date_for_a_reason(session: Session) -> None:
    own = session.scalars(select(exceptions)).one()
    rows = session.scalars(
        select(assignments.due_on).where(
            assignments.unit_id == own.unit_id, assignments.period_id == own.period_id
        )
    ).all()

    assert own.reason
    assert set(rows) == {own.due_on}


def test_urgings_stand_in_every_way(reading: Work, session: Session) -> None:
    place = session.scalars(select(localities.id).where(localities.code == "02995")).one()

    met = {name for name, number in count_standings(reading, place).items() if number}
    assert met >= {"answered", "reported", "waiting", "silent", "stepped_up"}


def test_questions_wait_and_are_answered_both_ways(session: Session) -> None:
    found = session.execute(select(questions.state, questions.answer)).all()

    assert {tuple(row) for row in found} == {("open", None), ("answered", "refused"), ("answered", "waived")}


def test_one_report_repeats_the_last_period(session: Session) -> None:
    assert session.scalar(select(func.count()).where(reports.carried_from_id.is_not(None))) == 1


def test_a_photo_drawn_for_the_demo_lies_beside_a_report(demo: Demo, session: Session) -> None:
    one = session.scalars(select(columns(Evidence))).one()

    assert one.name == "bà con làm vườn rau trường.jpg"
    assert one.size < 120_000
    assert one.size == len(
        file_store.get(demo.settings.data_dir, session.get_one(StoredFile, one.stored_file_id).sha256)
    )


def test_inboxes_hold_what_is_new_and_what_was_read(session: Session) -> None:
    """People the sign-in page shows, of the commune with the whole story, find something new."""
    shown = ("an", "binh", "uyban", "mattran", "thon", "xaydung")
    unread = session.execute(
        select(accounts.login, func.count())
        .join(notices, notices.account_id == accounts.id)
        .where(notices.read_at.is_(None), accounts.login.in_(shown))
        .group_by(accounts.login)
    ).all()
    oldest = session.scalar(select(func.min(notices.at)).where(notices.read_at.is_(None)))

    assert {login for login, _ in unread} >= {"an", "binh", "mattran"}
    assert max(number for _, number in unread) < 30
    assert oldest is not None
    assert oldest > moment(date(2026, 11, 14), time(0))
    assert session.scalar(select(func.count()).where(notices.read_at.is_not(None)))


def test_impossible_targets_were_put_right_by_the_office(session: Session) -> None:
    shares = session.execute(
        select(targets.comparator, targets.value)
        .join(indicators, indicators.id == targets.indicator_id)
        .where(indicators.measure == "percent")
    ).all()

    assert {comparator for comparator, value in shares if value >= 100} == {"reach"}


# --- history


def test_history_verifies_and_reads_forward(demo: Demo, session: Session) -> None:
    assert list(verify_history(session)) == []
    for place in session.scalars(select(localities.id)):
        of_place = select(events.at).where(events.locality_id == place).order_by(events.number)
        moments = list(session.scalars(of_place))
        assert moments == sorted(moments)
        assert moments[-1] <= datetime(2026, 11, 22, 23, 59, tzinfo=VIETNAM)


def test_history_names_the_people_who_acted(session: Session) -> None:
    acted = set(session.scalars(select(events.actor_name)))

    assert {"Đặng Thu An", "Trần Thanh Bình", "Triệu Văn Thành", "Nông Thị Kim Chi"} <= acted
    assert len(acted) > 40


def test_acts_of_one_locality_never_overlap() -> None:
    last: dict[str, datetime] = {}
    for sitting in sittings(tell(read_story())):
        for at, act in sitting.acts:
            assert at > last.get(act.locality, at.replace(year=2000))
            assert at.astimezone(VIETNAM).date() == act.day
            last[act.locality] = at


def test_nobody_works_at_night() -> None:
    hours = {at.astimezone(VIETNAM).hour for one in sittings(tell(read_story())) for at, _ in one.acts}

    assert hours <= set(range(7, 19))


def test_every_act_has_a_deed() -> None:
    acts = tell(read_story())

    assert {act.verb for act in acts if act.row is not None} == set(DEEDS)
    assert {act.verb for act in acts if act.row is None} == set(PLACE_DEEDS)


def test_a_day_with_more_to_do_than_fits_runs_on_in_order() -> None:
    busy = [Act("1", date(2026, 7, 1), UNITS, f"p{n:03}", "start") for n in range(100)]

    moments = [at for sitting in sittings(busy) for at, _ in sitting.acts]

    assert len(moments) == len(set(moments))
    assert moments == sorted(moments)


# --- people


def test_the_sign_in_page_shows_people_of_every_role_and_no_more_than_the_story_asks(reading: Work) -> None:
    shown = list_demo_people(reading)
    people = [
        person
        for place in [*read_story()["provinces"], *read_story()["localities"]]
        for person in place["people"]
    ]

    assert {person.login for person in shown} == {p["login"] for p in people if p.get("show")}
    assert {person.role for person in shown} == {
        "office",
        "unit",
        "leader",
        "inspector",
        "province",
        "admin",
    }


def test_everybody_signs_in_with_the_password_on_the_page(session: Session) -> None:
    assert read_story()["password"] == DEMO_PASSWORD
    for login in ("an", "binh", "thon"):
        account = session.scalars(select(accounts).where(accounts.login == login)).one()
        assert is_password_of(account, DEMO_PASSWORD)


def test_the_uploaded_texts_are_kept(demo: Demo) -> None:
    kept = [path for path in Path(demo.settings.data_dir).rglob("*") if path.is_file()]

    assert len(kept) == 4  # the two plans; a photo and its small picture


# --- told for an earlier day


def test_what_happened_makes_each_row_of_the_demo_what_it_is(reading: Work, session: Session) -> None:
    for place in session.scalars(select(plans.locality_id)).all():
        check_against_what_is_stored(reading, place, TOLD_ON)


def test_boards_and_overviews_of_the_demo_are_told_from_what_happened(reading: Work) -> None:
    for plan in reading.session.scalars(select(plans)).all():
        assert then_of_plan(reading, plan.id, TOLD_ON) == live_of_plan(reading, plan.id)
        for unit in reading.session.scalars(select(units).where(units.locality_id == plan.locality_id)):
            head = get_board_head(reading, unit.id)
            told = build_board_as_of(reading, head, TOLD_ON)
            assert shown_board(told) == shown_board(build_board(reading, head))
