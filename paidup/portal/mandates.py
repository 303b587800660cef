"""The wording with which a payer allows automatic payments; kept as it was agreed to."""

from django.utils.translation import gettext as _

from paidup.customers.models import Customer

CHANNEL = "web"


def wording(customer: Customer) -> str:
    """What the payer of this customer agrees to, in the language of the page."""
    return _(
        "I allow %(entity)s to charge this payment method for the invoices of %(customer)s "
        "(account %(number)s) and of its sub-accounts, each with the amount then open, on or after "
        "the day it is issued. "
        "%(entity)s tells me by e-mail of every payment. I can end this at any time by writing "
        "to %(entity)s; nothing is charged by it from then on."
    ) % {"entity": customer.entity.name, "customer": customer.name, "number": customer.number}
