"""When automatic messages may leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Days (Monday is 0) and hours of a time zone. In `to_hour` sending still starts."""

    timezone: str
    days: Sequence[int] = (0, 1, 2, 3, 4, 5, 6)
    from_hour: int = 8
    to_hour: int = 17

    def opening(self, at: datetime) -> datetime:
        """The first moment from `at` on in which a message may leave: `at` itself within hours."""
        local = at.astimezone(ZoneInfo(self.timezone))
        day = local.date()
        if local.hour > self.to_hour:
            day += timedelta(days=1)
        day = self.next_day(day)
        opens = datetime.combine(day, time(self.from_hour), ZoneInfo(self.timezone))
        return max(at, opens.astimezone(at.tzinfo))

    def next_day(self, on: date) -> date:
        """The first day from `on` on in which messages leave."""
        return next(
            day
            for day in (on + timedelta(days=ahead) for ahead in range(7))
            if day.weekday() in self.days
        )
