"""Issuing invoices: their numbers."""

from decimal import Decimal

import pytest

from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import InvoiceRefused, Line
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def issue(books: Books, customer: Customer, number: str = "") -> Invoice:
    with tenant(books.id):
        return invoicing.issue_invoice(
            customer=customer,
            lines=[Line(description="Services", unit_price=Decimal(10))],
            issued_on=books.on,
            number=number,
            by=books.by,
            at=books.at,
        )


def test_the_series_goes_on_after_a_number_that_was_typed() -> None:
    books = found_books()
    customer = books.customer()
    assert issue(books, customer).number == "INV-00001"
    issue(books, customer, "INV-00002")
    issue(books, customer, "2026/7")
    assert [issue(books, customer).number for _ in range(2)] == ["INV-00003", "INV-00004"]


def test_a_number_is_given_once() -> None:
    books = found_books()
    customer = books.customer()
    issue(books, customer, "INV-00009")
    with pytest.raises(InvoiceRefused, match="INV-00009 is in use already"):
        issue(books, customer, "INV-00009")
    assert issue(books, customer).number == "INV-00010"
