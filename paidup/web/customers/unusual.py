"""What forms ask about, since it is mostly a slip of the keyboard."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib import formatting

LONG_PROMISE_DAYS = 90
LONG_AGO_DAYS = 180
FAR_OFF_DAYS = 366


def more_than_owed(
    amount: Decimal, *, customer: Customer, invoice: Invoice | None
) -> Iterator[str]:
    """About money for one invoice, or for all, that is more than is open there."""
    if invoice:
        owed = invoice.open_amount
        sentence = _("Invoice %(name)s has only %(owed)s open; %(rest)s would stay unapplied.")
    else:
        owed = customer.open_amount
        sentence = _("%(name)s owes %(owed)s; %(rest)s would stay unapplied.")
    if amount > owed:
        yield sentence % {
            "name": invoice.number if invoice else customer.name,
            "owed": formatting.money(owed, customer.currency),
            "rest": formatting.money(amount - owed, customer.currency),
        }


def received_long_ago(received_on: date, on: date) -> Iterator[str]:
    """About a payment whose year may be wrong."""
    days = (on - received_on).days
    if days > LONG_AGO_DAYS:
        yield _("%(day)s is %(days)s days ago; did the money come in on that day?") % {
            "day": formatting.day(received_on),
            "days": days,
        }


def promised_far_ahead(promised_for: date, on: date) -> Iterator[str]:
    """About a promise that would keep reminders back for long."""
    days = (promised_for - on).days
    if days > LONG_PROMISE_DAYS:
        yield _("%(day)s is %(days)s days ahead; nobody is reminded of the invoice until then.") % {
            "day": formatting.day(promised_for),
            "days": days,
        }


def invoiced_far_off(issued_on: date, due_on: date | None, on: date) -> Iterator[str]:
    """About an invoice whose year may be wrong."""
    if abs((issued_on - on).days) > FAR_OFF_DAYS:
        yield _("%s is more than a year from today; is the year right?") % formatting.day(issued_on)
    elif due_on and (due_on - issued_on).days > FAR_OFF_DAYS:
        yield _("%s is more than a year after the invoice date; is the year right?") % (
            formatting.day(due_on)
        )
