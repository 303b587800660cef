"""A controller's morning with the keyboard alone: nothing is clicked or given the focus."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from paidup.correspondence.operations import establish_templates
from paidup.customers.models import ContactLink, Customer
from paidup.customers.queries import merged_into
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from tests.support.books import Books, found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in

pytestmark = pytest.mark.usefixtures("committed")


def test_a_customer_from_its_misspelt_name_to_its_merged_duplicate(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    _colleague(books, "Casey Quill")
    with tenant(books.id):
        establish_templates(organization=books.organization, by=books.by, at=books.at)
    customer = books.customer("Initrode Partners", email="ann@initrode.example")
    duplicate = books.customer("Initrode Incorporated")
    books.customer("Globex", email="ben@globex.example")
    books.invoice(customer, "500.00")
    books.invoice(duplicate, "80.00")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{sign_in(page, site, books)}customers/")

    _find(page, "initrod partnres", "Initrode Partners")
    _change_owner(page)
    _add_a_contact(page)
    _give_a_credit(page)
    _copy_the_balance_link(page)
    _send_the_balance_link(page)
    _correct_the_terms(page)
    _merge(page, "incorp", "Initrode Incorporated")

    expect(
        page.get_by_text("Initrode Incorporated and Initrode Partners are one customer now")
    ).to_be_visible()
    with tenant(books.id):
        customer = Customer.objects.select_related("billing_owner").get(id=customer.id)
        people = set(
            ContactLink.objects.filter(customer=customer).values_list("contact__name", flat=True)
        )
        assert merged_into(duplicate.id) == customer.id
    assert customer.billing_owner.name == "Casey Quill"
    assert people == {"Ann", "Dana Webb"}
    assert (customer.open_amount, customer.terms_days) == (Decimal(530), 14)


def _find(page: Page, misspelt: str, name: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(misspelt)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def _change_owner(page: Page) -> None:
    _choose(page, "Change Owner")
    expect(page.get_by_role("combobox", name="Billing Owner")).to_be_focused()
    page.keyboard.type("Casey")
    _press_button(page, "Save")
    expect(page.get_by_text("Casey Quill is the billing owner now.")).to_be_visible()


def _add_a_contact(page: Page) -> None:
    page.keyboard.press("b")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Dana Webb")
    page.keyboard.press("Tab")
    page.keyboard.type("dana@initrode.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("Dana Webb").first).to_be_visible()


def _give_a_credit(page: Page) -> None:
    _choose(page, "Add Credit")
    expect(page.get_by_label("Amount")).to_be_focused()
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.type("Damaged in transit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".figures")).to_contain_text("450.00")


def _copy_the_balance_link(page: Page) -> None:
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert "/pay/" in page.evaluate("navigator.clipboard.readText()")


def _send_the_balance_link(page: Page) -> None:
    _press_button(page, "Send", backward=True)
    expect(page.get_by_label("Subject")).to_have_value(
        "Your account with {{ organization.name }}: {{ balance.open }} open"
    )
    page.wait_for_load_state("networkidle")
    expect(page.locator("#compose-mail :focus")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_text("leaves in a moment")).to_be_visible()


def _correct_the_terms(page: Page) -> None:
    """In place: left once by Esc, then kept by Enter."""
    terms = page.get_by_role("spinbutton", name="Payment terms in days")
    for change in ("99", "14"):
        _press_button(page, "Edit: Terms")
        expect(terms).to_be_focused()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(change)
        page.keyboard.press("Escape" if change == "99" else "Enter")
        expect(terms).to_be_hidden()
    expect(page.locator(".facts").first).to_contain_text("14 days")


def _merge(page: Page, searched: str, name: str) -> None:
    _choose(page, "Merge")
    expect(page.get_by_role("heading", name="Merge into Initrode Partners")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(searched)
    expect(page.get_by_role("link", name=name)).to_be_visible()
    _press_button(page, name)
    expect(page.get_by_role("heading", name="What moves")).to_be_visible()
    _press_button(page, f"Type {name} to confirm", press="")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")


def _choose(page: Page, entry: str) -> None:
    """An entry of the Actions menu, by its first letter."""
    page.keyboard.press(".")
    expect(page.locator("#actions")).to_be_visible()
    for _press in range(10):
        page.keyboard.press(entry[0].lower())
        if page.evaluate("document.activeElement.textContent.trim()").startswith(entry):
            break
    page.keyboard.press("Enter")


def _press_button(page: Page, name: str, *, backward: bool = False, press: str = "Enter") -> None:
    """What has this name, reached by Tab."""
    for _step in range(120):
        page.keyboard.press("Shift+Tab" if backward else "Tab")
        if name == page.evaluate(_NAME):
            break
    else:
        pytest.fail(f"Tab does not lead to {name}")
    if press:
        page.keyboard.press(press)


_NAME = """(() => {
  const here = document.activeElement;
  const lead = here.querySelector?.(".strong");
  const label = here.ariaLabel ?? here.labels?.[0]?.innerText;
  return (label ?? lead?.innerText ?? here.innerText)?.trim();
})()"""


def _colleague(books: Books, name: str) -> None:
    user = User.objects.create_user("casey@acme.example", "pw", name=name, joined_at=books.at)
    with tenant(books.id):
        specialist = ready_role(books.organization, ReadyRole.AR_SPECIALIST)
        add_member(organization=books.organization, user=user, role=specialist)
