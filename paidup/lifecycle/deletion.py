"""Deleting a customer for good: what would go, what keeps it from going, and doing it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment
from paidup.autopay import operations as autopay
from paidup.autopay.models import Schedule
from paidup.batches import making as batches
from paidup.cadences import operations as cadences
from paidup.cadences.models import Assignment
from paidup.communications import operations as communications
from paidup.communications.models import MessageCustomer
from paidup.customers import operations as customers
from paidup.customers import queries as known
from paidup.customers.models import (
    ContactLink,
    Customer,
    CustomerValue,
    HealthChange,
    MergedCustomer,
    Note,
    OtherBalance,
)
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.ledger import operations as ledger
from paidup.ledger.models import Account
from paidup.lib import formatting
from paidup.organizations.models import TenantModel
from paidup.payments import operations as payments
from paidup.payments.models import (
    Credit,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    Payment,
    PaymentMethod,
    Proposal,
)
from paidup.portal_access import operations as portal_access
from paidup.statements import operations as statements
from paidup.statements.models import Statement
from paidup.todos import operations as todos
from paidup.todos.models import Todo

from . import queries
from .queries import count

# Every table that refers to a customer, and what its rows are called in the preview, where they are
# counted. A test compares these two with the tables there are.
ERASED: dict[type[TenantModel], str | Promise] = {
    Note: gettext_lazy("Notes"),
    MessageCustomer: gettext_lazy("E-mails"),
    Attachment: gettext_lazy("Attachments"),
    Todo: gettext_lazy("To-dos"),
    Statement: gettext_lazy("Statements"),
    PaymentMethod: gettext_lazy("Saved payment methods"),
    PayLink: gettext_lazy("Pay links"),
    MethodLink: gettext_lazy("Payment method links"),
    Proposal: gettext_lazy("Credits and refunds to approve"),
    MergedCustomer: gettext_lazy("Customers merged earlier"),
    # Not counted: they belong to what is, or to nobody then, as sub-accounts do.
    Assignment: "",
    Mandate: "",
    OtherBalance: "",
    ContactLink: "",
    CustomerValue: "",
    HealthChange: "",
    Customer: "",
    Schedule: "",
}
# Of these, numbers, dates and amounts stay, and belong to nobody.
NAMELESS: dict[type[TenantModel], str | Promise] = {
    Invoice: gettext_lazy("Invoices"),
    Payment: gettext_lazy("Payments"),
    Credit: gettext_lazy("Credits"),
    Intent: gettext_lazy("Charges"),
    Account: "",
}


class DeletionRefused(Exception):
    """The customer can't be deleted now; the message says why and what to do."""


@dataclass(frozen=True)
class Deletion:
    """What deleting a customer would do."""

    erased: list[tuple[str, int]]  # what goes, and how many of it
    nameless: list[tuple[str, int]]  # of what only numbers, dates and amounts stay
    contacts_kept: int  # contacts of other customers too
    sub_accounts: int  # that stand alone then
    refusals: list[str]


def preview(customer: Customer) -> Deletion:
    """Reads it all; changes nothing."""
    contacts = [
        contact
        for contact in customers.contacts_of_nobody_else(customer)
        if contact.merged_into_id is None
    ]
    return Deletion(
        erased=[(_("Contacts"), len(contacts)), *_counted(ERASED, customer)],
        nameless=_counted(NAMELESS, customer),
        contacts_kept=count(ContactLink, customer) - len(contacts),
        sub_accounts=count(Customer, customer),
        refusals=refusals(customer),
    )


def refusals(customer: Customer) -> list[str]:
    """Everything that keeps the customer from being deleted now, each with what to do about it."""
    found = []
    for balance in queries.balances(customer.organization_id, [customer.id]).values():
        if balance.open_amount:
            found.append(
                _("%s is open. Take the payment or add a credit for it first.")
                % formatting.money(balance.open_amount, balance.currency)
            )
        if balance.unapplied_amount:
            found.append(
                _("%s is unapplied. Refund it or apply it to an invoice first.")
                % formatting.money(balance.unapplied_amount, balance.currency)
            )
    return [*found, *payments.deletion_refusals(customer)]


@transaction.atomic
def delete_customer(*, customer: Customer, by: Actor, at: datetime) -> None:
    """Erases the customer and every person who is a contact of it alone, for good.

    Of its invoices, payments, credits and charges stay numbers, dates and amounts, and no transfer
    moves, so totals and past aging stay. What it was called, who was there and what was said is
    erased, also in the events; that it was deleted, and when, is kept under its id.

    Raises DeletionRefused while money is open, unapplied or on its way; CustomerRefused when it was
    merged or deleted meanwhile. Nothing is done then.
    """
    customer = customers.lock_for_deletion(customer)
    if found := refusals(customer):
        raise DeletionRefused(" ".join(found))
    invoices = count(Invoice, customer)
    ids = known.ids_of(customer.id)
    contact_ids = [contact.id for contact in customers.contacts_of_nobody_else(customer)]
    doomed = communications.doomed_messages(customer=customer, contact_ids=contact_ids)
    gone = {*contact_ids, *doomed.whole, *doomed.contents}
    cadences.erase(customer=customer, contact_ids=contact_ids, message_ids=doomed.whole)
    gone |= autopay.erase(customer=customer)
    gone |= payments.erase(customer=customer, at=at)
    gone |= invoicing.erase(customer=customer, contact_ids=contact_ids)
    gone |= attachments.erase(customer=customer, contact_ids=contact_ids, at=at)
    gone |= statements.erase(customer=customer)
    gone |= todos.erase(customer=customer, subject_ids=gone)
    communications.erase(customer=customer, doomed=doomed, by=by, at=at)
    for known_as in ids:
        batches.forget(organization_id=customer.organization_id, customer_id=known_as)
    ledger.erase(customer=customer)
    portal_access.erase(contact_ids=contact_ids)
    gone |= customers.erase_customer(customer=customer, contact_ids=contact_ids, at=at)
    history.erase_personal_data(customer_ids=ids, subject_ids=gone)
    history.record(
        "customer.deleted",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=customer.id,
        data={"contacts": len(contact_ids), "invoices": invoices},
    )


def _counted(
    tables: dict[type[TenantModel], str | Promise], customer: Customer
) -> list[tuple[str, int]]:
    return [(str(label), count(model, customer)) for model, label in tables.items() if label]
