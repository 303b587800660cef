"""Deleting leaves nothing of a person: unmistakable words are said everywhere and searched for."""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from paidup.attachments import operations as attachments
from paidup.batches.models import Batch, BatchRow
from paidup.batches.states import Action, RowState
from paidup.communications.delivery import deliver_due
from paidup.communications.models import Message
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import Line
from paidup.invoicing.states import Hold
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from paidup.organizations.models import Entity
from paidup.organizations.states import FieldSubject
from paidup.payments import operations as payments
from paidup.payments.models import Mandate, PayLink, PaymentMethod
from paidup.payments.states import CreditReason, PaymentKind
from paidup.todos import operations as todos
from tests.autopay.charging import schedule, tick, work
from tests.cadences.chasing import chasing_books, run
from tests.portal.guest import accepted
from tests.support import queue
from tests.support.books import Books
from tests.support.databases import home
from tests.support.mail import MailServer
from tests.web.customers.people import customers_path, record_path, shown
from tests.web.staff import signed_in

from .cast import merge, settle, text_field
from .tables import tables_with

pytestmark = pytest.mark.usefixtures("committed")

WORD, DIGITS, CARD = "xyzzy", "2025550147", "•••• 0341"
# Where the word stands before; were one missing, a part of the product would go unseen.
EVERYWHERE = {
    "attachments_attachment",
    "batches_batchrow",
    "communications_message",
    "customers_contact",
    "customers_customer",
    "customers_customervalue",
    "customers_healthchange",
    "customers_mergedcustomer",
    "customers_note",
    "customers_searchrow",
    "history_personaldata",
    "invoicing_dispute",
    "invoicing_invoice",
    "invoicing_invoiceline",
    "invoicing_invoicevalue",
    "payments_credit",
    "payments_mandate",
    "payments_payment",
    "payments_refund",
    "portal_access_login",
    "todos_todo",
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, in the words in which it is written."""
    root, text = logging.getLogger(), io.StringIO()
    [usual] = [one for one in root.handlers if "ProcessorFormatter" in str(one.formatter)]
    handler = logging.StreamHandler(text)
    handler.setFormatter(usual.formatter)
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def test_nothing_of_a_person_is_left(
    log: io.StringIO, mail: MailServer, settings: Settings
) -> None:
    settings.EMAIL_HOST = mail.environment["PAIDUP_SMTP_HOST"]
    settings.EMAIL_PORT = int(mail.environment["PAIDUP_SMTP_PORT"])
    first, books = queue.last_job(), chasing_books()
    client = signed_in(books)
    customer = talked_about(books)
    send(books)
    assert WORD in "".join(map(str, mail.messages)).casefold()
    look_at(client, books, customer)
    with tenant(books.id):
        tokens = PaymentMethod.objects.filter(customer=customer).values_list("token", flat=True)
        link = PayLink.objects.filter(customer=customer)[0].id.hex
        secrets = [link, *tokens]
    said = tables_with(WORD).keys()
    assert said >= EVERYWHERE
    assert not said & {"procrastinate_jobs", "history_event"}, "jobs and events hold ids"
    assert tables_with(DIGITS).keys() >= {"customers_customer", "customers_contact"}
    assert tables_with(CARD, of=books.id).keys() >= {"history_personaldata", "payments_intent"}
    assert tables_with(*secrets).keys() >= {"organizations_directoryentry", "sandbox_storedmethod"}

    settle(books, customer)
    answer = client.post(record_path(books, customer, "deletion/"), {"typed": customer.name})
    assert answer.status_code == 302
    queue.work_off(after=first)  # what was enqueued while the customer was there, too

    words = [WORD, DIGITS, *secrets]
    # The gateway keeps books of its own: what was charged, to which token.
    assert tables_with(*words).keys() <= {"sandbox_charge"}
    assert tables_with(CARD, of=books.id) == {}
    for file in files():
        text = file.read_bytes().decode(errors="replace").casefold()
        assert not [word for word in words if word.casefold() in text], file
    written = log.getvalue()
    assert "request" in written, "there was something to be logged"
    assert not [word for word in words if word.casefold() in written.casefold()]
    for path in (record_path(books, customer), customers_path(books)):
        assert WORD not in client.get(path).content.decode().casefold()


def talked_about(books: Books) -> Customer:
    """A customer whose every text says the word; so do those merged into it and other customers'
    words about its people."""
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    days: dict[str, Any] = {"on": books.on, **acts}
    other = books.customer("Initech")
    with tenant(books.id):
        earlier, customer = (
            customers.add_customer(
                entity=Entity.objects.get(),
                name=name,
                number=f"{name.upper()}-9",
                phone=f"+1{DIGITS}",
                billing_address="1 Xyzzy Street",
                contact_name="Ann Xyzzy",
                contact_email=f"ann@{name.replace(' ', '-')}.example".lower(),
                **acts,
            )
            for name in ("Xyzzy Before", "Xyzzy")
        )
    merge(books, earlier, customer)
    with tenant(books.id):
        ann, anna = Contact.objects.order_by("id")
    accepted(books, anna)
    with tenant(books.id):
        customers.edit_contact(
            contact=ann, details={"phone": f"+1{DIGITS}", "name": "Ann of Xyzzy"}, **acts
        )
        customers.link_contact(customer=other, contact=anna, **acts)
        customers.edit_contact(contact=anna, details={"name": "Anna of Xyzzy"}, **acts)
        merge_contacts(into=ann.id, others=[anna.id], **acts)
        # Once a contact of another customer, now of this one alone.
        customers.unlink_contact(link=ContactLink.objects.get(customer=other), **acts)
        customer = customers.edit_customer(
            customer=Customer.objects.get(id=customer.id),
            name="Xyzzy Limited",
            number="XYZZY-10",
            shipping_address="2 Xyzzy Street",
            tags=["xyzzy"],
            fields={text_field(books).id: "Near Xyzzy"},
            **acts,
        )
        customers.edit_customer(
            customer=books.customer("Branch"), parent=customer, tags=["west"], **acts
        )
        customers.add_note(customer=customer, text="Xyzzy called", **acts)
        customers.set_health(customer=customer, score=9, reason="Xyzzy is broke", **days)
        attachments.receive_files(
            customer=customer,
            contact=ann,
            files=[("Of Xyzzy.txt", io.BytesIO(b"Dear Acme, Xyzzy has moved"))],
            at=books.at,
        )
        todos.add_todo(kind="task", title="Call Xyzzy", customer=customer, **acts)
        disputed, promised = (
            invoicing.issue_invoice(
                customer=customer,
                lines=[Line(description="Services for Xyzzy", unit_price=Decimal(amount))],
                issued_on=books.on - timedelta(days=40),
                po_number="PO XYZZY",
                note="Dear Xyzzy",
                fields={text_field(books, FieldSubject.INVOICE).id: "Xyzzy's new hall"},
                **acts,
            )
            for amount in (90, 70)
        )
        dispute = invoicing.open_dispute(
            invoice=disputed, reason="Xyzzy says no", amount=Decimal(5), **days
        )
        invoicing.record_promise(
            invoice=promised, promised_for=books.on + timedelta(days=3), contact=ann, **days
        )
        payments.balance_link(customer=customer, at=books.at)
        payments.grant_credit(
            customer=customer,
            amount=Decimal(3),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="For Xyzzy",
            **days,
        )
        check = payments.record_payment(
            customer=customer,
            amount=Decimal(20),
            currency="USD",
            kind=PaymentKind.CHECK,
            reference="Check of Xyzzy",
            received_on=books.on,
            **days,
        )
        payments.refund_payment(
            payment=check, amount=Decimal(4), credit_invoices=False, reason="Xyzzy asked", **days
        )
        bounced = payments.record_payment(
            customer=customer,
            amount=Decimal(10),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            **days,
        )
        payments.reverse_payment(payment=bounced, reason="Xyzzy's bank", hold=Hold.RETURNED, **days)
        for invoice in Invoice.objects.exclude(hold=Hold.NONE):
            invoicing.release_invoice(invoice=invoice, **acts)
        invoicing.resolve_dispute(dispute=dispute, **days)
        batch = Batch.objects.create(
            organization_id=books.id, action=Action.ARCHIVE, asked_by=books.owner, asked_at=books.at
        )
        BatchRow.objects.create(
            organization_id=books.id,
            batch=batch,
            customer_id=earlier.id,
            state=RowState.REFUSED,
            reason="Xyzzy Before has an open balance",
        )
    charge_in_vain(books, customer)
    run(books)
    return customer


def charge_in_vain(books: Books, customer: Customer) -> None:
    """An auto payment that is declined: with an e-mail and a to-do."""
    method = books.method(customer, last4="0341")
    with tenant(books.id):
        customers.set_auto_payments(customer=customer, allowed=True, by=books.by, at=books.at)
    schedule(books, customer)
    assert tick(books)
    work(books)
    with tenant(books.id):
        Mandate.objects.filter(method=method).update(given_by="Ann Xyzzy")


def send(books: Books) -> None:
    """What waits is sent, to a real server."""
    deliver_due(books.id, now=lambda: books.at)


def look_at(client: Client, books: Books, customer: Customer) -> None:
    """Pages, a search, a document and a refused form are asked for, and logged."""
    shown(client, record_path(books, customer))
    shown(client, record_path(books, customer), tab="timeline")
    shown(client, customers_path(books), q=f"{WORD} limited")
    client.post(record_path(books, customer, "note/"), {"text": ""})
    write(client, books, customer)
    client.post(record_path(books, customer, "deletion/"), {"typed": "xyzzy limited, please"})
    with tenant(books.id):
        bill = Invoice.objects.filter(customer=customer)[0]
    pdf = client.get(f"/o/{books.organization.slug}/invoices/{bill.id}/pdf/")
    assert pdf.content.startswith(b"%PDF")


def write(client: Client, books: Books, customer: Customer) -> None:
    """An e-mail that is typed, refused, sent and undone."""
    with tenant(books.id):
        to = [str(link.contact_id) for link in ContactLink.objects.filter(customer=customer)]
    written = {"mail_id": str(new_id()), "to": to, "subject": "Xyzzy", "body": "Dear Xyzzy {{ x }}"}
    assert client.post(record_path(books, customer, "mail/"), written).status_code == 422
    written["body"] = "Dear Xyzzy, once more"
    assert client.post(record_path(books, customer, "mail/preview/"), written).status_code == 200
    assert client.post(record_path(books, customer, "mail/"), written).status_code == 302
    undo = record_path(books, customer, f"mails/{written['mail_id']}/withdrawal/")
    assert client.post(undo).status_code == 302
    with tenant(books.id):
        assert Message.objects.get(purpose="mail").state == "withdrawn"


def files() -> list[Path]:
    """What the product keeps beside the database."""
    folder = home()
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and file.relative_to(folder).parts[0] != "postgresql"
    ]
