"""The colour and the words of every status that a pill can show."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from paidup.customers.states import Grade

HEALTH_TONES = {
    Grade.A: "good",
    Grade.B: "good",
    Grade.C: "warn",
    Grade.D: "bad",
    Grade.E: "bad",
}
# Tones: quiet (nothing to do), info (under way), good, warn (look at it), bad (act on it).
STATUSES: dict[str, tuple[str, str | Promise]] = {
    # customers
    "active": ("info", _("Active")),
    "settled": ("good", _("Settled")),
    "inactive": ("quiet", _("Inactive")),
    "expired": ("warn", _("Expired")),
    "archived": ("quiet", _("Archived")),
    # invoices
    "draft": ("quiet", _("Draft")),
    "open": ("info", pgettext_lazy("status", "Open")),
    "partially_paid": ("info", _("Partially paid")),
    "paid": ("good", _("Paid")),
    "void": ("quiet", _("Void")),
    "written_off": ("quiet", _("Written off")),
    "overdue": ("bad", _("Overdue")),
    "due": ("warn", _("Due today")),
    "disputed": ("warn", _("Disputed")),
    "promised": ("info", _("Promised")),
    "held": ("warn", _("Held")),
    "processing": ("info", _("Processing")),
    "late_fee": ("quiet", _("Late fee")),
    # charges and payments
    "pending": ("info", _("Pending")),
    "authorized": ("info", _("Authorized")),
    "failed": ("bad", _("Failed")),
    "cancelled": ("quiet", _("Cancelled")),
    "returned": ("bad", _("Returned")),
    "charged_back": ("bad", _("Charged back")),
    "won": ("good", _("Won")),
    "lost": ("bad", _("Lost")),
    "unknown": ("warn", _("Outcome unknown")),
    "reversed": ("quiet", _("Reversed")),
    "refunded": ("quiet", _("Refunded")),
    # to-dos and promises
    "done": ("good", _("Done")),
    "snoozed": ("quiet", _("Snoozed")),
    "kept": ("good", _("Kept")),
    "partly_kept": ("warn", _("Partly kept")),
    "broken": ("bad", _("Broken")),
    # messages
    "queued": ("info", _("Queued")),
    "sent": ("good", _("Sent")),
    "delivered": ("good", _("Delivered")),
    "bounced": ("bad", _("Bounced")),
    "withdrawn": ("quiet", _("Withdrawn")),
    "unsubscribed": ("warn", _("Unsubscribed")),
    "sending": ("info", _("Sending")),
    "awaiting_approval": ("warn", _("Awaiting approval")),
    "late": ("warn", _("Late")),
    "skipped": ("quiet", _("Skipped")),
    "running": ("info", _("Running")),
    "reminded": ("good", _("Reminded")),
    "paused": ("warn", _("Paused")),
    "stopped": ("quiet", _("Stopped")),
    "resolved": ("good", _("Resolved")),
    "automatic": ("good", _("Automatic")),
    "approve_first": ("warn", _("Approve first")),
    # the portal
    "enabled": ("good", _("Enabled")),
    "invited": ("info", _("Invited")),
    "accepted": ("good", _("Accepted")),
    "disabled": ("quiet", _("Disabled")),
}


def statuses_of(invoice: Any, on: date) -> Iterator[str]:
    """What an invoice's pills say on a day: how it stands, and what keeps it from being chased."""
    if invoice.is_late_fee:
        yield "late_fee"
    if invoice.state != "open":
        yield invoice.state
        return
    if invoice.due_on < on:
        yield "overdue"
    else:
        yield "partially_paid" if invoice.partially_paid else "open"
    if invoice.disputed_amount:
        yield "disputed"
    if invoice.promised_until:
        yield "promised"
    if invoice.hold:
        yield "held"
