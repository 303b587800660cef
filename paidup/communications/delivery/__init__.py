"""Delivery: claim a message (committed), hand it over (no transaction open), record the outcome."""

from .run import AT_ONCE, deliver_due, deliver_one, settle_interrupted

__all__ = ["AT_ONCE", "deliver_due", "deliver_one", "settle_interrupted"]
