"""The whole doorway in a real browser: invited on the record, accepted by mail, paid, seen."""

import re

import pytest
from playwright.sync_api import Page, expect

from paidup.lib import clock
from tests.support import processes
from tests.support.books import Books, found_books
from tests.support.mail import MailServer
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

from .guest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> Books:
    """Of today, as the processes are."""
    monkeypatch.delenv("PAIDUP_NOW")
    return found_books(at=clock.now(), name="Acme")


def test_from_the_invitation_to_the_payment(
    books: Books, page: Page, site: Site, mail: MailServer
) -> None:
    customer = books.customer()
    address = f"ann@{books.organization.slug}.example"
    books.contact(customer, address)
    bill = books.invoice(customer, "1234.50")
    home = sign_in(page, site, books)

    page.goto(f"{home}customers/{customer.id}/")
    page.get_by_role("button", name="Actions menu").click()
    page.get_by_role("link", name="Send an Invitation").click()
    page.get_by_label("Subject").fill("Your invoices online")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(re.compile("Portal enabled, invited"))).to_be_visible()

    with processes.worker(**mail.environment):
        [invitation] = mail.wait(address)
    assert invitation["Subject"] == "Your invoices online"
    body = invitation.get_body(("plain",))
    assert body
    link = re.search(r"http\S+/invitation/(\S+)", body.get_content())
    assert link
    guest = page.context.new_page()
    host = site.portal(books.organization.slug)
    guest.goto(f"{host}/invitation/{link[1]}")
    expect(guest.get_by_role("heading", name="Welcome")).to_be_visible()
    assert violations(guest) == []
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Accept the invitation").click()
    expect(guest.get_by_role("heading", name="Invoices")).to_be_visible()
    assert violations(guest) == []

    guest.get_by_role("link", name=re.compile(f"^{bill.number}")).click()
    assert violations(guest) == []
    guest.get_by_role("button", name="Pay $1,234.50").click()
    expect(guest.get_by_label("Amount to pay")).to_have_value(re.compile("1,?234.50"))
    guest.get_by_role("button", name="Pay $1,234.50").click()
    expect(guest.get_by_role("heading", name="Thank you")).to_be_visible()
    guest.get_by_role("link", name="My invoices").click()
    expect(guest.get_by_text("Nothing is open. Thank you!")).to_be_visible()
    guest.get_by_role("link", name="Payments").click()
    expect(guest.get_by_text(bill.number)).to_be_visible()
    assert violations(guest) == []
    share_a_file(guest)
    guest.get_by_role("button", name="Sign out").click()
    for way in ("", "Forgotten password?", "Request Access"):
        guest.goto(f"{host}/")
        if way:
            guest.get_by_role("link", name=way).click()
        assert violations(guest) == []

    page.goto(f"{home}customers/{customer.id}/")
    expect(page.get_by_text(re.compile("Portal enabled, accepted"))).to_be_visible()
    expect(page.locator(".figure", has_text="Last Payment")).to_contain_text("$1,234.50")


def share_a_file(guest: Page) -> None:
    """By way of the statements."""
    guest.get_by_role("link", name="Statements").click()
    expect(guest.get_by_text("Nothing is open")).to_be_visible()
    assert violations(guest) == []
    guest.get_by_role("link", name="Files").click()
    guest.get_by_label("Files", exact=True).set_input_files(
        {"name": "terms.txt", "mimeType": "text/plain", "buffer": b"as agreed"}
    )
    guest.get_by_role("button", name="Share with Acme").click()
    expect(guest.get_by_role("link", name=re.compile("terms.txt .* Shared by you"))).to_be_visible()
    assert violations(guest) == []
