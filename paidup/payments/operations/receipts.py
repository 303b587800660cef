"""What a payer is told: receipts, and charges that failed. Queued in the change's transaction."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from paidup.communications import gates
from paidup.communications import operations as communications
from paidup.communications.blocks import Button, Facts, Paragraph
from paidup.communications.gates import Decision, Send, Withdraw
from paidup.communications.models import Message
from paidup.communications.states import Purpose
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.lib.formatting import day, money
from paidup.organizations.models import Organization
from paidup.payments import links
from paidup.payments.models import Allocation, Claim, Intent, Payment

from .links import balance_link, method_link

FAILED = "charge_failed"


def send_receipt(*, payment: Payment, by: Actor, at: datetime) -> None:
    """Tells the contacts who get receipts what was received and which invoices it paid."""
    paid = list(
        Allocation.objects.of(payment.organization_id)
        .standing()
        .filter(payment=payment)
        .select_related("invoice")
    )
    for contact in _recipients(payment.customer):
        with translation.override(contact.language):
            amount = money(payment.amount, payment.currency)
            rows = [
                (_("Amount"), amount),
                (_("Received"), day(payment.received_on)),
                (_("Paid by"), payment.reference or payment.get_kind_display()),
                *[
                    (
                        _("Invoice %(number)s") % {"number": allocation.invoice.number},
                        money(allocation.amount, payment.currency),
                    )
                    for allocation in paid
                ],
            ]
            if payment.unapplied_amount:
                rows.append((_("Kept for later invoices"), _unapplied(payment)))
            communications.queue_message(
                customer=payment.customer,
                contact=contact,
                purpose=Purpose.RECEIPT,
                subject=_("Receipt for your payment of %(amount)s") % {"amount": amount},
                blocks=[
                    Paragraph(_("Thank you. We have received your payment.")),
                    Facts(tuple(rows)),
                ],
                intent_key=f"receipt:{payment.id}:{contact.id}",
                by=by,
                at=at,
            )


def tell_of_failure(*, intent: Intent, by: Actor, at: datetime) -> None:
    """Tells the payer that a charge made without them failed, with a link to enter another method
    and one to pay another way.

    Who pays by a link sees the outcome on the page, so is told only of what happens later; of a
    customer who was deleted there is nobody to tell.
    """
    if intent.customer is None:
        return
    organization = Organization.objects.get(id=intent.organization_id)
    pay_url = links.url(balance_link(customer=intent.customer, at=at), organization)
    method_url = links.url(method_link(customer=intent.customer, at=at), organization)
    for contact in _recipients(intent.customer):
        with translation.override(contact.language):
            amount = money(intent.amount, intent.currency)
            communications.queue_message(
                customer=intent.customer,
                contact=contact,
                purpose=Purpose.CHARGE_FAILED,
                subject=_("Your payment of %(amount)s did not go through") % {"amount": amount},
                blocks=[
                    Paragraph(
                        _(
                            "We tried to collect %(amount)s from %(method)s, and it was declined. "
                            "Please give us a new payment method, or pay another way."
                        )
                        % {"amount": amount, "method": intent.method_label}
                    ),
                    Button(_("Update your payment method"), method_url),
                    Button(_("Pay now"), pay_url),
                ],
                gate=FAILED,
                gate_data={"intent": str(intent.id)},
                intent_key=f"charge_failed:{intent.id}:{intent.state}:{contact.id}",
                by=by,
                at=at,
            )


def still_owed(message: Message, at: datetime) -> Decision:
    """The last look at a failed charge's notice: withdrawn once its invoices are paid, or are being
    paid another way."""
    del at
    claims = Claim.objects.of(message.organization_id)
    claimed = claims.filter(intent_id=message.gate_data["intent"]).values("invoice_id")
    owed = Invoice.objects.of(message.organization_id).open().filter(id__in=claimed)
    if owed.exclude(id__in=claims.filter(live=True).values("invoice_id")).exists():
        return Send()
    return Withdraw(_("What the charge was for is paid by now, or is being paid."))


def _unapplied(payment: Payment) -> str:
    return money(payment.unapplied_amount, payment.currency)


def _recipients(customer: Customer) -> Iterator[Contact]:
    for link in (
        ContactLink.objects.of(customer.organization_id)
        .filter(customer=customer, gets_receipts=True)
        .select_related("contact")
        .order_by("id")
    ):
        if link.contact.email and not link.contact.bounced_at:
            yield link.contact


gates.register(FAILED, still_owed)
