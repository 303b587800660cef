"""Billing contacts without a mouse, in a real browser, and what axe says of their pages."""

import pytest
from playwright.sync_api import Page, expect

from paidup.customers.models import Contact, ContactLink
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]


@pytest.fixture
def books() -> Books:
    """Two customers with the same person under two addresses, and another one."""
    made = found_books(at=clock.now(), name="Acme")
    for name, email in (
        ("Globex", "ann@globex.example"),
        ("Initech", "ann@initech.example"),
        ("Hooli", "zoe@hooli.example"),
    ):
        made.contact(made.customer(name), email)
    return made


def test_two_are_selected_and_merged_with_the_keyboard(
    books: Books, page: Page, site: Site
) -> None:
    heard: list[str] = []
    page.on("console", lambda told: heard.append(told.text) if told.type == "error" else None)
    page.goto(f"{sign_in(page, site, books)}contacts/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#batch")).to_contain_text("2 selected")
    page.keyboard.press("m")
    expect(page.get_by_text("Linked to 2 customers.")).to_be_visible()
    stays = page.get_by_text("stays the e-mail address")
    expect(stays).to_contain_text("ann@globex.example")
    page.get_by_role("radio", name="Keep Ann").first.focus()
    page.keyboard.press("ArrowDown")
    expect(stays).to_contain_text("ann@initech.example")
    expect(page.get_by_role("radio", name="Keep Ann").last).to_be_focused()
    page.get_by_role("button", name="Merge Contacts").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The contacts are merged.")).to_be_visible()
    expect(page.locator(".record .row-link")).to_have_text(["Globex", "Initech"])
    with tenant(books.id):
        assert Contact.objects.standing().count() == 2
    assert heard == []


def test_who_may_be_the_same_is_looked_for_and_chosen(books: Books, page: Page, site: Site) -> None:
    page.goto(f"{sign_in(page, site, books)}contacts/")
    page.get_by_role("button", name="Actions: Ann").first.click()
    page.locator("#row-menu").get_by_role("link", name="Merge Contacts").click()
    expect(page.get_by_text("Choose at least two contacts to merge.")).to_be_visible()
    expect(page.get_by_role("group", name="May be the same person")).to_contain_text("Ann")
    page.keyboard.press("/")
    page.keyboard.type("zoe")
    found = page.get_by_role("group", name="Found").get_by_role("checkbox")
    expect(found).to_have_count(1)
    found.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Ann stays")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Ann stays")).to_be_visible()


def test_one_is_added_and_linked_to_another_customer(books: Books, page: Page, site: Site) -> None:
    page.goto(f"{sign_in(page, site, books)}contacts/")
    page.keyboard.press("n")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Customer").fill("globex")
    dialog.get_by_label("Name", exact=False).last.fill("Bea Lee")
    dialog.get_by_label("E-mail").fill("bea@globex.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The contact is added.")).to_be_visible()
    expect(page.get_by_role("heading", name="Bea Lee")).to_be_visible()
    page.keyboard.press("n")
    dialog.get_by_label("Customer").fill("Nobody")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("neither the account number nor the name")).to_be_visible()
    dialog.get_by_label("Customer").fill("Initech")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bea Lee is a contact of Initech now.")).to_be_visible()
    with tenant(books.id):
        assert ContactLink.objects.filter(contact__name="Bea Lee").count() == 2


def test_axe_finds_nothing(books: Books, page: Page, site: Site) -> None:
    home = sign_in(page, site, books)
    with tenant(books.id):
        ids = [str(one.id) for one in Contact.objects.order_by("id")]
        Contact.objects.filter(id=ids[1]).update(reminders_refused_at=books.at, bounced_at=books.at)
    both = f"contact={ids[0]}&contact={ids[1]}"
    for rest in (f"{ids[1]}/", f"merging/?{both}&keep={ids[1]}"):
        page.goto(f"{home}contacts/{rest}")
        assert violations(page) == [], rest
