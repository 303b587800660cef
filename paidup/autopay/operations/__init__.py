"""The verbs of autopay."""

from .decline import note_outcome
from .engine import Tick, tick
from .schedule import ScheduleRefused, remove_schedule, set_schedule

__all__ = ["ScheduleRefused", "Tick", "note_outcome", "remove_schedule", "set_schedule", "tick"]
