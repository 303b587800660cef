"""What happens to the open invoices, written down first and then lived through day by day."""

from collections.abc import Callable
from datetime import date, datetime

from .books import Books

Deed = Callable[[date, datetime], object]


class Diary:
    """Deeds with their days and hours. Each gets its day and moment when its time has come."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.entries: list[tuple[date, float, int, Deed]] = []

    def note(self, day: date, hour: float, deed: Deed) -> None:
        """Has something done at an hour such as 9.5; of one hour in the order of noting."""
        self.entries.append((day, hour, len(self.entries), deed))

    def live(self) -> None:
        """Does it all, in the order of time."""
        for day, hour, _, deed in sorted(self.entries, key=lambda entry: entry[:3]):
            deed(day, self.books.moment(day, hour))
        self.entries.clear()
