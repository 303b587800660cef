"""The verbs of invoicing."""

from .balance import count_overdue, post
from .collection import set_collection_status
from .collection_statuses import (
    StatusRefused,
    add_status,
    edit_status,
    establish_statuses,
    move_status,
    remove_status,
)
from .dispute import DisputeRefused, open_dispute, resolve_dispute
from .erase import erase
from .fields import fill_in_invoice
from .hold import hold_invoices, release_invoice
from .issue import InvoiceRefused, Line, issue_invoice
from .merge import merge
from .promise import PromiseRefused, judge_promise, record_promise

__all__ = [
    "DisputeRefused",
    "InvoiceRefused",
    "Line",
    "PromiseRefused",
    "StatusRefused",
    "add_status",
    "count_overdue",
    "edit_status",
    "erase",
    "establish_statuses",
    "fill_in_invoice",
    "hold_invoices",
    "issue_invoice",
    "judge_promise",
    "merge",
    "move_status",
    "open_dispute",
    "post",
    "record_promise",
    "release_invoice",
    "remove_status",
    "resolve_dispute",
    "set_collection_status",
]
