"""How often a pay page may be asked for, counted by the minute or hour of real time."""

import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """So many times within a window of so many seconds."""

    name: str
    times: int
    seconds: int

    def is_over(self, whose: str) -> bool:
        """Counts once more for this address or link, and tells whether it is too often by now."""
        key = f"portal:{self.name}:{whose}:{int(time.time() // self.seconds)}"
        # Two at the same moment may count as one: the limit is coarse anyway.
        counted = int(cache.get(key, 0)) + 1
        cache.set(key, counted, timeout=2 * self.seconds)
        return counted > self.times


# Whole offices share an address; a link is opened by a few people and their mail scanners.
VIEWS_OF_ADDRESS = Limit("views-address", 120, 60)
VIEWS_OF_LINK = Limit("views-link", 60, 60)
# Who tries out stolen cards needs many attempts.
PAYMENTS_OF_ADDRESS = Limit("payments-address", 30, 3600)
PAYMENTS_OF_LINK = Limit("payments-link", 12, 3600)
