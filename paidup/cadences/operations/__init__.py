"""The verbs of cadences."""

from .establish import establish_default
from .pending import PendingRefused, send_pending, skip_pending
from .run import Run, run_day
from .settle import withdraw_settled

__all__ = [
    "PendingRefused",
    "Run",
    "establish_default",
    "run_day",
    "send_pending",
    "skip_pending",
    "withdraw_settled",
]
