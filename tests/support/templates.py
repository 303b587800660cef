"""Invoice templates and preferred payment methods, set by a test over its books."""

from typing import Any

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.operations import TemplateDetails
from paidup.lib.tenancy import tenant
from paidup.organizations.models import InvoiceTemplate
from tests.support.books import Books


def add_template(books: Books, name: str, *kinds: str, **words: str) -> InvoiceTemplate:
    """A template that lets these kinds through."""
    with tenant(books.id):
        return customers.add_invoice_template(
            details=TemplateDetails(name=name, payment_kinds=kinds, **words),
            by=books.by,
            at=books.at,
        )


def edit(books: Books, customer: Customer, **details: Any) -> None:
    """Changes the customer's share of it."""
    with tenant(books.id):
        customers.edit_customer(customer=customer, by=books.by, at=books.at, **details)


def take(books: Books, *kinds: str) -> None:
    """The organization takes these alone."""
    with tenant(books.id):
        customers.set_payment_kinds(kinds=kinds, by=books.by, at=books.at)
