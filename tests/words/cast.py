"""Books in which every page has something to show, all of it said in the tests' language.

Only the words in `DATA` are people's own; `WRITTEN` is what they write wherever they may.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db.models import Model

from paidup.accounting_sync.lists import uploads
from paidup.accounting_sync.models import Upload
from paidup.accounting_sync.states import ListKind
from paidup.attachments import operations as attachments
from paidup.attachments.models import Attachment
from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.batches.making import make_some
from paidup.batches.models import Batch
from paidup.batches.starting import start_batch
from paidup.batches.states import Action
from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import (
    add_cadence,
    change_cadences,
    change_contact_cadence,
    change_invoice_cadence,
    establish_default,
    remove_cadences,
    remove_invoice_cadence,
    run_day,
)
from paidup.communications.models import Message
from paidup.correspondence.composing import Written
from paidup.correspondence.operations import establish_templates, send_mail
from paidup.correspondence.queries import encloses, templates
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.states import ContactRole
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import CollectionStatus, Invoice
from paidup.invoicing.queries import collection_statuses
from paidup.invoicing.states import Hold
from paidup.late_fees.models import Rule
from paidup.late_fees.states import Kind
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations.fields import add_field
from paidup.organizations.models import (
    CustomField,
    InvoiceTemplate,
    Member,
    Organization,
    Role,
    SavedView,
)
from paidup.organizations.saved_views import save_view
from paidup.organizations.states import FieldKind, FieldSubject
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Intent, Payment
from paidup.payments.states import CreditReason, PaymentKind
from paidup.statements.models import Statement
from paidup.statements.operations import send_statement
from paidup.statements.states import StatementKind
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from tests.late_fees.fining import assess, rule
from tests.support.books import Books, found_books
from tests.words.pseudo import CODE

WRITTEN = "Lieferung"
AGREED = "I authorize these charges."
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
    _contest(books, invoices[2], invoices[3])
    _pay(books, globex, books.invoice(globex, "1500.50", due_in=-20))
    intents = [
        books.run(books.claim(initech, invoices[6], last4="0002")),
        books.run(books.claim_unattended(initech, invoices[6], last4="0341")),
        books.run(books.claim(initech, invoices[6], last4="6789")),
    ]
    _arrange(books, globex)
    with tenant(books.id):
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)
    # Nobody has heard of this one today, so the preview has a message to show.
    hooli = books.customer("Hooli", email="cy@hooli.example")
    books.invoice(hooli, due_in=-8)
    _change(books, hooli, parent=globex)
    _bring_in(books)
    _change_many(books)
    for kind in Kind:
        rule(books, kind, currency=("USD", "EUR", "")[list(Kind).index(kind)], every_days=30)
    assess(books)
    return Cast(books, globex, initech, invoices[0], intents, _ids(books, globex))


def _contest(books: Books, disputed: Invoice, promised: Invoice) -> None:
    with tenant(books.id):
        invoicing.open_dispute(
            invoice=disputed, reason=WRITTEN, on=books.on, by=books.by, at=books.at
        )
        invoicing.record_promise(
            invoice=promised,
            promised_for=books.on + timedelta(days=3),
            on=books.on,
            by=books.by,
            at=books.at,
        )


def _pay(books: Books, customer: Customer, invoice: Invoice) -> None:
    """One payment bounces and holds its invoice; the other has more than its invoice needs."""
    needed = invoice.total
    for amount in (needed, needed + 100):
        with tenant(books.id):
            payment = payments.record_payment(
                customer=customer,
                amount=amount,
                currency="USD",
                kind=PaymentKind.WIRE,
                reference=WRITTEN,
                received_on=books.on,
                on=books.on,
                by=books.by,
                at=books.at,
                to=[(invoice.id, needed)],
            )
            if amount == needed:
                payments.reverse_payment(
                    payment=payment,
                    reason=WRITTEN,
                    hold=Hold.REVERSED,
                    on=books.on,
                    by=books.by,
                    at=books.at,
                )
    with tenant(books.id):
        payments.refund_payment(
            payment=payment,
            amount=Decimal("20.50"),
            credit_invoices=False,
            reason=WRITTEN,
            on=books.on,
            by=books.by,
            at=books.at,
        )
        payments.grant_credit(
            customer=customer,
            amount=Decimal("30.50"),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description=WRITTEN,
            on=books.on,
            by=books.by,
            at=books.at,
            leave_unapplied=True,
        )


def _arrange(books: Books, customer: Customer) -> None:
    """A method, a schedule, a note, a to-do, and changes for the timeline to tell."""
    books.method(customer)
    with tenant(books.id):
        autopay.set_schedule(
            customer=customer,
            interval=Interval.WEEKLY,
            days=[4],
            starts_on=books.on,
            maximum=Decimal("1234.50"),
            by=books.by,
            at=books.at,
        )
        customers.add_note(customer=customer, text=WRITTEN, by=books.by, at=books.at)
        todos.add_todo(
            kind="task", title=WRITTEN, customer=customer, by=books.by, at=books.at, due_on=books.on
        )
        customers.set_health(
            customer=customer,
            score=65,
            reason=WRITTEN,
            until=books.on + timedelta(days=30),
            on=books.on,
            by=books.by,
            at=books.at,
        )
        for status in collection_statuses()[:3]:
            invoicing.set_collection_status(
                invoice=Invoice.objects.open().filter(customer=customer).earliest("id"),
                status=status,
                by=books.by,
                at=books.at,
            )
        payments.balance_link(customer=customer, at=books.at)
        _send_files(books, customer)
        _write(books, customer)


def _send_files(books: Books, customer: Customer) -> None:
    """A file that the customer sees, one of a note, and a statement."""
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    files = [(f"{WRITTEN}.pdf", BytesIO(b"%PDF-1.7"))]
    attachments.share_files(customer=customer, files=files, **acts)
    attachments.add_note(customer=customer, text=WRITTEN, files=files, **acts)
    send_statement(
        customer=customer,
        kind=StatementKind.BALANCE_FORWARD,
        currency="USD",
        from_on=books.on - timedelta(days=60),
        to_on=books.on,
        contacts=[ContactLink.objects.select_related("contact").get(customer=customer).contact],
        subject=WRITTEN,
        text=WRITTEN,
        on=books.on,
        **acts,
    )


def _write(books: Books, customer: Customer) -> None:
    """An e-mail with an invoice enclosed."""
    contact = ContactLink.objects.select_related("contact").get(customer=customer).contact
    ready = next(one for one in templates() if encloses(one))
    invoice = Invoice.objects.of_customer(customer.id).open().earliest("id")
    send_mail(
        customer=Customer.objects.get(id=customer.id),
        contacts=[contact],
        written=Written(subject=ready.subject, body=ready.body, invoice_ids=(invoice.id,)),
        mail_id=new_id(),
        by=books.by,
        at=books.at,
    )


def _change(books: Books, customer: Customer, *, parent: Customer) -> None:
    """All of the customer that can be changed, for its timeline, and a view of the list."""
    with tenant(books.id):
        link = ContactLink.objects.select_related("contact").get(customer=customer)
        these: dict[str, Any] = {"customer_ids": [customer.id], "by": books.by, "at": books.at}
        remove_cadences(**these)
        change_cadences(cadence=None, **these)
        acts: dict[str, Any] = {"by": books.by, "at": books.at}
        written = Cadence.objects.get(name=WRITTEN)
        change_contact_cadence(link=link, cadence=written, **acts)
        for invoice in Invoice.objects.of_customer(customer.id).open().order_by("id")[:2]:
            change_invoice_cadence(invoice=invoice, cadence=written, **acts)
        remove_invoice_cadence(invoice=invoice, **acts)
        customers.set_late_fees(customer=customer, charged=False, by=books.by, at=books.at)
        customers.edit_customer(
            customer=customer,
            phone="+15550100",
            language="de",
            terms_days=14,
            billing_address=WRITTEN,
            billing_country="DE",
            shipping_address=WRITTEN,
            tags=[WRITTEN],
            parent=parent,
            account_manager=books.owner,
            sales_rep=books.owner,
            manager=books.owner,
            by=books.by,
            at=books.at,
        )
        customers.edit_contact(
            contact=link.contact,
            details={"phone": "+15550101"},
            link=link,
            link_details={"role": ContactRole.EXECUTIVE, "gets_receipts": False},
            by=books.by,
            at=books.at,
        )
        for of in FieldSubject:
            for kind in FieldKind:
                add_field(
                    of=of,
                    kind=kind,
                    label=f"{WRITTEN} {list(FieldKind).index(kind)}",
                    choices=[WRITTEN],
                    by=books.by,
                    at=books.at,
                )
        customers.set_health(
            customer=customer, score=5, reason=WRITTEN, on=books.on, by=books.by, at=books.at
        )
        save_view(
            member=books.owner,
            of="customers",
            name=WRITTEN,
            query="",
            shared=True,
            by=books.by,
            at=books.at,
        )


def _bring_in(books: Books) -> None:
    """A list of which the columns are asked, one that was checked and one that was imported, both
    with wrong lines."""
    for steps in range(3):
        wrong = f"A-{steps},{WRITTEN},{WRITTEN}\nB-{steps}\n"
        lines = f"{WRITTEN} 1,{WRITTEN} 2,{WRITTEN} 3\n{wrong}C-{steps},{WRITTEN},\n"
        with tenant(books.id):
            upload = uploads.keep_upload(
                kind=ListKind.CUSTOMERS,
                content=lines.encode(),
                file_name=f"{WRITTEN}.csv",
                entity=books.entity,
                member=books.owner,
                at=books.at,
            )
            if steps:
                uploads.assign_columns(upload=upload, columns=["number", "name", "contact_email"])
        uploads.carry_on(organization_id=books.id, upload_id=upload.id, at=books.at)
        if steps == 2:
            with tenant(books.id):
                uploads.start_import(upload=upload, skip_bad=True)
            uploads.carry_on(organization_id=books.id, upload_id=upload.id, at=books.at)


def _change_many(books: Books) -> None:
    """Customers that owe something can't be archived."""
    with tenant(books.id):
        everybody = Customer.objects.of(books.organization)
        batch = start_batch(
            action=Action.ARCHIVE,
            customers=everybody,
            expected=everybody.count(),
            settings={},
            member=books.owner,
            at=books.at,
        )
        while make_some(batch=batch, at=books.at):
            pass


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
