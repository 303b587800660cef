"""When automatic messages leave."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paidup.communications.hours import Hours
from paidup.communications.operations import WindowRefused, set_delivery_window
from paidup.communications.queries import delivery_hours
from paidup.lib.tenancy import tenant
from tests.support.books import found_books

ZONES = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    from_hour = draw(st.integers(4, 23))  # before, a clock that is put forward leaves hours out
    return Hours(
        timezone=draw(st.sampled_from(ZONES)),
        days=draw(st.lists(st.integers(0, 6), min_size=1, unique=True)),
        from_hour=from_hour,
        to_hour=draw(st.integers(from_hour, 23)),
    )


@settings(deadline=None)
@given(hours=some_hours(), at=MOMENTS)
def test_the_opening_is_the_first_moment_within_hours(hours: Hours, at: datetime) -> None:
    opening = hours.opening(at)
    assert opening >= at
    assert _within(hours, opening)
    moment = at
    while moment < opening:  # nothing before it would have been within hours
        assert not _within(hours, moment)
        moment += timedelta(minutes=30)


def test_the_to_hour_is_the_last_in_which_sending_starts() -> None:
    hours = Hours(timezone="Europe/Vienna", days=(0, 1, 2, 3, 4))
    friday = datetime(2026, 3, 6, 16, 59, tzinfo=UTC)  # 17:59 in Vienna
    assert hours.opening(friday) == friday
    monday = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    assert hours.opening(friday + timedelta(minutes=1)) == monday


def test_hours_are_set_per_organization(db: None) -> None:
    books = found_books()
    with tenant(books.id):
        assert delivery_hours(books.organization).days == (0, 1, 2, 3, 4, 5, 6)
        for days in ([5, 6], [6]):
            set_delivery_window(days=days, from_hour=9, to_hour=9, by=books.by, at=books.at)
        hours = delivery_hours(books.organization)
        assert (list(hours.days), hours.from_hour, hours.to_hour) == ([6], 9, 9)
        with pytest.raises(WindowRefused, match="at least one day"):
            set_delivery_window(days=[], from_hour=9, to_hour=17, by=books.by, at=books.at)
        with pytest.raises(WindowRefused, match="must not lie before"):
            set_delivery_window(days=[1], from_hour=9, to_hour=8, by=books.by, at=books.at)


def _within(hours: Hours, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(hours.timezone))
    return local.weekday() in hours.days and hours.from_hour <= local.hour <= hours.to_hour
