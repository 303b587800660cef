"""A credit's page: what it was given for, and putting the rest of it to an invoice."""

from decimal import Decimal

import pytest

from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Credit
from paidup.payments.states import CreditReason
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


def give(books: Books, customer: Customer) -> Credit:
    with tenant(books.id):
        return payments.grant_credit(
            customer=customer,
            amount=Decimal(50),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Broken pallets, paid by 4111 1111 1111 1111",
            leave_unapplied=True,
            on=books.on,
            by=books.by,
            at=books.at,
        )


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/payments/{rest}"


def test_what_was_left_unapplied_is_applied_and_taken_off_again(books: Books) -> None:
    customer = books.customer("Globex")
    invoice = books.invoice(customer, "80.00")
    credit = give(books, customer)
    client = signed_in(books)
    page = path(books, f"credits/{credit.id}/")
    record = client.get(f"/o/{books.organization.slug}/customers/{customer.id}/").content.decode()
    assert page in record
    shown = client.get(page).content.decode()
    assert "Broken pallets, paid by •••• 1111" in shown
    assert f"{page}allocation/" in shown

    too_much = client.post(f"{page}allocation/", {"invoice": str(invoice.id), "amount": "50.01"})
    assert too_much.status_code == 422
    client.post(f"{page}allocation/", {"invoice": str(invoice.id), "amount": "30.00"})
    assert books.again(invoice).open_amount == 50
    shown = client.get(page).content.decode()
    assert invoice.number in shown
    assert "$20.00" in shown
    with tenant(books.id):
        allocation = Allocation.objects.get(credit=credit)
    answer = client.post(path(books, f"allocations/{allocation.id}/undoing/"))
    assert answer["Location"] == page
    assert books.again(invoice).open_amount == 80
    with tenant(books.id):
        assert Credit.objects.get().unapplied_amount == 50


def test_who_may_only_look_applies_nothing(books: Books) -> None:
    customer = books.customer("Globex")
    books.invoice(customer, "80.00")
    credit = give(books, customer)
    client = onlooker(books)
    page = path(books, f"credits/{credit.id}/")
    assert "allocation/" not in client.get(page).content.decode()
    assert client.get(f"{page}allocation/").status_code == 403
