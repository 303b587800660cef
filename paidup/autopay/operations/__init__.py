"""The verbs of autopay."""

from .decline import note_outcome
from .schedule import ScheduleRefused, remove_schedule, set_schedule
from .tick import Tick, tick

__all__ = ["ScheduleRefused", "Tick", "note_outcome", "remove_schedule", "set_schedule", "tick"]
