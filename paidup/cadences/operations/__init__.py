"""The verbs of cadences."""

from paidup.cadences.following.jobs import follow_soon

from .arrange import CadenceRefused, add_cadence, edit_cadence, make_default, remove_cadence
from .assign import change_cadences, remove_cadences
from .assign_own import change_contact_cadence, change_invoice_cadence, remove_invoice_cadence
from .erase import erase
from .establish import establish_default
from .merge import given_up, merge, own_at_places, own_ones_go, takes_over, unite_places
from .pending import PendingRefused, send_pending, skip_pending
from .run import Run, run_day
from .settle import withdraw_settled
from .steps import StepDetails, add_step, edit_step, remove_step
from .unite import unite_reminders

__all__ = [
    "CadenceRefused",
    "PendingRefused",
    "Run",
    "StepDetails",
    "add_cadence",
    "add_step",
    "change_cadences",
    "change_contact_cadence",
    "change_invoice_cadence",
    "edit_cadence",
    "edit_step",
    "erase",
    "establish_default",
    "follow_soon",
    "given_up",
    "make_default",
    "merge",
    "own_at_places",
    "own_ones_go",
    "remove_cadence",
    "remove_cadences",
    "remove_invoice_cadence",
    "remove_step",
    "run_day",
    "send_pending",
    "skip_pending",
    "takes_over",
    "unite_places",
    "unite_reminders",
    "withdraw_settled",
]
