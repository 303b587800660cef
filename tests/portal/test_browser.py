"""Paying in a real browser, through the vendor's frame, under the project's own policy."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Error, FrameLocator, Page, expect

from paidup.lib.tenancy import tenant
from paidup.payments.models import Payment, PaymentMethod
from tests.portal.payer import Payer
from tests.support.books import Books
from tests.support.processes import Site
from tests.support.templates import add_template, edit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("complaints")]


@pytest.fixture
def complaints(page: Page) -> Iterator[None]:
    """The browser must have nothing to complain of: no policy broken, no script failed."""
    heard: list[str] = []

    def hear(problem: Error) -> None:
        heard.append(str(problem))

    page.on("console", lambda told: heard.append(told.text) if told.type == "error" else None)
    page.on("pageerror", hear)
    yield
    assert heard == []


@pytest.fixture
def host(site: Site, books: Books) -> str:
    """The organization's own host."""
    return site.portal(books.organization.slug)


def fields(page: Page) -> FrameLocator:
    """The vendor's frame."""
    return page.frame_locator("iframe[title='Payment details']")


def test_an_invoice_is_paid(books: Books, payer: Payer, page: Page, host: str) -> None:
    path = payer.invoice_link(books.invoice(books.customer(), "1234.50"))
    page.goto(host + path)
    page.get_by_role("button", name="Pay $1,234.50").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(host + path)
    expect(page.get_by_text("This invoice is paid. Thank you!")).to_be_visible()


def test_the_button_and_the_frame_follow_the_amount(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    page.goto(host + payer.invoice_link(books.invoice(books.customer())))
    page.get_by_label("Amount to pay").fill("30")
    expect(fields(page).get_by_text("$30.00")).to_be_visible()
    page.get_by_role("button", name="Pay $30.00").click()
    expect(page.get_by_text("$70.00 is still open.")).to_be_visible()


def test_more_than_is_open_is_refused_before_anything_is_sent(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    page.goto(host + payer.invoice_link(books.invoice(books.customer())))
    amount = page.get_by_label("Amount to pay")
    amount.fill("100.01")
    page.get_by_role("button", name="Pay $100.01").click()
    assert amount.evaluate("field => field.validationMessage") == (
        "Pay at most $100.00, what is open."
    )
    expect(page).to_have_url(re.compile(r"/pay/[^/]+/$"))


def test_the_amount_follows_the_invoices_chosen(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    customer = books.customer()
    first, second = books.invoice(customer, "0.10"), books.invoice(customer, "1200.20")
    page.goto(host + payer.balance_link(customer))
    expect(page.get_by_role("button", name="Pay $1,200.30")).to_be_visible()
    page.get_by_role("checkbox", name=first.number).uncheck()
    expect(page.get_by_label("Amount to pay")).to_have_value("1,200.20")
    page.get_by_role("button", name="Pay $1,200.20").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert books.again(first).open_amount == Decimal("0.10")
    assert books.again(second).open_amount == 0


def test_declined_then_paid_by_another_method(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    page.goto(host + payer.invoice_link(books.invoice(books.customer())))
    fields(page).get_by_label("Visa ending 0341").check()
    page.get_by_role("button", name="Pay $100.00").click()
    expect(page.get_by_role("heading", name="The payment was declined")).to_be_visible()
    page.get_by_role("link", name="Try another method").click()
    fields(page).get_by_label("Mastercard ending 4444").check()
    page.get_by_role("button", name="Pay $100.00").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_the_permission_is_read_before_it_is_given(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    customer = books.customer("Globex")
    page.goto(host + payer.invoice_link(books.invoice(customer)))
    wording = page.get_by_text("I can end this at any time")
    expect(wording).to_be_hidden()
    page.get_by_label("Save this method and allow automatic payments").check()
    expect(wording).to_be_visible()
    page.get_by_label("Your name").fill("Ann Payer")
    page.get_by_role("button", name="Pay $100.00").click()
    expect(page.get_by_text("You have allowed automatic payments")).to_be_visible()
    with tenant(books.id):
        assert PaymentMethod.objects.get().customer_id == customer.id


def test_a_double_click_pays_once(books: Books, payer: Payer, page: Page, host: str) -> None:
    page.goto(host + payer.invoice_link(books.invoice(books.customer())))
    page.get_by_label("Amount to pay").fill("30")
    page.get_by_role("button", name="Pay $30.00").dblclick()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    with tenant(books.id):
        assert Payment.objects.get().amount == 30


def test_the_way_back_from_the_outcome_pays_nothing_again(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    page.goto(host + path)
    page.get_by_role("button", name="Pay $100.00").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("This invoice is paid. Thank you!")).to_be_visible()


def test_the_frame_takes_what_all_chosen_invoices_may_be_paid_with(
    books: Books, payer: Payer, page: Page, host: str
) -> None:
    customer = books.customer()
    for kinds in (("card", "bank_debit"), ("bank_debit",), ("card",)):
        template = add_template(books, " or ".join(kinds), *kinds)
        edit(books, customer, invoice_template=template)
        books.invoice(customer, "10.00")
    page.goto(host + payer.balance_link(customer))
    expect(fields(page).get_by_text("Bank debit ending 6789")).to_be_visible()
    expect(fields(page).get_by_text("Visa ending 4242")).to_be_hidden()
    boxes = page.locator("[name=invoices]")
    boxes.nth(2).check()
    page.get_by_role("button", name="Pay $30.00").click()
    assert page.get_by_label("Amount to pay").evaluate("field => field.validationMessage") == (
        "These invoices are paid in different ways. Pay them one after the other."
    )
    boxes.nth(1).uncheck()
    expect(fields(page).get_by_text("Visa ending 4242")).to_be_visible()
    page.get_by_role("button", name="Pay $20.00").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
