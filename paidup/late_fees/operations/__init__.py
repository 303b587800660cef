"""The verbs of late fees."""

from .rules import RuleRefused, Terms, add_rule, edit_rule, remove_rule, switch_rule
from .run import assess
from .sweep import take_back_fees
from .take_back import paid_in_time, take_back_fee
from .waive import WaiverRefused, waive_fee

__all__ = [
    "RuleRefused",
    "Terms",
    "WaiverRefused",
    "add_rule",
    "assess",
    "edit_rule",
    "paid_in_time",
    "remove_rule",
    "switch_rule",
    "take_back_fee",
    "take_back_fees",
    "waive_fee",
]
