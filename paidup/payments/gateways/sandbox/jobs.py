"""What the vendor does by itself. It serves no organization, so the schedule calls it once."""

import time
from datetime import UTC, datetime

from paidup.lib import clock
from paidup.payments.gateways.registry import sandbox_is_offered
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.gateways.sandbox.delivery import deliver_due_events


def carry_on() -> None:
    """Lets due outcomes come about by the set clock, and delivers webhooks by the real one."""
    if sandbox_is_offered():
        advance(at=clock.now())
        deliver_due_events(at=datetime.fromtimestamp(time.time(), UTC))
