"""The authority to charge a method without its owner present, and the wording it is given in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from paidup.customers.models import Customer

from .states import Channel


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A payer's leave to charge a method again: the wording agreed to, how, and by whom."""

    text: str
    channel: Channel
    given_by: str


def wording(customer: Customer) -> str:
    """What the payer of this customer agrees to, in the language of the page."""
    return _(
        "I allow %(entity)s to charge this payment method for the invoices of %(customer)s "
        "(account %(number)s) and of its sub-accounts, each with the amount then open, on or after "
        "the day it is issued. "
        "%(entity)s tells me by e-mail of every payment. I can end this at any time by writing "
        "to %(entity)s; nothing is charged by it from then on."
    ) % {"entity": customer.entity.name, "customer": customer.name, "number": customer.number}
