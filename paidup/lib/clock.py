"""The clock. Only doors and the job runner read it; rules are handed the time.

`PAIDUP_NOW=2013-06-30T09:00` stands the clock still at that moment (UTC unless it names an offset),
for web, worker and command line alike, so that a past ledger can be lived in on its own day.
"""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class ClockRefused(Exception):
    """PAIDUP_NOW was set where real money moves, or is no date and time."""


def now() -> datetime:
    """The present moment, aware, in UTC; PAIDUP_NOW when set in a demo or a test."""
    given = os.environ.get("PAIDUP_NOW")
    if given:
        return _stand_still(given)
    return datetime.now(UTC)  # noqa: TID251  the one place where the system clock is read


def today(timezone: str) -> date:
    """The present day where the organization is, for example `Europe/Vienna`."""
    return now().astimezone(ZoneInfo(timezone)).date()


def _stand_still(given: str) -> datetime:
    if os.environ.get("PAIDUP_DEMO") != "1" and os.environ.get("PAIDUP_TESTING") != "1":
        raise ClockRefused(
            "PAIDUP_NOW is for the demo and for tests only; unset it to run with the real clock."
        )
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ClockRefused(
            f"PAIDUP_NOW is {given!r}; write it as 2013-06-30T09:00 or 2013-06-30T09:00+02:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
