"""The verbs of autopay."""

from .decline import note_outcome
from .engine import Tick, tick
from .erase import erase
from .merge import merge, merge_refusals, waits_for_confirmation
from .schedule import ScheduleRefused, remove_schedule, set_schedule

__all__ = [
    "ScheduleRefused",
    "Tick",
    "erase",
    "merge",
    "merge_refusals",
    "note_outcome",
    "remove_schedule",
    "set_schedule",
    "tick",
    "waits_for_confirmation",
]
