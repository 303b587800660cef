"""Books in which every page has something to show, all of it said in the tests' language.

Only the words in `DATA` are people's own; `WRITTEN` is what they write wherever they may.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from paidup.accounting_sync.models import Upload
from paidup.attachments.models import Attachment
from paidup.batches.models import Batch
from paidup.batches.states import Action
from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import (
    add_cadence,
    establish_default,
    run_day,
)
from paidup.communications.models import Message
from paidup.correspondence.operations import establish_templates
from paidup.correspondence.queries import templates
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import CollectionStatus, Invoice
from paidup.late_fees.models import Rule
from paidup.late_fees.states import Kind
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations.invitations import invite, token
from paidup.organizations.models import (
    CustomField,
    Invitation,
    InvoiceTemplate,
    Member,
    Organization,
    Role,
    SavedView,
)
from paidup.organizations.states import FieldSubject
from paidup.payments.models import Allocation, Credit, Intent, Payment
from paidup.statements.models import Statement
from paidup.todos.models import Todo
from tests.late_fees.fining import assess, rule
from tests.support.books import Books, found_books
from tests.words import deeds
from tests.words.deeds import AGREED, WRITTEN
from tests.words.pseudo import CODE

DATA = frozenset(
    {"Paidup", "Acme", "Globex", "Initech", "Hooli", "Ann", "Bob", "Cy", "Sam", "Payer"}
    | {"Services", "Card", "Visa", WRITTEN, *AGREED.strip(".").split()}
    | {"INV", "CR", "USD", "EUR", "UTC"}
)


@dataclass(frozen=True)
class Cast:
    """The books, and the ids by which addresses name what is in them."""

    books: Books
    globex: Customer
    initech: Customer
    open_invoice: Invoice
    intents: list[Intent]
    ids: dict[str, list[Any]]


def speaking(books: Books) -> Books:
    """The books of people who speak the language."""
    with tenant(books.id):
        Organization.objects.filter(id=books.id).update(language=CODE)
        Member.objects.filter(id=books.owner.id).update(name="Sam")
        InvoiceTemplate.objects.update(name=WRITTEN)
        books.organization.refresh_from_db()
        books.entity.refresh_from_db()
    return books


def make_cast() -> Cast:
    """Globex owes, pays, disputes and promises; Initech has little."""
    books = speaking(found_books(name="Acme"))
    with tenant(books.id):
        standard = establish_default(organization=books.organization, by=books.by, at=books.at)
        add_cadence(name=WRITTEN, copy_of=standard, by=books.by, at=books.at)
        establish_templates(organization=books.organization, by=books.by, at=books.at)
        invite(
            email="ann@acme.example",
            name="Ann",
            role=books.owner.role,
            inviter=books.owner,
            at=books.at,
        )
        invoicing.establish_statuses(organization=books.organization, by=books.by, at=books.at)
    globex = books.customer("Globex", email="ann@globex.example")
    initech = books.customer("Initech", email="bob@initech.example", parent=globex)
    invoices = [
        books.invoice(globex, "1234.50", due_in=-8),
        books.invoice(globex, "2345.50", due_in=3),
        books.invoice(globex, "3456.50", due_in=-40),
        books.invoice(globex, "4567.50", due_in=-1),
        books.invoice(globex, "5678.50", currency="EUR"),
        books.invoice(initech, "6789.50", due_in=-8),
        books.invoice(initech, "1111.50", due_in=-70),
    ]
    deeds.contest(books, invoices[2], invoices[3])
    deeds.pay(books, globex, books.invoice(globex, "1500.50", due_in=-20))
    intents = [
        books.run(books.claim(initech, invoices[6], last4="0002")),
        books.run(books.claim_unattended(initech, invoices[6], last4="0341")),
        books.run(books.claim(initech, invoices[6], last4="6789")),
    ]
    deeds.arrange(books, globex)
    with tenant(books.id):
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)
    # Nobody has heard of this one today, so the preview has a message to show.
    hooli = books.customer("Hooli", email="cy@hooli.example")
    books.invoice(hooli, due_in=-8)
    deeds.change(books, hooli, parent=globex)
    deeds.bring_in(books)
    deeds.change_many(books)
    for kind in Kind:
        rule(books, kind, currency=("USD", "EUR", "")[list(Kind).index(kind)], every_days=30)
    assess(books)
    return Cast(books, globex, initech, invoices[0], intents, _ids(books, globex))


def _ids(books: Books, customer: Customer) -> dict[str, list[Any]]:
    """By the names that addresses give them; the first of each is the customer's."""
    with tenant(books.id):
        links = ContactLink.objects.filter(customer=customer)
        mine = [link.contact_id for link in links]
        return {
            "customer_id": [customer.id, *_others(Customer, customer.id)],
            "contact_id": [*mine, *_others(Contact, *mine)],
            "link_id": [link.id for link in links],
            "invoice_id": _others(Invoice),
            "payment_id": _others(Payment),
            "credit_id": _others(Credit),
            "allocation_id": _others(Allocation),
            "attachment_id": _others(Attachment),
            "statement_id": _others(Statement),
            "todo_id": _others(Todo),
            "view_id": _others(SavedView),
            "upload_id": _others(Upload),
            "batch_id": _others(Batch),
            "role_id": _others(Role),
            "rule_id": _others(Rule),
            "field_id": _others(CustomField),
            "cadence_id": _others(Cadence),
            "step_id": _others(Step),
            "status_id": _others(CollectionStatus),
            "of": list(FieldSubject),
            "member_id": _others(Member),
            "invitation_id": _others(Invitation),
            "token": [token(one) for one in _others(Invitation)],
            "action": list(Action),
            "name": ["phone", "terms_days", "manager", "billing_address", "payment_kinds"],
            "template_id": [one.id for one in templates()],
            "invoice_template_id": _others(InvoiceTemplate),
            "message_id": [one.id for one in Message.objects.about_customer(customer.id)],
            "mail_id": [new_id()],
        }


def _others(model: type[Model], *known: UUID) -> list[UUID]:
    return list(
        model._default_manager.exclude(id__in=known).order_by("id").values_list("id", flat=True)
    )
