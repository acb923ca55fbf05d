"""Counting who tries addresses that are secrets: in a work of its own, since the one that refused is rolled back."""

from fastapi import Request

from app.entry import house_of
from app.permissions import SYSTEM
from app.services.guessing import note_guess
from app.web.session_cookie import sender_address
from app.work import Work, open_work


def count_guess(request: Request, work: Work) -> None:
    work.session.rollback()
    house = house_of(request)
    with open_work(house.database, house.settings, actor=SYSTEM) as counting:
        note_guess(counting, address=sender_address(request))
