"""Billing contacts: their list, one of them, and changing them."""

import pytest
from django.test import Client

from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink
from paidup.invoicing.operations import record_promise
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import names, queries, record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def contacts_path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/contacts/{rest}"


def test_the_list_and_its_search(books: Books, client: Client) -> None:
    for customer, email in (("Globex", "zoë@globex.example"), ("Initech", "bill@initech.example")):
        books.contact(books.customer(customer), email)
    path = contacts_path(books)
    page = shown(client, path)
    assert names(page) == ["Bill", "Zoë"]
    assert "Globex" in page
    for wanted in ("zoe", "ZOË", "zoe@globex", "bil initech"):
        found = names(shown(client, path, q=wanted))
        assert found == (["Bill"] if wanted.startswith("bil") else ["Zoë"])
    assert "No contact matches" in shown(client, path, q="nobody at all")


def test_a_misspelt_name_is_found(books: Books, client: Client) -> None:
    books.contact(books.customer("Globex"), "christopher@globex.example")
    assert names(shown(client, contacts_path(books), q="cristopher")) == ["Christopher"]


def test_the_number_of_queries_does_not_grow(books: Books, client: Client) -> None:
    for number in range(12):
        books.contact(books.customer(f"Customer {number}"), f"a{number}@mail.example")
    assert queries(client, contacts_path(books)) <= 11
    assert queries(client, contacts_path(books), q="mail") <= 11


def test_one_person_at_two_customers(books: Books, client: Client) -> None:
    first, second = books.customer("Globex"), books.customer("Initech")
    contact = books.contact(first, "ann@globex.example")
    with tenant(books.id):
        customers.link_contact(
            customer=second, contact=contact, gets_reminders=False, by=books.by, at=books.at
        )
    invoice = books.invoice(second, "70.00")
    with tenant(books.id):
        customers.add_note(customer=second, text="Called back", by=books.by, at=books.at)
        record_promise(
            invoice=invoice,
            amount=invoice.total,
            promised_for=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    path = contacts_path(books, f"{contact.id}/")
    page = shown(client, path)
    for expected in ("Globex", "Initech", "$70.00", "Called back", "Promise to pay", "Ann"):
        assert expected in page
    assert f"Invoice {invoice.number}" not in page, "what nobody said, agreed or paid"
    assert f"Invoice {invoice.number}" in shown(client, path, show="all")
    narrowed = shown(client, path, show="changes")
    assert f"Invoice {invoice.number}" not in narrowed
    assert "Called back" not in narrowed


def test_adding_and_changing_one_at_a_customer(books: Books, client: Client) -> None:
    customer = books.customer("Globex")
    path = record_path(books, customer, "contacts/")
    typed = {"name": "Ann Lee", "email": "ann@globex.example", "language": "en", "role": "billing"}
    answer = client.post(path, typed | {"messages": ["gets_invoices", "gets_receipts"]})
    assert answer.status_code == 302
    with tenant(books.id):
        link = ContactLink.objects.get()
    assert (link.gets_invoices, link.gets_reminders) == (True, False)
    place = record_path(books, customer, f"contacts/{link.id}/")
    assert "Ann Lee" in shown(client, place)
    client.post(place, typed | {"name": "Ann Li", "role": "executive", "messages": []})
    with tenant(books.id):
        link.refresh_from_db()
        assert (link.role, link.gets_invoices) == ("executive", False)
        assert Contact.objects.get().name == "Ann Li"
    refused = client.post(path, {"language": "en", "role": "billing"})
    assert refused.status_code == 422
    assert "name or an e-mail address" in refused.content.decode()
    assert client.post(f"{place}removal/").status_code == 302
    with tenant(books.id):
        assert not ContactLink.objects.exists()


def test_changing_a_person_from_the_list(books: Books, client: Client) -> None:
    contact = books.contact(books.customer("Globex"), "ann@globex.example")
    path = contacts_path(books, f"{contact.id}/details/")
    answer = client.post(path, {"name": "Ann Li", "email": "li@globex.example", "language": "de"})
    assert answer.status_code == 302
    with tenant(books.id):
        contact.refresh_from_db()
    assert (contact.name, contact.email, contact.language) == ("Ann Li", "li@globex.example", "de")


def test_a_place_belongs_to_its_customer(books: Books, client: Client) -> None:
    books.contact(books.customer("Globex"), "ann@globex.example")
    other = books.customer("Initech")
    with tenant(books.id):
        link = ContactLink.objects.get()
    assert client.get(record_path(books, other, f"contacts/{link.id}/")).status_code == 404
