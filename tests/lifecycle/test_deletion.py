"""Deleting a customer: its people and words go, its figures stay and belong to nobody."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph
from paidup.communications.delivery.record import outcome
from paidup.communications.delivery.smtp import Accepted
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.states import MessageState, Purpose
from paidup.customers import operations as customers
from paidup.customers import queries, search
from paidup.customers.models import Contact, ContactLink, Customer, DeletedCustomer
from paidup.history.models import Event, PersonalData
from paidup.history.operations import record
from paidup.invoicing.models import Invoice, InvoiceLine
from paidup.ledger.models import Account, Transfer
from paidup.lib.tenancy import tenant
from paidup.lifecycle.deletion import ERASED, NAMELESS, preview
from paidup.payments import operations as payments
from paidup.payments.models import Intent, Payment, Refund
from paidup.reporting.aging import aging_as_of
from paidup.reporting.check import differences
from paidup.reporting.figures import collected
from paidup.todos.models import Todo
from tests.accounting_sync.ledgers import bring_in, line, write
from tests.cadences.chasing import chasing_books, run, sent
from tests.support.books import Books, found_books

from .cast import (
    credit,
    customer_with_everything,
    delete,
    merge,
    not_deleted,
    pay,
    settle,
    settled,
)
from .tables import referring_to, rows_with

pytestmark = pytest.mark.usefixtures("committed")

# Where a deleted customer's id may still stand.
REMEMBERED = {
    "history_event",
    "customers_deletedcustomer",
    "ledger_account",
}


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def test_every_table_that_refers_to_a_customer_is_named() -> None:
    """A new one fails here until it is named, and `customer_with_everything` has a row of it."""
    assert referring_to(Customer) == set(ERASED) | set(NAMELESS)
    assert not set(ERASED) & set(NAMELESS)


def test_a_row_of_every_table_goes_or_loses_its_name(books: Books) -> None:
    customer = customer_with_everything(books)
    stays = customer_with_everything(books, "Initech Ltd")
    settle(books, customer)
    with tenant(books.id):
        for model in (*ERASED, *NAMELESS):
            [column] = [
                field.name for field in model._meta.local_fields if field.related_model is Customer
            ]
            rows = model._default_manager.filter(**{column: customer})
            assert rows.exists(), f"Nothing of {model.__name__} refers to the customer."
    before = figures(books)
    with tenant(books.id):
        known = set(rows_of(Invoice.objects.filter(customer=customer)))
        taxes = set(InvoiceLine.objects.values_list("id", "amount", "tax"))
    delete(books, customer)
    assert figures(books) == before
    assert differences(books.id) == ()
    assert rows_with(customer.id) <= REMEMBERED
    with tenant(books.id):
        nameless = Invoice.objects.filter(customer=None)
        assert set(rows_of(nameless)) == known
        assert set(InvoiceLine.objects.values_list("id", "amount", "tax")) == taxes
        assert not Account.objects.filter(customer=customer.id).exists()
        assert not Customer.objects.filter(id=customer.id).exists()
        assert Customer.objects.filter(id=stays.id).exists()
        assert not Customer.objects.exclude(parent=None).filter(parent=customer.id).exists()


def rows_of(invoices: Any) -> Any:
    return invoices.values_list("number", "issued_on", "due_on", "total", "currency", "state")


def figures(books: Books) -> list[Any]:
    """Aging of several days, all transfers, and what was collected and sold."""
    days = [books.on - timedelta(days=days) for days in (0, 1, 20, 40)]
    with tenant(books.id):
        return [
            [aging_as_of(day) for day in days],
            list(Transfer.objects.order_by("id").values()),
            collected(books.on),
        ]


def test_the_preview_counts_what_goes(books: Books) -> None:
    customer = customer_with_everything(books)
    other = books.customer("Initech")
    with tenant(books.id):
        shared = Contact.objects.order_by("id")[0]
        customers.link_contact(customer=other, contact=shared, by=books.by, at=books.at)
    settle(books, customer)
    with tenant(books.id):
        shown = preview(Customer.objects.get(id=customer.id))
    erased, nameless = dict(shown.erased), dict(shown.nameless)
    assert (erased["Contacts"], shown.contacts_kept, shown.sub_accounts) == (1, 1, 1)
    assert (erased["Notes"], erased["Saved payment methods"]) == (1, 1)
    assert (nameless["Invoices"], nameless["Credits"]) == (4, 1)
    assert shown.refusals == []
    delete(books, customer)
    with tenant(books.id):
        assert Contact.objects.get().id == shared.id


def test_what_is_open_or_unapplied_is_named_with_its_remedy(books: Books) -> None:
    customer = books.customer()
    books.invoice(customer, "70.00")
    books.invoice(customer, "9.00", currency="EUR")
    assert not_deleted(books, customer) == (
        "$70.00 is open. Take the payment or add a credit for it first. "
        "€9.00 is open. Take the payment or add a credit for it first."
    )
    pay(books, customer, "100.00")
    pay(books, customer, "9.00", currency="EUR")
    assert not_deleted(books, customer) == (
        "$30.00 is unapplied. Refund it or apply it to an invoice first."
    )
    settle(books, customer)
    credit(books, customer, "5.00")
    assert "$5.00 is unapplied" in not_deleted(books, customer)
    settle(books, customer)
    delete(books, customer)


@pytest.mark.parametrize("state", ["pending", "unknown", "authorized"])
def test_a_charge_under_way_is_named(books: Books, state: str) -> None:
    customer = books.customer()
    last4 = {"pending": "4242", "unknown": "9995", "authorized": "6789"}[state]
    intent = books.claim(customer, books.invoice(customer, "120.00"), last4=last4)
    if state != "pending":
        books.run(intent)
    with tenant(books.id):
        assert Intent.objects.get().state == state
    assert (
        f"A charge of $120.00 to Card •••• {last4} is under way. "
        "Delete once it has gone through or failed."
    ) in not_deleted(books, customer)


def test_a_refund_on_its_way_is_named(books: Books) -> None:
    customer = books.customer()
    intent = settled(books, customer, "80.00")
    with tenant(books.id):
        refund = payments.refund_payment(
            payment=Payment.objects.get(intent=intent),
            amount=Decimal(80),
            credit_invoices=True,
            reason="Sorry",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert not_deleted(books, customer) == (
        "A refund of $80.00 is on its way. Delete once the gateway has said what became of it."
    )
    with tenant(books.id):
        Refund.objects.filter(id=refund.id).update(state="done")
    delete(books, customer)
    assert differences(books.id) == ()


def test_its_id_and_those_merged_into_it_say_when_it_was_deleted(books: Books) -> None:
    earlier, customer = books.customer("Globex Inc"), books.customer()
    merge(books, earlier, customer)
    delete(books, customer)
    with tenant(books.id):
        for gone in (earlier.id, customer.id):
            assert queries.deleted_at(gone) == books.at
        assert search.find("Globex") is not None
        assert search.find("Globex").count == 0  # type: ignore[union-attr]  # asked for
        event = Event.objects.get(kind="customer.deleted")
        assert (event.customer_id, event.actor_id) == (customer.id, books.owner.id)
    with tenant(found_books().id):
        assert not DeletedCustomer.objects.exists()


def test_a_contact_of_another_customer_stays_and_its_words_about_both_go() -> None:
    books = chasing_books()
    gone, stays = books.customer("Globex"), books.customer("Initech")
    ann = books.contact(gone, "ann@both.example")
    with tenant(books.id):
        customers.link_contact(customer=stays, contact=ann, by=books.by, at=books.at)
    bill = books.invoice(gone, due_in=-3)
    books.invoice(stays, due_in=-3)
    run(books)
    assert sent(books) == 1
    with tenant(books.id):
        [about_both] = Message.objects.all()
    pay(books, gone, str(bill.total))
    delete(books, gone)
    with tenant(books.id):
        left = Message.objects.get(id=about_both.id)
        assert (left.state, left.to_address) == (MessageState.SENT, "ann@both.example")
        assert (left.subject, left.blocks, left.attachments) == ("", [], [])
        assert MessageCustomer.objects.get(message=left).customer_id == stays.id
        assert ContactLink.objects.get(contact=ann).customer_id == stays.id


@pytest.mark.parametrize("automatic", [True, False])
def test_a_waiting_reminder_about_both_says_anew_what_the_other_owes(automatic: bool) -> None:  # noqa: FBT001  drawn
    books = chasing_books(automatic=automatic)
    gone, stays = books.customer("Globex"), books.customer("Initech")
    ann = books.contact(gone, "ann@both.example")
    with tenant(books.id):
        customers.link_contact(customer=stays, contact=ann, by=books.by, at=books.at)
    bill = books.invoice(gone, "71.00", due_in=-3)
    books.invoice(stays, "33.00", due_in=-3)
    run(books)
    pay(books, gone, str(bill.total))
    with tenant(books.id):
        [waiting] = Message.objects.filter(purpose=Purpose.REMINDER)
        assert "Globex" in str(waiting.blocks)
    delete(books, gone)
    with tenant(books.id):
        left = Message.objects.get(id=waiting.id)
        assert left.state == waiting.state
        assert "Globex" not in str(left.blocks)
        assert "33.00" in str(left.blocks)
        if not automatic:
            [asked] = Todo.objects.filter(subject_id=left.id)
            assert asked.customer_id == stays.id


def test_waiting_mail_is_not_sent_and_nothing_is_left_of_what_was(books: Books) -> None:
    customer = books.customer(email="ann@globex.example")
    other = books.customer("Initech")
    with tenant(books.id):
        ann = Contact.objects.get()
        for about, key in ((customer, "waits"), (customer, "sending"), (other, "former place")):
            communications.queue_message(
                customer=about,
                contact=ann,
                purpose=Purpose.RECEIPT,
                subject=f"Dear Ann {key}",
                blocks=[Paragraph("Dear Ann")],
                intent_key=key,
                by=books.by,
                at=books.at,
            )
        Message.objects.filter(intent_key="sending").update(state="sending", sending_at=books.at)
        sending = Message.objects.get(intent_key="sending")
    delete(books, customer)
    with tenant(books.id):
        assert not Message.objects.exists()
    assert outcome(books.id, sending.id, Accepted(), at=books.at) is None


def test_an_import_never_brings_its_invoices_back(books: Books, tmp_path: Path) -> None:
    file = write(
        tmp_path / "ledger.csv", [line("1", customerID="A-1"), line("2", customerID="B-2")]
    )
    bring_in(books, file)
    with tenant(books.id):
        customer = Customer.objects.get(number="A-1")
    settle(books, customer)
    delete(books, customer)
    summary = bring_in(books, file)
    assert not summary.errors
    assert summary.created["customers"] == summary.created["invoices"] == 0
    assert differences(books.id) == ()


def database_keeps() -> dict[str, Callable[[Books, Customer], object]]:
    return {
        "personal data of events": lambda _books, _customer: PersonalData.objects.all().delete(),
        "personal data as it was said": lambda _books, _customer: PersonalData.objects.update(
            data={}
        ),
        "a customer to whom rows refer": lambda _books, customer: Customer.objects.filter(
            id=customer.id
        ).delete(),
        "an open invoice of somebody": lambda _books, customer: Invoice.objects.filter(
            customer=customer
        ).update(customer=None, bill_to=""),
    }


@pytest.mark.database
@pytest.mark.parametrize("what", database_keeps())
def test_the_database_keeps(books: Books, what: str) -> None:
    customer = books.customer()
    books.invoice(customer)
    with tenant(books.id):
        record("x", by=books.by, at=books.at, personal={"name": "Ann"})
    with pytest.raises(DatabaseError), tenant(books.id):
        database_keeps()[what](books, customer)
