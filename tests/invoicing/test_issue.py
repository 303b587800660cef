"""Issuing invoices: their numbers, and what their templates say."""

from decimal import Decimal

import pytest
from django.db import DatabaseError

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.operations import TemplateDetails
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import InvoiceRefused, Line
from paidup.invoicing.pdf import invoice_pdf
from paidup.lib.tenancy import tenant
from paidup.organizations.models import InvoiceTemplate
from tests.documents.cast import links, words
from tests.support.books import Books, found_books
from tests.support.templates import add_template, edit

pytestmark = pytest.mark.usefixtures("committed")


def issue(
    books: Books,
    customer: Customer,
    number: str = "",
    template: InvoiceTemplate | None = None,
) -> Invoice:
    with tenant(books.id):
        return invoicing.issue_invoice(
            customer=customer,
            lines=[Line(description="Services", unit_price=Decimal(10))],
            issued_on=books.on,
            number=number,
            template=template,
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


def test_an_invoice_keeps_its_template_and_the_words_it_was_issued_with() -> None:
    books = found_books()
    customer = books.customer()
    template = add_template(books, "Wire", "wire", heading="Thank you.", footer="IBAN 123")
    edit(books, customer, invoice_template=template)
    before = issue(books, customer)
    with tenant(books.id):
        printed = invoice_pdf(before, payment_link="https://acme.example/pay/x/")
        said = words(printed)
        assert said.index("Thank you.") < said.index("Services") < said.index("IBAN 123")
        customers.edit_invoice_template(
            template=template,
            details=TemplateDetails(name="Wire", payment_kinds=["wire"], footer="IBAN 999"),
            by=books.by,
            at=books.at,
        )
        customers.edit_customer(customer=customer, invoice_template=None, by=books.by, at=books.at)
        again = Invoice.objects.get(id=before.id)
        assert invoice_pdf(again, payment_link="https://acme.example/pay/x/") == printed
        assert links(printed) == [], "it is not paid online"
    with pytest.raises(DatabaseError, match="keeps the template"), tenant(books.id):
        Invoice.objects.filter(id=before.id).update(footer="IBAN 999")
    after = issue(books, customer)
    assert (after.template_id != template.id, after.footer) == (True, "")


def test_a_template_that_leaves_the_customer_nothing_is_not_chosen() -> None:
    books = found_books()
    customer = books.customer()
    edit(books, customer, payment_kinds=["card"])
    template = add_template(books, "Wire", "wire")
    with pytest.raises(InvoiceRefused, match="nothing that “Wire” lets through"):
        issue(books, customer, template=template)
