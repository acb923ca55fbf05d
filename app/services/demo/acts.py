"""Acting the demo's story out through the services, each act as the person who did it, at its moment."""

from datetime import datetime

from app.database import Database
from app.permissions import SYSTEM
from app.services.demo.place_deeds import PLACE_DEEDS
from app.services.demo.row_deeds import DEEDS
from app.services.demo.stage import Stage
from app.services.demo.timeline import CLOCK, Act, Sitting
from app.settings import Settings
from app.work import Work, open_work


def play(database: Database, settings: Settings, stage: Stage, sitting: Sitting, until: datetime) -> int:
    """Do what lies before `until` in one transaction; the number of acts left out."""
    due = [(at, act) for at, act in sitting.acts if at <= until]
    if due:
        actor = SYSTEM if sitting.login == CLOCK else stage.place.actors[sitting.login]
        with open_work(database, settings, actor=actor, now=due[0][0]) as work:
            for at, act in due:
                work.now = at
                _do(work, stage, act)
    return len(sitting.acts) - len(due)


def _do(work: Work, stage: Stage, act: Act) -> None:
    if act.row is None:
        PLACE_DEEDS[act.verb](work, stage, act.said)
    else:
        DEEDS[act.verb](work, stage.row(work, act.row), act.said)
