"""axe finds nothing on any page that a link opens, however wide the window and whatever the theme.

axe brings styles of its own, of which the page's policy complains; so these tests stand apart from
those that listen for complaints.
"""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.portal.payer import Payer
from tests.support.books import Books
from tests.support.processes import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def host(site: Site, books: Books) -> str:
    """The organization's own host."""
    return site.portal(books.organization.slug)


def test_axe_finds_nothing(books: Books, payer: Payer, page: Page, host: str) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, due_in=-3)
    books.invoice(customer, "70.00", currency="EUR")
    invoice_page = host + payer.invoice_link(invoice)
    for address in (invoice_page, host + payer.balance_link(customer), f"{host}/pay/nowhere/"):
        page.goto(address)
        assert violations(page) == []
    page.goto(invoice_page)
    page.get_by_label("Save this method").check()
    assert violations(page) == []
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Pay $100.00").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert violations(page) == []
    page.goto(host + payer.method_link(customer))
    assert violations(page) == []
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Save and allow").click()
    expect(page.get_by_role("heading", name="Your payment method is saved")).to_be_visible()
    assert violations(page) == []


def violations(page: Page) -> list[tuple[int, str, list[str]]]:
    """What axe finds on a phone and on a large screen, in the frame too."""
    page.wait_for_load_state("networkidle")
    page.evaluate((settings.NODE / "axe-core" / "axe.min.js").read_text())
    found = []
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        violated = page.evaluate("axe.run().then(result => result.violations)")
        found += [(width, one["id"], [node["html"] for node in one["nodes"]]) for one in violated]
    return found
