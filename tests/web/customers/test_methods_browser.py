"""A method is entered in the vendor's frame, then transferred, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from paidup.lib import clock
from tests.support.books import found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

pytestmark = pytest.mark.usefixtures("committed")


def test_a_method_is_entered_for_one_customer_and_given_to_another(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    source, target = books.customer("Globex"), books.customer("Globex West")
    home = sign_in(page, site, books)
    page.goto(f"{home}customers/{source.id}/")
    page.keyboard.press(".")
    page.locator("#actions").get_by_role("button", name="Payment method link").press("Enter")
    page.get_by_role("link", name="Enter details for the customer").press("Enter")
    expect(page.frame_locator("iframe").get_by_text("Visa ending 4242")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("On paper").press("Space")
    page.get_by_label("Given by").focus()
    page.keyboard.type("Ann Payer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Visa •••• 4242 is saved, and is the default now.")).to_be_visible()
    page.get_by_role("link", name="Methods", exact=True).press("Enter")
    expect(page.get_by_text("Ann Payer, On paper")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Transfer").press("Enter")
    page.get_by_role("link", name="Globex West").press("Enter")
    expect(page.get_by_role("heading", name="What happens")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Transfer").press("Enter")
    page.wait_for_url(f"**/customers/{target.id}/")
    expect(page.get_by_text("No authority to charge it automatically")).to_be_visible()
