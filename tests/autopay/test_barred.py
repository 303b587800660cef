"""What auto payments may not pay with the saved method: it waits, and a person is told."""

from datetime import timedelta
from typing import Any

import pytest

from paidup.autopay.models import Interval
from paidup.lib.tenancy import tenant
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from tests.autopay.charging import payer, tick, work
from tests.support.books import Books, found_books
from tests.support.templates import add_template, edit

pytestmark = pytest.mark.usefixtures("committed")


def test_a_method_that_may_not_be_used_any_more_waits_and_a_person_is_told_once_a_week() -> None:
    books = found_books()
    customer = payer(books)
    invoice = books.invoice(customer, due_in=-1)
    edit(books, customer, payment_kinds=["bank_debit"])
    assert tick(books) == set()
    with tenant(books.id):
        told = Todo.objects.get(kind="autopay_barred")
        assert told.title == "Not charged: invoices may not be paid by Card (Visa •••• 4242)"
        todos.finish_todo(todo=told, by=books.by, at=books.at)
    for _day in range(7):
        assert tick(books) == set()
        assert len(asked(books)) == 1, "not every day"
        books.at += timedelta(days=1)
    tick(books)
    assert len(asked(books)) == 2
    edit(books, customer, payment_kinds=[])
    assert tick(books) == {invoice.number}


def asked(books: Books) -> list[Todo]:
    with tenant(books.id):
        return list(Todo.objects.filter(kind="autopay_barred"))


def test_a_retry_of_a_method_that_may_not_be_used_any_more_is_told_of_between_slots() -> None:
    books = found_books()
    monthly: dict[str, Any] = {"interval": Interval.MONTHLY, "days": [books.on.day]}
    customer = payer(books, last4="0341", **monthly)
    books.invoice(customer, due_in=-1)
    tick(books)
    work(books)
    edit(books, customer, payment_kinds=["bank_debit"])
    books.at += timedelta(days=3)
    assert tick(books) == set()
    assert len(asked(books)) == 1


def test_a_charge_that_was_called_off_for_its_kind_is_told_of() -> None:
    books = found_books()
    monthly: dict[str, Any] = {"interval": Interval.MONTHLY, "days": [books.on.day]}
    customer = payer(books, **monthly)
    books.invoice(customer, due_in=-1)
    tick(books)
    edit(books, customer, payment_kinds=["bank_debit"])
    work(books)
    assert tick(books) == set()
    assert len(asked(books)) == 1


def test_an_invoice_s_template_has_a_say() -> None:
    books = found_books()
    customer = payer(books)
    edit(books, customer, invoice_template=add_template(books, "By bank", "wire"))
    books.invoice(customer, due_in=-1)
    edit(books, customer, invoice_template=None)
    other = books.invoice(customer, due_in=-1)
    assert tick(books) == {other.number}
