"""On which days a schedule charges. Pure: dates in, dates out."""

from calendar import monthrange
from datetime import date, timedelta

from .models import Interval, Schedule


def latest_slot(schedule: Schedule, on: date) -> date | None:
    """The latest day up to `on` on which the schedule charges; None when there is none yet.

    A day of the month that a month lacks falls on its last day.
    """
    last = on if schedule.ends_on is None else min(on, schedule.ends_on)
    if last < schedule.starts_on:
        return None
    match schedule.interval:
        case Interval.DAILY:
            slot = last
        case Interval.EVERY_N_DAYS:
            slot = last - timedelta(days=(last - schedule.starts_on).days % schedule.days[0])
        case Interval.WEEKLY:
            slot = last - timedelta(days=min((last.weekday() - day) % 7 for day in schedule.days))
        case _:
            slot = _latest_of_month(schedule.days, last)
    return slot if slot >= schedule.starts_on else None


def _latest_of_month(days: list[int], last: date) -> date:
    this = [day for day in _dates(last.year, last.month, days) if day <= last]
    if this:
        return max(this)
    before = last.replace(day=1) - timedelta(days=1)
    return max(_dates(before.year, before.month, days))


def _dates(year: int, month: int, days: list[int]) -> list[date]:
    length = monthrange(year, month)[1]
    return [date(year, month, min(day, length)) for day in days]
