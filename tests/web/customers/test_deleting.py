"""Deleting by the page: the owner's alone, with a preview and the name typed; what it leaves."""

import pytest
from django.test import Client

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.states import Role
from paidup.payments import links
from paidup.payments.models import Payment
from paidup.payments.operations import balance_link
from tests.lifecycle.cast import pay
from tests.support.books import Books, found_books
from tests.web.staff import member, onlooker, signed_in

from .people import customers_path, record_path, shown
from .test_merging import words

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    """One who has paid."""
    customer = books.customer("Globex Inc", email="ann@globex.example")
    books.invoice(customer, "120.00", due_in=-5)
    pay(books, customer, "120.00")
    return customer


def deletion(books: Books, customer: Customer) -> str:
    return record_path(books, customer, "deletion/")


def deleted(client: Client, books: Books, customer: Customer) -> None:
    answer = client.post(deletion(books, customer), {"typed": customer.name})
    assert answer.status_code == 302
    assert answer["Location"] == customers_path(books)


def stands(books: Books, customer: Customer) -> bool:
    with tenant(books.id):
        return Customer.objects.filter(id=customer.id).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_an_owner_may(books: Books, customer: Customer, role: Role) -> None:
    other = member(books, role)
    assert other.get(deletion(books, customer)).status_code == 403
    assert other.post(deletion(books, customer), {"typed": customer.name}).status_code == 403
    assert stands(books, customer)
    for page in (record_path(books, customer), customers_path(books, "?category=settled")):
        assert "deletion/" not in other.get(page).content.decode()


def test_the_menus_lead_there(client: Client, books: Books, customer: Customer) -> None:
    assert f'href="{deletion(books, customer)}"' in shown(client, record_path(books, customer))
    assert 'data-below="deletion/"' in shown(client, customers_path(books), category="settled")


def test_the_preview_counts(client: Client, books: Books, customer: Customer) -> None:
    books.customer("Globex West", parent=customer)
    page = words(shown(client, deletion(books, customer)))
    assert "Contacts 1" in page
    assert "E-mails 1" in page, "the receipt"
    assert "Invoices 1 Payments 1" in page
    assert "1 sub-account, which has no parent then" in page
    assert "Saved payment methods 0" not in page


def test_nothing_happens_until_the_name_is_typed(
    client: Client, books: Books, customer: Customer
) -> None:
    for typed in ("", "Globex", "globex inc"):
        answer = client.post(deletion(books, customer), {"typed": typed})
        assert answer.status_code == 422
        assert "Type Globex Inc, the name of the customer" in words(answer.content.decode())
    assert stands(books, customer)


def test_a_blocker_is_named_and_nothing_can_be_typed(
    client: Client, books: Books, customer: Customer
) -> None:
    books.invoice(customer, "33.00")
    page = shown(client, deletion(books, customer))
    assert "$33.00 is open" in page
    assert 'name="typed"' not in page
    answer = client.post(deletion(books, customer), {"typed": customer.name})
    assert answer.status_code == 422
    assert stands(books, customer)


def test_its_addresses_say_that_it_was_deleted_and_when(
    client: Client, books: Books, customer: Customer
) -> None:
    deleted(client, books, customer)
    looks = onlooker(books)
    for rest in ("", "?tab=timeline", "panel/"):
        answer = looks.get(record_path(books, customer) + rest)
        page = words(answer.content.decode())
        assert answer.status_code == 410
        assert "This customer was deleted" in page
        assert str(clock.now().year) in page
        assert "Globex" not in page
    assert client.post(record_path(books, customer, "note/"), {"text": "Late"}).status_code == 410
    assert client.post(deletion(books, customer), {"typed": customer.name}).status_code == 410
    stranger = signed_in(found_books(at=books.at))
    assert stranger.get(record_path(books, customer)).status_code == 404


def test_its_invoices_and_payments_stay_in_the_lists_without_a_name(
    client: Client, books: Books, customer: Customer
) -> None:
    with tenant(books.id):
        bill, payment = Invoice.objects.get(), Payment.objects.get()
    deleted(client, books, customer)
    base = f"/o/{books.organization.slug}"
    page = shown(client, f"{base}/invoices/", kind="all")
    assert f"{bill.number} Deleted customer" in words(page)
    assert str(bill.id) not in page
    page = shown(client, f"{base}/payments/")
    assert "Deleted customer" in words(page)
    assert str(payment.id) not in page
    for address in (
        f"{base}/invoices/{bill.id}/",
        f"{base}/invoices/{bill.id}/pdf/",
        f"{base}/payments/{payment.id}/",
    ):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "deleted with its customer" in answer.content.decode()
    assert "Globex" not in client.get(f"{base}/").content.decode()


def test_its_pay_link_leads_nowhere(client: Client, books: Books, customer: Customer) -> None:
    with tenant(books.id):
        url = links.url(balance_link(customer=customer, at=books.at), books.organization)
    path, host = url.split("://")[1].partition("/")[2], f"{books.organization.slug}.localhost"
    assert Client().get(f"/{path}", headers={"host": host}).status_code == 200
    deleted(client, books, customer)
    assert Client().get(f"/{path}", headers={"host": host}).status_code == 404
