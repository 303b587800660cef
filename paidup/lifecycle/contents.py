"""What the export of a customer's data holds, table by table, and what it leaves out and why.

A test walks every table that refers to a customer, or to what does, and finds it here.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.attachments.models import Attachment
from paidup.autopay.models import Attempt, Schedule
from paidup.batches.models import BatchRow
from paidup.cadences.models import (
    Assignment,
    Enrolment,
    InvoiceAssignment,
    LinkAssignment,
    Reminder,
)
from paidup.communications.models import Message, MessageCustomer
from paidup.customers import queries
from paidup.customers.models import (
    Contact,
    ContactLink,
    Customer,
    CustomerValue,
    HealthChange,
    MergedCustomer,
    Note,
    OtherBalance,
    SearchRow,
    TaggedCustomer,
)
from paidup.history.models import Event, PersonalData
from paidup.invoicing.models import Dispute, Invoice, InvoiceLine, InvoiceValue
from paidup.invoicing.models import Promise as PromiseToPay
from paidup.late_fees.models import Fee
from paidup.ledger.models import Account, Transfer
from paidup.payments.models import (
    Allocation,
    Claim,
    Credit,
    GatewayFact,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    Payment,
    PaymentMethod,
    Proposal,
    Refund,
)
from paidup.portal_access.models import Login, PortalSession, Ticket
from paidup.statements.models import Statement
from paidup.todos.models import Todo

# Columns that say nothing of the customer: the gateway's tokens would let others charge.
_UNSAID = frozenset({
    "organization_id", "sort_name", "words", "token", "intent_key", "gate", "gate_data",
    "open_units", "overdue_units", "unapplied_units", "served_through", "pdf", "path", "folded",
    "units", "password", "digest",
})  # fmt: skip


_OF_INVOICE, _OF_PAYMENT = "invoice__customer_id", "payment__customer_id"
_OF_CHARGE = "intent__customer_id"


@dataclass(frozen=True)
class Part:
    """A table in the export: its file's name, what it is, and the ways from its rows to the
    customer's id, or to the ids that are the customer's."""

    name: str
    about: str | Promise
    ways: tuple[str, ...] = ("customer_id",)


EXPORTED: dict[type[Model], Part] = {
    Customer: Part("customer", _("The customer itself"), ("id",)),
    MergedCustomer: Part("merged-customers", _("Customers merged into this one"), ("into_id",)),
    CustomerValue: Part("custom-fields", _("What your own fields hold")),
    HealthChange: Part("health", _("How colleagues judged its health")),
    OtherBalance: Part("other-balances", _("What is owed in other currencies")),
    Contact: Part(
        "contacts",
        _("The people there, also as they were before they were merged"),
        ("id__in", "merged_into__in"),
    ),
    ContactLink: Part("contact-places", _("Their roles here, and which messages they receive")),
    Login: Part("portal-logins", _("Their logins to the portal"), ("contact__in",)),
    Ticket: Part("portal-tickets", _("Their invitations and new passwords"), ("contact__in",)),
    Note: Part("notes", _("What colleagues wrote down")),
    Attachment: Part("attachments", _("Files; they are in the folder attachments")),
    Todo: Part("todos", _("What was to be done")),
    Invoice: Part("invoices", _("Invoices; the documents are in the folder invoices")),
    InvoiceLine: Part("invoice-lines", _("Their lines"), (_OF_INVOICE,)),
    InvoiceValue: Part(
        "invoice-custom-fields", _("What your own fields hold of them"), (_OF_INVOICE,)
    ),
    Dispute: Part("disputes", _("Disputes of invoices"), (_OF_INVOICE,)),
    PromiseToPay: Part("promises", _("Promises to pay"), (_OF_INVOICE,)),
    Fee: Part(
        "late-fees",
        _("Which late fee is for which invoice, and how it was reckoned"),
        (_OF_INVOICE,),
    ),
    Payment: Part("payments", _("Payments received")),
    Credit: Part("credits", _("Credits granted")),
    Allocation: Part(
        "allocations",
        _("Which payment or credit went to which invoice"),
        (_OF_PAYMENT, "credit__customer_id", _OF_INVOICE),
    ),
    Refund: Part("refunds", _("Money given back"), (_OF_PAYMENT,)),
    Proposal: Part("to-approve", _("Credits and refunds that somebody had to approve")),
    Statement: Part(
        "statements", _("Statements that were sent; the PDFs are in the folder statements")
    ),
    PaymentMethod: Part("payment-methods", _("Saved payment methods, without their secrets")),
    Mandate: Part("mandates", _("Authorities to charge them")),
    PayLink: Part("pay-links", _("Links by which could be paid")),
    MethodLink: Part("payment-method-links", _("Links by which a method could be entered")),
    Intent: Part("charges", _("Charges, also those that failed")),
    Claim: Part(
        "charged-invoices",
        _("Which invoices were charged"),
        (_OF_CHARGE, _OF_INVOICE),
    ),
    GatewayFact: Part("charge-facts", _("What the gateway said of charges"), (_OF_CHARGE,)),
    Schedule: Part("auto-pay-schedules", _("Auto Pay Schedules")),
    Attempt: Part(
        "auto-pay-attempts",
        _("What they tried to charge"),
        ("schedule__customer_id", _OF_INVOICE),
    ),
    Assignment: Part("own-cadence", _("Its own cadence; without one its cadences were removed")),
    LinkAssignment: Part(
        "contacts-own-cadences", _("Cadences of single people here"), ("link__customer_id",)
    ),
    InvoiceAssignment: Part(
        "invoices-own-cadences",
        _("Cadences of single invoices; without one nobody is reminded of it"),
        (_OF_INVOICE,),
    ),
    Enrolment: Part("cadences", _("Which cadence an invoice runs through"), (_OF_INVOICE,)),
    Reminder: Part("reminders", _("Reminders by that cadence"), (_OF_INVOICE,)),
    Message: Part("messages", _("E-mails, sent or waiting"), ("id__in",)),
    Event: Part(
        "events",
        _("Everything that happened, who did it, and what changed"),
        ("customer_id__in",),
    ),
}

LEFT_OUT: dict[type[Model], str | Promise] = {
    SearchRow: _("The words for searching: derived from name, number and contacts."),
    TaggedCustomer: _("The customer by each of its tags: derived from it."),
    BatchRow: _("The customer in changes to many: what they did stands among the events."),
    Account: _("The ledger's accounts: the organization's own bookkeeping."),
    Transfer: _("Its transfers: derived from invoices, payments and credits, which are here."),
    PortalSession: _("Browsers signed in to the portal: nothing but secrets and times."),
    MessageCustomer: _("Which customers a message is about: those about this one are here."),
    PersonalData: _("What events say of persons: stands with each event as “personal”."),
}


def rows(model: type[Model], customer: Customer) -> QuerySet[Any]:
    """The rows of an exported table about the customer, in the order in which they were made."""
    meant = _meant(model, customer)
    wanted = Q()
    for way in EXPORTED[model].ways:
        wanted |= Q(**{way: meant})
    found = model._default_manager.filter(wanted, organization_id=customer.organization_id)  # noqa: SLF001  documented model API
    return found.order_by("pk")


def columns(model: type[Model]) -> "list[Field[Any, Any]]":
    """What is said of each row."""
    return [
        column
        for column in model._meta.local_concrete_fields  # noqa: SLF001  documented model API
        if column.attname not in _UNSAID
    ]


def _meant(model: type[Model], customer: Customer) -> Any:
    """What the ways of this table lead to."""
    organization_id = customer.organization_id
    if model in {Contact, Login, Ticket}:
        places = ContactLink.objects.of(organization_id).filter(customer=customer)
        return places.values("contact_id")
    if model is Message:
        about = MessageCustomer.objects.of(organization_id).filter(customer=customer)
        return about.values("message_id")
    if model is Event:
        return queries.ids_of(customer.id)
    return customer.id
