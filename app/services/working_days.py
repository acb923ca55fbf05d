"""Working days in Vietnam: neither weekends nor public holidays."""

from datetime import date, timedelta

from app.services.period_rules import working_day

ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return working_day(day) == day


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`: 2 after a Friday is the Tuesday."""
    for _ in range(count):
        day = working_day(day + ONE_DAY)
    return day
