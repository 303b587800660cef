"""What the mail with a statement says, before somebody writes it otherwise."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.customers.models import Customer
from paidup.lib import formatting
from paidup.organizations.models import Organization

from .figures import Figures


@dataclass(frozen=True)
class Wording:
    """Subject and text."""

    subject: str
    text: str


def usual(customer: Customer, figures: Figures, organization: Organization) -> Wording:
    """The usual words, in the customer's language."""
    with override(customer.language):
        said = {
            "day": formatting.day(figures.to_on),
            "organization": organization.name,
            "amount": formatting.money(figures.closing, figures.currency),
        }
        return Wording(
            _("Your statement of %(day)s from %(organization)s") % said,
            _(
                "Hello,\n\nattached is your statement of %(day)s. The balance is %(amount)s.\n\n"
                "Kind regards\n%(organization)s"
            )
            % said,
        )
