"""Reading mails and their templates."""

from uuid import UUID

from paidup.communications.models import Message, MessageQuerySet, MessageTemplate
from paidup.communications.states import Purpose
from paidup.communications.variables import used
from paidup.customers.models import Customer
from paidup.lib import tenancy

from .composing import ACCOUNT, INVOICES, METHOD, OF_ACCOUNT, OF_ENCLOSED
from .gate import GATE


def messages_of(customer: Customer, mail_id: UUID) -> MessageQuerySet:
    """The messages of one mail, one for each person it goes to."""
    about = Message.objects.visible(customer.organization_id).about_customer(customer.id)
    return about.filter(gate=GATE, gate_data__mail=str(mail_id)).order_by("id")


def templates() -> list[MessageTemplate]:
    """The templates of mails, in the order in which they were added."""
    rows = MessageTemplate.objects.of(tenancy.current()).filter(purpose=Purpose.MAIL)
    return list(rows.order_by("id"))


def encloses(template: MessageTemplate) -> bool:
    """Whether the template speaks of enclosed invoices."""
    return topic(template) == INVOICES


def topic(template: MessageTemplate) -> str:
    """What the template speaks of: enclosed invoices, the account's balance, how to enter a payment
    method, or none of them."""
    names = used(template.subject + template.body)
    if names & OF_ENCLOSED:
        return INVOICES
    if names & OF_ACCOUNT:
        return ACCOUNT
    return METHOD if METHOD in names else ""
