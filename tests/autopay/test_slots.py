"""On which days schedules charge."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paidup.autopay.models import Interval, Schedule
from paidup.autopay.slots import latest_slot

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def schedule(interval: Interval, days: list[int], *, ends_on: date | None = None) -> Schedule:
    return Schedule(interval=interval, days=days, starts_on=date(2026, 1, 15), ends_on=ends_on)


@pytest.mark.parametrize(
    ("interval", "days", "on", "slot"),
    [
        (Interval.DAILY, [], date(2026, 2, 3), date(2026, 2, 3)),
        (Interval.DAILY, [], date(2026, 1, 14), None),
        (Interval.WEEKLY, [0], date(2026, 2, 3), date(2026, 2, 2)),
        (Interval.WEEKLY, [0, 1], date(2026, 2, 3), date(2026, 2, 3)),
        (Interval.WEEKLY, [3], date(2026, 1, 14), None),
        (Interval.MONTHLY, [31], date(2026, 2, 28), date(2026, 2, 28)),
        (Interval.MONTHLY, [31], date(2026, 2, 27), date(2026, 1, 31)),
        (Interval.MONTHLY, [31], date(2028, 2, 29), date(2028, 2, 29)),
        (Interval.MONTHLY, [1, 20], date(2026, 2, 10), date(2026, 2, 1)),
        (Interval.MONTHLY, [1], date(2026, 1, 20), None),
        (Interval.EVERY_N_DAYS, [10], date(2026, 1, 24), date(2026, 1, 15)),
        (Interval.EVERY_N_DAYS, [10], date(2026, 1, 25), date(2026, 1, 25)),
    ],
)
def test_the_latest_slot(interval: Interval, days: list[int], on: date, slot: date | None) -> None:
    assert latest_slot(schedule(interval, days), on) == slot


def test_after_its_end_the_last_slot_stays_the_latest() -> None:
    weekly = schedule(Interval.WEEKLY, [0], ends_on=date(2026, 2, 4))
    assert latest_slot(weekly, date(2026, 6, 1)) == date(2026, 2, 2)


@given(
    on=DAYS,
    kind=st.sampled_from(
        [
            (Interval.DAILY, []),
            (Interval.WEEKLY, [0, 4]),
            (Interval.MONTHLY, [15, 31]),
            (Interval.EVERY_N_DAYS, [9]),
        ]
    ),
)
def test_a_slot_is_its_own_latest_and_none_lies_between(
    on: date, kind: tuple[Interval, list[int]]
) -> None:
    asked = schedule(*kind)
    slot = latest_slot(asked, on)
    if slot is not None:
        assert asked.starts_on <= slot <= on
        assert latest_slot(asked, slot) == slot
        assert latest_slot(asked, on - timedelta(days=1)) in (slot, None) or slot == on
