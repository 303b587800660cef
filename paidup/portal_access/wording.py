"""What mails of the portal say, before somebody edits it. Each in its reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.communications import variables
from paidup.communications.states import Purpose
from paidup.customers.models import Contact, Customer
from paidup.organizations.models import Organization


@dataclass(frozen=True)
class Wording:
    """Subject and text, with variables such as `{{ contact.name }}`."""

    subject: str
    body: str


def invitation(language: str) -> Wording:
    """Asks somebody to choose a password."""
    with override(language):
        return Wording(
            _("Your customer portal at {{ organization.name }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "{{ organization.name }} invites you to its customer portal. There you see the "
                "invoices of {{ customer.name }}, download them and pay them.\n\n"
                "Choose a password of your own to begin. The link works once and for 7 days."
            ),
        )


def new_password(language: str) -> Wording:
    """Answers somebody who has forgotten theirs."""
    with override(language):
        return Wording(
            _("A new password for the portal of {{ organization.name }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "Somebody asked for a new password with this address. If it was you, choose one "
                "by the link below; it works once and for 2 hours. If it wasn't, nothing has "
                "changed and there is nothing to do."
            ),
        )


def filled(
    wording: Wording,
    *,
    purpose: Purpose,
    organization: Organization,
    contact: Contact,
    customer: Customer,
) -> Wording:
    """With the values of this person. Raises TemplateRefused for a variable that isn't known, or
    is empty here."""
    variables.check(subject=wording.subject, body=wording.body, purpose=purpose)
    values = {
        "contact.name": contact.name,
        "customer.name": customer.name,
        "customer.number": customer.number,
        "owner.name": customer.billing_owner.name if customer.billing_owner else "",
        "organization.name": organization.name,
    }
    return Wording(variables.fill(wording.subject, values), variables.fill(wording.body, values))
