"""What people do in the books of `cast`, so that every page has something to show."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from paidup.accounting_sync.lists import uploads
from paidup.accounting_sync.states import ListKind
from paidup.attachments import operations as attachments
from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.batches.making import make_some
from paidup.batches.starting import start_batch
from paidup.batches.states import Action
from paidup.cadences.models import Cadence
from paidup.cadences.operations import (
    change_cadences,
    change_contact_cadence,
    change_invoice_cadence,
    remove_cadences,
    remove_invoice_cadence,
)
from paidup.correspondence.composing import Written
from paidup.correspondence.operations import send_mail
from paidup.correspondence.queries import encloses, templates
from paidup.customers import operations as customers
from paidup.customers.models import ContactLink, Customer
from paidup.customers.states import ContactRole
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.queries import collection_statuses
from paidup.invoicing.states import Hold
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations.fields import add_field
from paidup.organizations.saved_views import save_view
from paidup.organizations.states import FieldKind, FieldSubject
from paidup.payments import operations as payments
from paidup.payments.states import CreditReason, PaymentKind
from paidup.statements.operations import send_statement
from paidup.statements.states import StatementKind
from paidup.todos import operations as todos
from tests.support.books import Books

WRITTEN = "Lieferung"
AGREED = "I authorize these charges."


def contest(books: Books, disputed: Invoice, promised: Invoice) -> None:
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


def pay(books: Books, customer: Customer, invoice: Invoice) -> None:
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


def arrange(books: Books, customer: Customer) -> None:
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
        send_files(books, customer)
        write(books, customer)


def send_files(books: Books, customer: Customer) -> None:
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


def write(books: Books, customer: Customer) -> None:
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


def change(books: Books, customer: Customer, *, parent: Customer) -> None:
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


def bring_in(books: Books) -> None:
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


def change_many(books: Books) -> None:
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
