"""Disputes: the contested part of an invoice leaves chasing, autopay and fees."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.states import DisputeState, InvoiceState
from paidup.lib import cards, formatting, money, tenancy
from paidup.organizations.models import Member


class DisputeRefused(Exception):
    """The dispute can't be recorded so; the message says what to change."""


@transaction.atomic
def open_dispute(
    *,
    invoice: Invoice,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
    assignee: Member | None = None,
) -> Dispute:
    """Disputes an amount of an open invoice, all that is open unless one is given.

    Raises DisputeRefused when the invoice is not open, is disputed already, or less is open.
    """
    reason = cards.masked(reason)
    invoice = lock(invoice)
    if invoice.state != InvoiceState.OPEN:
        raise DisputeRefused(
            _("Invoice %s is not open, so there is nothing to dispute.") % invoice.number
        )
    if Dispute.objects.of(invoice.organization_id).filter(invoice=invoice, state=DisputeState.OPEN):
        raise DisputeRefused(
            _("Invoice %s is disputed already; resolve that first.") % invoice.number
        )
    amount = invoice.open_amount if amount is None else money.positive(amount, invoice.currency)
    if amount > invoice.open_amount:
        raise DisputeRefused(
            _("Only %s is open; dispute less.")
            % formatting.money(invoice.open_amount, invoice.currency)
        )
    dispute = Dispute.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        amount=amount,
        reason=reason,
        assignee=assignee,
        opened_on=on,
    )
    Invoice.objects.of(invoice.organization_id).filter(id=invoice.id).update(disputed_amount=amount)
    history.record(
        "dispute.opened",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={"number": invoice.number, "amount": str(amount), "currency": invoice.currency},
        personal={"reason": reason},
    )
    return dispute


@transaction.atomic
def resolve_dispute(*, dispute: Dispute, on: date, by: Actor, at: datetime) -> None:
    """Ends a dispute; what it covered is chased again. Done already is quietly done."""
    invoice = lock(dispute.invoice)
    closed = Dispute.objects.of(invoice.organization_id).filter(
        id=dispute.id, state=DisputeState.OPEN
    )
    if not closed.update(state=DisputeState.RESOLVED, closed_on=on):
        return
    Invoice.objects.of(invoice.organization_id).filter(id=invoice.id).update(disputed_amount=0)
    history.record(
        "dispute.resolved",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={"number": invoice.number},
    )


def lock(invoice: Invoice) -> Invoice:
    """The invoice read again under its customer's lock, which every change of money takes first."""
    assert invoice.customer_id  # noqa: S101  a deleted customer's invoices can't be reached
    organization_id = tenancy.current()
    Customer.objects.of(organization_id).locked().get(id=invoice.customer_id)
    return Invoice.objects.of(organization_id).get(id=invoice.id)
