"""Deactivated and archived customers: what ends, what stays, and what takes one out again."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from paidup.cadences.states import Reason
from paidup.communications.models import Message
from paidup.customers import operations as customers
from paidup.customers.models import Customer, OtherBalance
from paidup.customers.operations import CustomerRefused
from paidup.customers.states import CustomerState
from paidup.history.models import Event
from paidup.invoicing.operations import InvoiceRefused
from paidup.invoicing.states import Hold
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.reporting.aging import aging
from paidup.reporting.check import differences
from tests.autopay.charging import schedule, tick
from tests.cadences.chasing import chasing_books, run, why_not
from tests.support.books import Books, found_books

from .cast import pay, settled

pytestmark = pytest.mark.usefixtures("committed")


def stand(books: Books, customer: Customer) -> str:
    with tenant(books.id):
        return Customer.objects.get(id=customer.id).state


def deactivate(books: Books, customer: Customer) -> None:
    with tenant(books.id):
        customers.deactivate_customer(customer=customer, by=books.by, at=books.at)


def archive(books: Books, customer: Customer) -> None:
    with tenant(books.id):
        customers.archive_customer(customer=customer, by=books.by, at=books.at)


def test_a_deactivated_one_is_neither_billed_nor_chased_nor_charged_until_reactivated() -> None:
    books = chasing_books()
    customer = books.customer(email="ann@globex.example")
    bill = books.invoice(customer, due_in=-3)
    books.method(customer)
    schedule(books, customer)
    with tenant(books.id):
        before = aging(books.on)
    deactivate(books, customer)
    run(books)
    assert tick(books) == set()
    with tenant(books.id):
        assert not Message.objects.exists()
        assert aging(books.on) == before, "what is open stays in the totals"
    assert why_not(books)[Reason.INACTIVE] == 1
    with pytest.raises(InvoiceRefused):
        books.invoice(customer)
    with tenant(books.id):
        customers.reactivate_customer(customer=customer, by=books.by, at=books.at)
    run(books)
    with tenant(books.id):
        assert Message.objects.count() == 1
    assert tick(books) == {bill.number}


def test_what_is_open_of_a_deactivated_one_is_collected_by_hand() -> None:
    books = found_books()
    customer = books.customer()
    bill = books.invoice(customer)
    deactivate(books, customer)
    with tenant(books.id):
        assert payments.invoice_link(invoice=bill, at=books.at)
    books.run(books.claim(customer, bill))
    assert books.again(bill).open_amount == 0
    assert stand(books, customer) == CustomerState.INACTIVE


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_who_owes_or_has_something_left_is_not_archived(currency: str) -> None:
    books = found_books()
    customer = books.customer()
    books.invoice(customer, "40.00", currency=currency)
    with pytest.raises(CustomerRefused, match="open balance"):
        archive(books, customer)
    with pytest.raises(IntegrityError, match="archive"), tenant(books.id):
        Customer.objects.filter(id=customer.id).update(state="archived")
    pay(books, customer, "50.00", currency=currency)
    with pytest.raises(CustomerRefused, match="unapplied money"):
        archive(books, customer)
    with pytest.raises(IntegrityError, match="archive"), tenant(books.id):
        Customer.objects.filter(id=customer.id).update(state="archived")


def test_the_database_keeps_an_archived_one_from_owing() -> None:
    books = found_books()
    customer = books.customer()
    archive(books, customer)
    with pytest.raises(IntegrityError, match="archive"), tenant(books.id):
        Customer.objects.filter(id=customer.id).update(open_amount=Decimal(1))
    with pytest.raises(IntegrityError, match="archive"), tenant(books.id):
        OtherBalance.objects.create(
            organization_id=books.id, customer=customer, currency="EUR", open_amount=Decimal(1)
        )


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_money_takes_one_out_of_the_archive(currency: str) -> None:
    books = found_books()
    customer = books.customer()
    bill = books.invoice(customer, "40.00", currency=currency)
    payment = pay(books, customer, "40.00", currency=currency)
    archive(books, customer)
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        payments.reverse_payment(payment=payment, reason="Bounced", hold=Hold.RETURNED, **acts)
    assert books.again(bill).open_amount == Decimal(40)
    assert stand(books, customer) == CustomerState.INACTIVE
    with tenant(books.id):
        assert (
            Event.objects.filter(kind="customer.unarchived", customer_id=customer.id).count() == 1
        )
    assert differences(books.id) == ()


def test_an_archived_ones_past_stays_and_it_comes_back() -> None:
    books = found_books()
    customer = books.customer()
    settled(books, customer, "40.00")
    archive(books, customer)
    assert differences(books.id) == ()
    with tenant(books.id):
        customers.reactivate_customer(customer=customer, by=books.by, at=books.at)
    assert stand(books, customer) == CustomerState.ACTIVE
