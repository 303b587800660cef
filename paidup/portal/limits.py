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
        return f"portal:{self.name}:{hidden}:{window}"


# Whole offices share an address; a link is opened by a few people and their mail scanners.
VIEWS_OF_ADDRESS = Limit("views-address", 120, 60)
VIEWS_OF_LINK = Limit("views-link", 60, 60)
# Who tries out stolen cards needs many attempts.
PAYMENTS_OF_ADDRESS = Limit("payments-address", 30, 3600)
PAYMENTS_OF_LINK = Limit("payments-link", 12, 3600)
# Passwords are tried for one person from many addresses, and for many persons from one.
SIGN_INS_OF_ADDRESS = Limit("sign-ins-address", 60, 900)
SIGN_INS_OF_PERSON = Limit("sign-ins-person", 8, 900)
# Each may be a mail in somebody's inbox.
REQUESTS_OF_ADDRESS = Limit("requests-address", 30, 900)
REQUESTS_OF_PERSON = Limit("requests-person", 4, 900)
# Each is up to ten files that somebody has to look at.
UPLOADS_OF_PERSON = Limit("uploads-person", 30, 3600)
