"""The templates that a new organization starts with, in its own language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ReadyTemplate:
    """A template to be."""

    name: str
    subject: str
    body: str


def payment_method() -> ReadyTemplate:
    """The one that asks for a payment method; also where an organization has none that does."""
    return ReadyTemplate(
        _("Payment method"),
        _("Your payment method for {{ organization.name }}"),
        _(
            "Hello {{ contact.name }},\n\n"
            "please enter a card or bank account for {{ customer.name }} "
            "({{ customer.number }}); nothing is charged when you do:\n\n"
            "{{ payment_method }}\n\n"
            "You enter it in the form of our payment provider; we never see the number.\n\n"
            "Kind regards,\n{{ sender.name }}\n{{ organization.name }}"
        ),
    )


def templates() -> tuple[ReadyTemplate, ...]:
    """The plain one first: with it a mail begins."""
    return (
        ReadyTemplate(
            _("Plain message"),
            _("A message from {{ organization.name }}"),
            _(
                "Hello {{ contact.name }},\n\n\n\n"
                "Kind regards,\n{{ sender.name }}\n{{ organization.name }}"
            ),
        ),
        ReadyTemplate(
            _("Invoices enclosed"),
            _("Enclosed: {{ invoices.summary }} from {{ organization.name }}"),
            _(
                "Hello {{ contact.name }},\n\n"
                "enclosed you find what is open for {{ customer.name }}, which you can pay online "
                "in a minute:\n\n"
                "{{ invoices }}\n\n"
                "If you need anything else to arrange payment, just answer this e-mail.\n\n"
                "Kind regards,\n{{ sender.name }}\n{{ organization.name }}"
            ),
        ),
        ReadyTemplate(
            _("Account overview"),
            _("Your account with {{ organization.name }}: {{ balance.open }} open"),
            _(
                "Hello {{ contact.name }},\n\n"
                "here is what is open on the account of {{ customer.name }} "
                "({{ customer.number }}) today:\n\n"
                "{{ account }}\n\n"
                "If anything looks wrong to you, please tell us.\n\n"
                "Kind regards,\n{{ sender.name }}\n{{ organization.name }}"
            ),
        ),
        ReadyTemplate(
            _("When can we expect payment?"),
            _("{{ invoices.summary }}: when can we expect payment?"),
            _(
                "Hello {{ contact.name }},\n\n"
                "could you let us know when {{ invoices.total }} will be paid? It is about:\n\n"
                "{{ invoices }}\n\n"
                "A date is enough. If something keeps you from paying, tell us, and we will find "
                "a way.\n\n"
                "Kind regards,\n{{ sender.name }}\n{{ organization.name }}"
            ),
        ),
        payment_method(),
    )
