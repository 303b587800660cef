"""The last look at a mail, at the moment of sending: what is still open, and how it is paid."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.communications import gates
from paidup.communications.gates import Decision, Fail, Render, Withdraw
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.variables import TemplateRefused
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import system
from paidup.invoicing.attachments import INVOICE_PDF
from paidup.invoicing.models import Invoice
from paidup.payments import links as pay_links
from paidup.payments.operations import balance_link, invoice_link, method_link
from paidup.todos.operations import add_todo

from .composing import Links, Written, compose, open_invoices

GATE = "mail"
SETTLED = "mail_settled"  # the to-do about a mail whose invoices were settled meanwhile
CORRESPONDENCE = system("correspondence")


def last_look(message: Message, at: datetime) -> Decision:
    """Says it anew without what is settled by now; withdraws it when that is all it was about."""
    contact, sender = message.contact, message.sent_by
    about = MessageCustomer.objects.of(message.organization_id).filter(message=message)
    customer = Customer.objects.filter(id__in=about.values("customer_id")).first()
    if contact is None or not contact.email or sender is None or customer is None:
        return Fail(_("The contact has no e-mail address any more; add one."))
    written = Written.from_json(message.gate_data)
    if written.invoice_ids and not open_invoices(customer, written.invoice_ids):
        _tell(message, customer, at=at)
        return Withdraw(_("What it was about has been paid or settled meanwhile."))
    try:
        composed = compose(
            written,
            customer=customer,
            contact=contact,
            sender=sender,
            on=message.organization.day(at),
            links=_links(customer, at=at),
        )
    except TemplateRefused as refused:
        return Fail(str(refused))
    _note_left_out(message, customer, {one.id for one in composed.attachments}, at=at)
    return Render(
        subject=composed.subject, blocks=composed.blocks, attachments=composed.attachments
    )


def _tell(message: Message, customer: Customer, *, at: datetime) -> None:
    """Asks whoever wrote it whether there is anything left to say."""
    add_todo(
        kind=SETTLED,
        title=_("“%(subject)s” to %(address)s was not sent: its invoices are settled by now")
        % {"subject": message.subject, "address": message.to_address},
        customer=customer,
        subject_id=message.id,
        assignee=message.sent_by,
        by=CORRESPONDENCE,
        at=at,
    )


def _note_left_out(message: Message, customer: Customer, kept: set[UUID], *, at: datetime) -> None:
    """Notes, once, which invoices the mail brings no more."""
    brought = {UUID(file["id"]) for file in message.attachments if file["maker"] == INVOICE_PDF}
    if not brought - kept:
        return
    gone = Invoice.objects.of(message.organization_id).filter(id__in=brought - kept)
    numbers = list(gone.oldest_first().values_list("number", flat=True))
    history.record(
        "mail.invoices_left_out",
        by=CORRESPONDENCE,
        at=at,
        customer_id=customer.id,
        subject_id=message.id,
        data={"numbers": ", ".join(numbers)},
        personal={"subject": message.subject, "to": message.to_address},
    )


def _links(customer: Customer, *, at: datetime) -> Links:
    organization = customer.organization
    return Links(
        invoice=lambda invoice: pay_links.url(invoice_link(invoice=invoice, at=at), organization),
        balance=lambda: pay_links.url(balance_link(customer=customer, at=at), organization),
        method=lambda: pay_links.url(method_link(customer=customer, at=at), organization),
    )


gates.register(GATE, last_look)
