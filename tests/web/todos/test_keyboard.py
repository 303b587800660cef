"""The queue worked off without a mouse, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from paidup.cadences.operations import establish_default, run_day
from paidup.communications.models import Message
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]


@pytest.fixture
def books() -> Books:
    """Books with three reminders that wait for approval."""
    made = found_books(at=clock.now(), name="Acme")
    for name in ("Anna", "Berta", "Carla"):
        customer = made.customer(name, email=f"{name.lower()}@globex.example")
        made.invoice(customer, due_in=-8)
    with tenant(made.id):
        establish_default(organization=made.organization, by=made.by, at=made.at)
        run_day(organization=made.organization, on=made.on, by=made.by, at=made.at)
    return made


def approved(books: Books) -> int:
    """How many messages a person has let go."""
    with tenant(books.id):
        return Message.objects.exclude(approved_by=None).count()


def test_one_after_the_other_is_read_and_approved(books: Books, page: Page, site: Site) -> None:
    heard: list[str] = []
    page.on("console", lambda told: heard.append(told.text) if told.type == "error" else None)
    page.goto(f"{sign_in(page, site, books)}todos/")
    panel = page.locator("#panel")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(panel.get_by_text("anna@globex.example")).to_be_visible()
    mail = panel.frame_locator("iframe").get_by_role("paragraph")
    expect(mail.filter(has_text="Hello Anna,")).to_be_visible()
    page.keyboard.press("a")
    expect(panel.get_by_text("berta@globex.example")).to_be_visible()
    page.keyboard.press("j")
    expect(panel.get_by_text("carla@globex.example")).to_be_visible()
    page.keyboard.press("w")
    page.get_by_label("Reason").fill("Carla called.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The message is withdrawn.")).to_be_visible()
    expect(panel.get_by_text("berta@globex.example")).to_be_visible()
    assert approved(books) == 1
    assert heard == []


def test_all_are_approved_in_one_go(books: Books, page: Page, site: Site) -> None:
    page.goto(f"{sign_in(page, site, books)}todos/")
    page.get_by_role("link", name="Approve all (3)").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("3 messages leave now.")).to_be_visible()
    assert approved(books) == 3
