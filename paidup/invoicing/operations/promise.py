"""Promises to pay: recorded, and judged when their day and the grace after it have passed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Contact
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice, Promise
from paidup.invoicing.states import InvoiceState, PromiseState
from paidup.lib import formatting, money

from .dispute import lock


class PromiseRefused(Exception):
    """The promise can't be recorded so; the message says what to change."""


@transaction.atomic
def record_promise(
    *,
    invoice: Invoice,
    promised_for: date,
    on: date,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
    contact: Contact | None = None,
) -> Promise:
    """Notes that the invoice will be paid by a date; chasing pauses until then.

    Raises PromiseRefused for a past date, an invoice that isn't open, or a promise that stands.
    """
    invoice = lock(invoice)
    if invoice.state != InvoiceState.OPEN:
        raise PromiseRefused(_("Invoice %s is not open any more.") % invoice.number)
    if promised_for < on:
        raise PromiseRefused(_("The promised day has passed; choose today or later."))
    promises = Promise.objects.of(invoice.organization_id).filter(invoice=invoice)
    if promises.filter(state=PromiseState.OPEN).exists():
        raise PromiseRefused(
            _("Invoice %s has a promise already; wait for its day.") % invoice.number
        )
    amount = invoice.open_amount if amount is None else money.positive(amount, invoice.currency)
    if amount > invoice.open_amount:
        raise PromiseRefused(
            _("Only %s is open; promise less.")
            % formatting.money(invoice.open_amount, invoice.currency)
        )
    promise = Promise.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        amount=amount,
        promised_for=promised_for,
        made_on=on,
        contact=contact,
        open_before=invoice.open_amount,
    )
    Invoice.objects.of(invoice.organization_id).filter(id=invoice.id).update(
        promised_until=promised_for
    )
    history.record(
        "promise.made",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "amount": str(amount),
            "currency": invoice.currency,
            "promised_for": promised_for.isoformat(),
        },
    )
    return promise


@transaction.atomic
def judge_promise(*, promise: Promise, received: Decimal, by: Actor, at: datetime) -> PromiseState:
    """Judges a promise by what was received on the invoice up to its day and grace."""
    invoice = lock(promise.invoice)
    promise = Promise.objects.of(invoice.organization_id).get(id=promise.id)
    if promise.state != PromiseState.OPEN:
        return PromiseState(promise.state)
    if received >= promise.amount:
        verdict = PromiseState.KEPT
    else:
        verdict = PromiseState.PARTLY_KEPT if received > 0 else PromiseState.BROKEN
    promise.state = verdict
    promise.save(update_fields=["state"])
    Invoice.objects.of(invoice.organization_id).filter(id=invoice.id).update(promised_until=None)
    history.record(
        f"promise.{verdict}",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={"number": invoice.number, "received": str(received)},
    )
    return verdict
