"""Who is told that a charge failed: only those who still have something to pay."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from paidup.communications.delivery.claim import claim
from paidup.communications.models import Message
from paidup.communications.states import MessageState, Purpose
from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Intent
from paidup.payments.states import IntentState, PaymentKind
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")

NIGHT = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def declined_at_night(books: Books, customer: Customer, *invoices: Invoice) -> Intent:
    """A charge of autopay's that failed while its notice had to wait for the morning."""
    intent = books.run(books.claim_unattended(customer, *invoices, last4="0341"))
    assert intent.state == IntentState.FAILED
    return intent


def notice_in_the_morning(books: Books) -> Message:
    with tenant(books.id):
        waiting = Message.objects.get(purpose=Purpose.CHARGE_FAILED)
        assert waiting.state == MessageState.QUEUED
    claim(books.id, waiting.id, at=NIGHT)
    claim(books.id, waiting.id, at=MORNING)
    with tenant(books.id):
        return Message.objects.get(id=waiting.id)


def pay_by_wire(books: Books, customer: Customer, amount: str) -> None:
    with tenant(books.id):
        payments.record_payment(
            customer=customer,
            amount=Decimal(amount),
            currency="USD",
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )


def paid_by_wire(books: Books, customer: Customer, invoice: Invoice) -> None:
    del invoice
    pay_by_wire(books, customer, "80")


def being_paid_by_link(books: Books, customer: Customer, invoice: Invoice) -> None:
    books.claim(customer, invoice)


@pytest.mark.parametrize("meanwhile", [paid_by_wire, being_paid_by_link])
def test_who_has_paid_meanwhile_is_not_told(
    meanwhile: Callable[[Books, Customer, Invoice], None],
) -> None:
    books = found_books(at=NIGHT)
    customer = books.customer(email="ann@globex.example")
    invoice = books.invoice(customer, "80")
    declined_at_night(books, customer, invoice)
    meanwhile(books, customer, invoice)
    assert notice_in_the_morning(books).state == MessageState.WITHDRAWN


def test_who_still_owes_one_of_the_invoices_is_told() -> None:
    books = found_books(at=NIGHT)
    customer = books.customer(email="ann@globex.example")
    first, second = books.invoice(customer, "80"), books.invoice(customer, "80")
    declined_at_night(books, customer, first, second)
    pay_by_wire(books, customer, "80")
    assert notice_in_the_morning(books).state == MessageState.SENDING
