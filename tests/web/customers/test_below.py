"""A row of the customers list expands to the customer's invoices."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations
from tests.web.customers.people import customers_path, shown
from tests.web.staff import signed_in


@pytest.mark.usefixtures("db")
def test_it_shows_the_invoices_that_the_list_asks_for() -> None:
    books = found_books(at=clock.now())
    client, customer = signed_in(books), books.customer("Globex")
    late, new = books.invoice(customer, due_in=-40), books.invoice(customer, due_in=5)
    below = customers_path(books, f"{customer.id}/invoices/")
    everything = shown(client, below)
    assert everything.index(late.number) < everything.index(new.number)
    aged = shown(client, below, aging="days_31_60")
    assert late.number in aged
    assert new.number not in aged
    assert "No open invoice is like that." in shown(client, below, aging="over_90")


@pytest.mark.usefixtures("db")
def test_of_who_owes_nothing_it_shows_the_latest() -> None:
    books = found_books(at=clock.now())
    client, customer = signed_in(books), books.customer("Globex")
    invoice = books.invoice(customer, "10.00")
    with tenant(books.id):
        payments.record_payment(
            customer=customer,
            amount=Decimal("10.00"),
            currency="USD",
            kind=PaymentKind.WIRE,
            reference="",
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    below = shown(client, customers_path(books, f"{customer.id}/invoices/"))
    assert invoice.number in below
    assert "Paid" in below


@pytest.mark.browser
@pytest.mark.usefixtures("committed")
def test_it_opens_and_closes_by_key_and_by_mouse(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    first, second = books.customer("Anna"), books.customer("Berta")
    invoice, other = books.invoice(first, due_in=-3), books.invoice(second, due_in=-3)
    page.goto(f"{sign_in(page, site, books)}customers/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_role("link", name=invoice.number)).to_be_visible()
    page.get_by_role("button", name="Invoices: Berta").click()
    expect(page.get_by_role("link", name=other.number)).to_be_visible()
    assert violations(page) == []
    # The keyboard walks on over what is open.
    page.get_by_role("link", name="Anna").focus()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Berta")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(page.get_by_role("link", name=invoice.number)).to_have_count(0)
    expect(page.get_by_role("link", name=other.number)).to_be_visible()
