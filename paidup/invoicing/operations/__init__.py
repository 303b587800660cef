"""The verbs of invoicing."""

from .balance import post
from .dispute import DisputeRefused, open_dispute, resolve_dispute
from .erase import erase
from .hold import hold_invoices, release_invoice
from .issue import InvoiceRefused, Line, issue_invoice
from .merge import merge
from .promise import PromiseRefused, judge_promise, record_promise

__all__ = [
    "DisputeRefused",
    "InvoiceRefused",
    "Line",
    "PromiseRefused",
    "erase",
    "hold_invoices",
    "issue_invoice",
    "judge_promise",
    "merge",
    "open_dispute",
    "post",
    "record_promise",
    "release_invoice",
    "resolve_dispute",
]
