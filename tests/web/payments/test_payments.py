"""The payments list and a payment's page."""

from datetime import timedelta
from decimal import Decimal

import pytest

from paidup.customers.models import Customer
from paidup.invoicing.states import Hold
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Payment, Refund
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


def pay(books: Books, customer: Customer, amount: str, *, days_ago: int = 0) -> Payment:
    with tenant(books.id):
        return payments.record_payment(
            customer=customer,
            amount=Decimal(amount),
            currency="USD",
            kind=PaymentKind.WIRE,
            reference="FT-42",
            received_on=books.on - timedelta(days=days_ago),
            on=books.on,
            by=books.by,
            at=books.at,
        )


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/payments/{rest}"


def test_the_list_and_the_page(books: Books) -> None:
    customer = books.customer("Globex")
    books.invoice(customer, "80.00")
    payment = pay(books, customer, "100.00")
    client = signed_in(books)
    for asked in ("", "?kind=unapplied", "?q=FT-42", "?q=globex"):
        assert "Globex" in client.get(path(books, asked)).content.decode()
    assert "No payment matches" in client.get(path(books, "?kind=reversed")).content.decode()
    shown = client.get(path(books, f"{payment.id}/")).content.decode()
    assert "$20.00" in shown


def test_the_last_thirty_days_are_what_home_counts(books: Books) -> None:
    pay(books, books.customer("Globex"), "100.00", days_ago=29)
    pay(books, books.customer("Initech"), "30.00", days_ago=30)
    client = signed_in(books)
    home = client.get(f"/o/{books.organization.slug}/").content.decode()
    assert "$100.00" in home
    assert "?kind=lately" in home
    shown = client.get(path(books, "?kind=lately")).content.decode()
    assert "Globex" in shown
    assert "Initech" not in shown


def test_taking_money_off_an_invoice_and_putting_it_back(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "80.00")
    payment = pay(books, customer, "80.00")
    client = signed_in(books)
    with tenant(books.id):
        allocation = Allocation.objects.get()
    client.post(path(books, f"allocations/{allocation.id}/undoing/"))
    assert books.again(invoice).open_amount == Decimal(80)
    again = client.post(path(books, f"allocations/{allocation.id}/undoing/"), follow=True)
    assert "already" in again.content.decode()
    client.post(
        path(books, f"{payment.id}/allocation/"), {"invoice": str(invoice.id), "amount": "50"}
    )
    assert books.again(invoice).open_amount == Decimal(30)


def test_giving_money_back(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "80.00")
    payment = pay(books, customer, "80.00")
    client = signed_in(books)
    address = path(books, f"{payment.id}/refund/")
    asked = {"amount": "90", "invoices": "reopen", "reason": "Twice"}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "Only $80.00" in refused.content.decode()
    client.post(address, {**asked, "amount": "30"})
    again = books.again(invoice)
    assert (again.open_amount, again.hold) == (Decimal(30), Hold.REFUNDED)
    with tenant(books.id):
        assert Refund.objects.get().amount == Decimal(30)


def test_reversing(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "80.00")
    payment = pay(books, customer, "80.00")
    client = signed_in(books)
    client.post(path(books, f"{payment.id}/reversal/"), {"reason": "Bounced"})
    assert books.again(invoice).hold == Hold.REVERSED
    assert "Bounced" in client.get(path(books, f"{payment.id}/")).content.decode()


def test_who_may_not(books: Books) -> None:
    payment = pay(books, books.customer(), "80.00")
    address = path(books, f"{payment.id}/reversal/")
    assert onlooker(books).post(address, {"reason": "x"}).status_code == 403
    assert signed_in(found_books()).get(path(books, f"{payment.id}/")).status_code == 404
    with tenant(books.id):
        assert Payment.objects.get().reversed_on is None
