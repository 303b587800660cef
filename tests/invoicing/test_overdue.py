"""What is overdue of a customer, kept to sort by."""

from datetime import timedelta
from decimal import Decimal

import pytest

from paidup.customers.models import Customer
from paidup.invoicing.operations import count_overdue
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


def overdue(books: Books, customer: Customer) -> Decimal:
    with tenant(books.id):
        return Decimal(Customer.objects.get(id=customer.id).overdue_units) / 10000


def counted(books: Books, *, days: int) -> int:
    """How many customers the counting of a later day changes."""
    later = books.at + timedelta(days=days)
    return count_overdue(organization_id=books.id, at=later, some=1)


def test_it_is_what_is_open_past_its_due_day_in_the_customers_currency(books: Books) -> None:
    customer = books.customer()
    books.invoice(customer, "70.25", due_in=-1)
    books.invoice(customer, "30.00", due_in=0)
    books.invoice(customer, "50.00", due_in=-9, currency="EUR")
    assert overdue(books, customer) == Decimal("70.25")
    with tenant(books.id):
        payments.record_payment(
            customer=customer,
            amount=Decimal(20),
            currency="USD",
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert overdue(books, customer) == Decimal("50.25")


def test_a_day_makes_more_of_it(books: Books) -> None:
    one, other, settled = books.customer("One"), books.customer("Other"), books.customer("Settled")
    books.invoice(one, "30.00", due_in=0)
    books.invoice(one, "5.00", due_in=1)
    books.invoice(other, "40.00", due_in=0)
    assert counted(books, days=0) == 0
    assert counted(books, days=1) == 2
    assert [overdue(books, each) for each in (one, other, settled)] == [30, 40, 0]
    assert counted(books, days=1) == 0
    assert counted(books, days=2) == 1
    assert overdue(books, one) == 35


def test_a_merge_adds_it_up(books: Books) -> None:
    one, other = books.customer("One"), books.customer("Other")
    books.invoice(one, "30.00", due_in=-1)
    books.invoice(other, "40.00", due_in=-1)
    with tenant(books.id):
        merge_customers(source=one, target=other, by=books.by, at=books.at)
    assert overdue(books, other) == 70
