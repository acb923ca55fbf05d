"""Loading the demo: two communes with their plans, people, reports and figures, through the same services that
people use, as the people of the story and at the time it happened."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import Database
from app.errors import Conflict
from app.events import SampleDataLoaded
from app.models import Account, EventRow, Locality, Plan, SubmissionVersion, TaskReport, Unit
from app.models.base import columns
from app.permissions import SYSTEM, Permission
from app.services.access_link import MOST_DAYS, AccessLinkInput, make_access_link
from app.services.demo.acts import play
from app.services.demo.inboxes import fill_inboxes
from app.services.demo.intake import decide_on_plan, issue_decided_plan, take_in_plan
from app.services.demo.places import Place, set_up_places
from app.services.demo.sample import Story, places_of, read_story
from app.services.demo.stage import Stage
from app.services.demo.timeline import OFFICE, OPENING, moment, sittings, tell
from app.services.period import list_periods
from app.settings import Settings
from app.work import VIETNAM, open_work

localities, events = columns(Locality), columns(EventRow)

END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What the demo's localities hold. `is_new`: this call loaded it; else it was there and nothing changed.
    `left_out`: acts of the story that lie in the future of this machine's clock."""

    is_new: bool
    localities: int
    units: int
    people: int
    plans: int
    reports: int
    figures: int
    left_out: int = 0

    @property
    def sentence(self) -> str:
        held = (
            f"{self.localities} địa phương, {self.units} đơn vị, {self.people} người dùng, {self.plans} kế hoạch, "
            f"{self.reports} báo cáo, {self.figures} số liệu"
        )
        if not self.is_new:
            return f"Đã có dữ liệu mẫu, không nạp lại: {held}."
        late = f" Bỏ qua {self.left_out} việc sau ngày hôm nay của máy này." if self.left_out else ""
        return f"Đã nạp dữ liệu mẫu: {held}.{late}"


def load_demo(database: Database, settings: Settings, *, today: date | None = None) -> DemoLoaded:
    """Load samples/demo.json into a migrated database, once: what is loaded is left alone. Its dates are fixed;
    nothing after `today` (now, when left out) is done, and set-up happens no later than that. Conflict when an
    earlier load broke off, or somebody else's locality bears one of its codes."""
    story = read_story()
    until = datetime.combine(today, END_OF_DAY, VIETNAM) if today else datetime.now(UTC)
    with database.read_session() as session:
        if _is_loaded(session, story):
            return _count(session, story, is_new=False)

    with open_work(
        database, settings, actor=SYSTEM, now=min(moment(story["set_up_on"], OFFICE), until)
    ) as work:
        places = set_up_places(work, story)
    for place in places:
        _issue(database, settings, place, story, until)
    stages = {place.story["code"]: Stage(place) for place in places}
    left_out = sum(
        play(database, settings, stages[sitting.locality], sitting, until)
        for sitting in sittings(tell(story))
    )
    for place in places:
        _make_link(database, settings, place, until)

    with open_work(database, settings, actor=SYSTEM, now=until) as work:
        for locality in work.session.scalars(_places(story)):
            work.require(Permission.LOCALITY_MANAGE, locality.id)
            work.record(SampleDataLoaded(locality_id=locality.id, subject_id=locality.id))
            fill_inboxes(work, locality.id, min(until, moment(story["today"], OFFICE)))
        return _count(work.session, story, is_new=True, left_out=left_out)


def _issue(database: Database, settings: Settings, place: Place, story: Story, until: datetime) -> None:
    uploaded = min(moment(story["uploaded_on"], OFFICE), until)
    issued = min(moment(story["periods"][0]["opened_on"], OPENING), until)
    with open_work(database, settings, actor=place.office, now=uploaded) as work:
        document_id: UUID = take_in_plan(work, place)
        decide_on_plan(work, place, document_id)
    with open_work(database, settings, actor=place.office, now=issued) as work:
        issue_decided_plan(work, place, document_id)


def _make_link(database: Database, settings: Settings, place: Place, until: datetime) -> None:
    """A cell's link with which a newcomer may try reporting without an account."""
    told = place.story.get("link")
    if told is None:
        return
    with open_work(database, settings, actor=place.office, now=until) as work:
        if told["period"] not in {period.label for period in list_periods(work, state="open")}:
            return
        last_day = work.today + timedelta(days=MOST_DAYS - 1)
        given = AccessLinkInput(unit=place.units[told["unit"]], period=told["period"], expires_on=last_day)
        make_access_link(work, given, secret=told["secret"])


def _is_loaded(session: Session, story: Story) -> bool:
    """The mark of the end in every locality; none of them there is the other good state."""
    found = list(session.scalars(_places(story)))
    keys = [locality.id for locality in found]
    marked = set(
        session.scalars(
            select(events.locality_id).where(
                events.kind == "sample_data_loaded", events.locality_id.in_(keys)
            )
        )
    )
    if found and len(marked) < len(places_of(story)):
        raise Conflict(
            f"Cơ sở dữ liệu đã có {found[0].name} (mã {found[0].code}) nhưng không phải dữ liệu mẫu nạp trọn vẹn. "
            "Chạy `make demo-reset` để xóa và nạp lại, hoặc chọn cơ sở dữ liệu khác.",
            code="demo_incomplete",
        )
    return bool(found)


def _places(story: Story) -> Any:
    codes = [place["code"] for place in places_of(story)]
    return select(localities).where(localities.code.in_(codes)).order_by(localities.code)


def _count(session: Session, story: Story, *, is_new: bool, left_out: int = 0) -> DemoLoaded:
    keys = [locality.id for locality in session.scalars(_places(story))]

    def held(model: Any) -> int:
        return session.scalar(select(func.count()).where(columns(model).locality_id.in_(keys))) or 0

    return DemoLoaded(
        is_new=is_new,
        localities=len(keys),
        units=held(Unit),
        people=held(Account),
        plans=held(Plan),
        reports=held(TaskReport),
        figures=held(SubmissionVersion),
        left_out=left_out,
    )
