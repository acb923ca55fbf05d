"""The chore that tells people of what happened, a few events at a time."""

import structlog

from app.database import Database
from app.permissions import SYSTEM
from app.services.notice_making import list_untold, make_notices
from app.settings import Settings
from app.work import Work, open_work

log = structlog.get_logger("tiendo.jobs")


def tell_people(database: Database, settings: Settings) -> None:
    """Up to the end of every locality's history; one that fails is tried again and stops no other."""
    with database.read_session() as session:
        untold = list_untold(Work(session, settings, actor=lambda _: SYSTEM, is_write=False))
    for locality_id in untold:
        try:
            looked_at = 1
            while looked_at:
                with open_work(database, settings, actor=SYSTEM) as work:
                    looked_at = make_notices(work, locality_id)
        except Exception as error:  # noqa: BLE001 - one commune's notices must not keep another's back
            log.error(
                "notices failed", locality=str(locality_id), error=f"{type(error).__name__}: {error}"[:500]
            )
