"""Waiving a late fee, because somebody says so."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.models import Credit, Proposal
from paidup.payments.operations import NewCredit
from paidup.payments.operations.allocate import lock_customers
from paidup.payments.states import CreditReason


class WaiverRefused(Exception):
    """The fee can't be waived now; the message says why and what to do."""


@transaction.atomic
def waive_fee(
    *, document: Invoice, reason: str, on: date, by: Actor, at: datetime
) -> Credit | Proposal:
    """Waives what is open of a late fee, by a credit; over the limit of who waives it that waits
    for somebody else.

    Raises WaiverRefused when nothing is open of it, or a payment of it is under way; and what
    `credit_or_propose` raises.
    """
    lock_customers([], [document.id])
    document = Invoice.objects.of(document.organization_id).get(id=document.id)
    if not document.is_late_fee:
        raise WaiverRefused(_("Invoice %s is no late fee.") % document.number)
    if document.state != InvoiceState.OPEN:
        raise WaiverRefused(
            _("Nothing is open of late fee %s; add a credit instead.") % document.number
        )
    if queries.claimed_invoices([document.id]):
        raise WaiverRefused(
            _("A payment of late fee %s is under way; wait for its end.") % document.number
        )
    return payments.credit_or_propose(
        customer=document.customer,
        new=NewCredit(
            amount=document.open_amount,
            currency=document.currency,
            reason=CreditReason.LATE_FEE,
            description=" ".join(reason.split()),
            to=[(document.id, document.open_amount)],
        ),
        on=on,
        by=by,
        at=at,
    )
