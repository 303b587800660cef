"""Invoice templates and the payment methods that are taken, set under Account."""

from html import unescape

import pytest
from django.test import Client

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import InvoiceTemplate, Organization
from paidup.organizations.queries import default_template
from tests.support.books import Books, found_books
from tests.support.templates import edit
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")
WORDS = {"name": "By bank", "heading": "Thank you", "footer": "IBAN 1", "payment_kinds": ["wire"]}


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def account(books: Books) -> str:
    return f"/o/{books.organization.slug}/account/"


def find(books: Books, name: str) -> InvoiceTemplate:
    with tenant(books.id):
        return InvoiceTemplate.objects.get(name=name)


def test_a_template_from_adding_to_removal(books: Books, client: Client) -> None:
    listed, templates = (
        f"{account(books)}?tab=invoice_templates",
        f"{account(books)}invoice-templates/",
    )
    assert "Standard" in client.get(listed).text
    assert client.post(f"{templates}new/", WORDS | {"payment_kinds": []}).status_code == 422
    assert client.post(f"{templates}new/", WORDS).status_code == 302
    added = find(books, "By bank")
    copy = unescape(client.get(f"{templates}new/?copy_of={added.id}").text)
    assert 'value="Copy of By bank"' in copy
    assert "IBAN 1" in copy
    assert client.post(f"{templates}{added.id}/", WORDS | {"name": "Bank"}).status_code == 302
    edit(books, books.customer(), invoice_template=added)
    asked = client.get(f"{templates}{added.id}/removal/").text
    assert "<strong>One</strong> customer has it" in asked
    assert client.post(f"{templates}{added.id}/default/").status_code == 302
    with tenant(books.id):
        assert default_template(books.id) == added
    refused = client.post(f"{templates}{added.id}/removal/")
    assert "Make another one the default first" in refused.text
    standard = find(books, "Standard")
    assert client.post(f"{templates}{standard.id}/removal/").status_code == 302
    assert "Standard" not in client.get(listed).text
    assert client.get(f"{templates}{standard.id}/").status_code == 404


def test_what_is_taken_leaves_nobody_with_nothing(books: Books, client: Client) -> None:
    edit(books, books.customer("Globex"), payment_kinds=["card"])
    path = f"{account(books)}payment-methods/"
    refused = client.post(path, {"kinds": ["wire"]})
    assert refused.status_code == 422
    assert "1 customer would be left with nothing to pay with: Globex" in refused.text
    assert client.post(path, {"kinds": ["card", "wire"]}).status_code == 302
    with tenant(books.id):
        assert Organization.objects.get(id=books.id).payment_kinds == ["card", "wire"]
    page = client.get(f"{account(books)}?tab=payments").text
    assert page.count("Not taken") == 2


def test_who_may_only_look_is_offered_no_change(books: Books) -> None:
    viewer = onlooker(books)
    assert "Add Template" not in viewer.get(f"{account(books)}?tab=invoice_templates").text
    for path in ("invoice-templates/new/", "payment-methods/"):
        assert viewer.get(f"{account(books)}{path}").status_code == 403
