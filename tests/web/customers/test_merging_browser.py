"""Merging in a browser, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from paidup.lib import clock
from tests.support.books import found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

pytestmark = pytest.mark.usefixtures("committed")


def test_a_duplicate_is_merged_with_the_keyboard_alone(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    target = books.customer("Globex", email="ann@globex.example")
    source = books.customer("Globex Incorporated", email="ben@globex.example")
    books.invoice(source, "120.00", due_in=-5)
    books.invoice(source, "70.00", currency="EUR")
    books.invoice(target, "1230.00")
    home = sign_in(page, site, books)
    page.goto(f"{home}customers/{target.id}/")
    page.keyboard.press(".")
    page.get_by_role("link", name="Merge").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge into Globex")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("/")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("incorp")
    offer = page.get_by_role("link", name="Globex Incorporated")
    expect(offer).to_be_visible()
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What moves")).to_be_visible()
    assert violations(page) == []
    button = page.get_by_role("button", name="Merge into Globex")
    expect(button).to_be_disabled()
    page.get_by_label("Type Globex Incorporated to confirm").focus()
    page.keyboard.type("Globex Incorporated")
    expect(button).to_be_enabled()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{target.id}/")
    expect(page.get_by_text("Globex Incorporated and Globex are one customer now.")).to_be_visible()
    page.goto(f"{home}customers/{source.id}/")
    page.wait_for_url(f"**/customers/{target.id}/")
