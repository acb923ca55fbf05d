"""Slows down who tries addresses that are secrets (/l/, /lich/): secrets that never existed are counted by sender."""

from sqlalchemy import func, select

from app.errors import TooManyTries
from app.models import SignInTry
from app.models.base import columns
from app.permissions import Permission
from app.services.signing_in import MAX_TRIES, WINDOW, hash_secret
from app.work import Work

# Counted beside failed tries of signing in, under a name that no login can have.
_AT_THE_DOOR = hash_secret("/l/")

tries = columns(SignInTry)


def check_guesses(work: Work, *, address: str) -> None:
    """TooManyTries when this sender is paused."""
    same = (tries.at > work.now - WINDOW, tries.login_hash == _AT_THE_DOOR, tries.address == address)
    if (work.session.scalar(select(func.count()).select_from(tries).where(*same)) or 0) >= MAX_TRIES:
        raise TooManyTries(int(WINDOW.total_seconds() // 60))


def note_guess(work: Work, *, address: str) -> None:
    """Count a secret that never was one."""
    work.open_door(Permission.SESSION_OPEN)
    work.add(SignInTry(login_hash=_AT_THE_DOOR, address=address, at=work.now))
