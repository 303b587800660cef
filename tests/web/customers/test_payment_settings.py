"""Payment Settings: one page for what a customer may pay with and how it is charged."""

from html import unescape

import pytest
from django.test import Client

from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.support.templates import add_template, edit
from tests.web.staff import onlooker, signed_in

from .people import record_path

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def test_it_says_what_is_offered_and_why(books: Books, client: Client) -> None:
    customer = books.customer()
    books.method(customer)
    template = add_template(books, "By bank", "wire", "bank_debit")
    record = record_path(books, customer)
    assert f'href="{record}payment-settings/"' in client.get(record).text
    answer = client.post(f"{record}details/payment_kinds/", {"payment_kinds": ["wire", "card"]})
    assert "Card, Wire" in answer.text
    refused = client.post(f"{record}details/payment_kinds/", {"payment_kinds": ["cash"]})
    assert refused.status_code == 422
    answer = client.post(f"{record}details/invoice_template/", {"invoice_template": template.id})
    assert "By bank" in answer.text
    page = " ".join(unescape(client.get(f"{record}payment-settings/").text).split())
    assert "takes: Card, Bank debit, Check, Wire." in page
    assert "“By bank” lets through: Bank debit, Wire." in page
    assert "Offered for its next invoices: Wire." in page
    assert "Visa •••• 4242" in page
    assert "Card is not offered for its next invoices: they aren't charged to it" in page
    assert "Disable Auto Payments" in page
    told = client.get(f"{record}?tab=timeline").text
    assert "Preferred payment methods" in told
    assert "Card, Wire" in told
    with tenant(books.id):
        event = Event.objects.filter(kind="customer.edited").latest("id")
        assert event.data == {"changes": {"invoice_template": [None, "By bank"]}}


def test_what_is_changed_on_the_page_is_followed_by_all_of_it(books: Books, client: Client) -> None:
    record = record_path(books, books.customer())
    for here, reloads in ((f"{record}payment-settings/", True), (record, False)):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{here}"}
        sent = {"payment_kinds": ["wire"]}
        answer = client.post(f"{record}details/payment_kinds/", sent, headers=headers)
        assert ("HX-Refresh" in answer.headers) is reloads


def test_what_would_leave_it_nothing_is_refused_where_it_stands(
    books: Books, client: Client
) -> None:
    customer = books.customer()
    edit(books, customer, invoice_template=add_template(books, "By bank", "wire"))
    path = f"{record_path(books, customer)}details/payment_kinds/"
    refused = client.post(path, {"payment_kinds": ["card"]})
    assert refused.status_code == 422
    assert "It would be left with nothing to pay with" in refused.text
    with tenant(books.id):
        assert Customer.objects.get(id=customer.id).payment_kinds == []


def test_an_invoice_may_have_another_template_than_its_customer(
    books: Books, client: Client
) -> None:
    customer = books.customer()
    path = f"{record_path(books, customer)}invoice/"
    assert "Invoice template" not in client.get(path).text
    template = add_template(books, "By bank", "wire")
    assert "Invoice template" in client.get(path).text
    sent = {
        "issued_on": books.on.isoformat(),
        "template": template.id,
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Services",
        "lines-0-quantity": "1",
        "lines-0-unit_price": "10",
        "lines-0-tax_rate": "0",
    }
    assert client.post(path, sent).status_code == 302
    with tenant(books.id):
        assert Invoice.objects.get().template == template


def test_who_may_only_look_changes_nothing(books: Books) -> None:
    customer = books.customer()
    page = onlooker(books).get(f"{record_path(books, customer)}payment-settings/")
    assert page.status_code == 200
    assert "Disable Auto Payments" not in page.text
    assert 'aria-label="Edit' not in page.text
