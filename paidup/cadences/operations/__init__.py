"""The verbs of cadences."""

from .erase import erase
from .establish import establish_default
from .pending import PendingRefused, send_pending, skip_pending
from .run import Run, run_day
from .settle import withdraw_settled
from .unite import unite_reminders

__all__ = [
    "PendingRefused",
    "Run",
    "erase",
    "establish_default",
    "run_day",
    "send_pending",
    "skip_pending",
    "unite_reminders",
    "withdraw_settled",
]
