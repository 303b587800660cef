"""How often a page may be asked for, counted by the minute or hour of real time."""

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Limit:
    """So many times within a window of so many seconds."""

    name: str
    times: int
    seconds: int

    def is_over(self, whose: str) -> bool:
        """Counts once more for this address, link or person, and tells whether it is too often by
        now. Whose it is stands nowhere in words."""
        key = self.key(whose, int(time.time() // self.seconds))
        # Two at the same moment may count as one: the limit is coarse anyway.
        counted = int(cache.get(key, 0)) + 1
        cache.set(key, counted, timeout=2 * self.seconds)
        return counted > self.times

    def key(self, whose: str, window: int) -> str:
        """Where it is counted."""
        hidden = salted_hmac("paidup.limits", whose, algorithm="sha256").hexdigest()
        return f"limit:{self.name}:{hidden}:{window}"
