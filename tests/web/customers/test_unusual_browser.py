"""A question before what is unusual, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments.models import Payment
from tests.support.books import Books, found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

pytestmark = pytest.mark.usefixtures("committed")

AT_FIRST = """
    document.addEventListener("htmx:after:swap", () => {
        window.waits = document.querySelector("[name=sure]")?.disabled;
    })
"""


def paid(books: Books) -> int:
    with tenant(books.id):
        return Payment.objects.count()


def test_a_second_press_is_no_answer(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    customer = books.customer("Globex")
    page.emulate_media(reduced_motion="reduce")
    home = sign_in(page, site, books)
    page.goto(f"{home}customers/{customer.id}/")
    page.keyboard.press(".")
    page.get_by_role("link", name="Take a payment").click()
    page.evaluate(AT_FIRST)
    page.get_by_label("Amount").fill("25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("$25.00 would stay unapplied")).to_be_visible()
    assert page.evaluate("window.waits"), "the second press of two would be the answer"
    go_on = page.get_by_role("button", name="Yes, go on")
    expect(go_on).to_be_enabled()
    expect(go_on).to_have_css("opacity", "1")
    assert violations(page) == []
    assert paid(books) == 0
    go_on.click()
    expect(page.get_by_text("The payment is recorded.")).to_be_visible()
    assert paid(books) == 1
