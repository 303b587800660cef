"""Staff let people into the customer portal, and see how far they are."""

import pytest
from django.test import Client
from django.utils.crypto import get_random_string

from paidup.communications.models import Message
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.portal_access import operations as portal_access
from tests.portal.guest import PASSWORD, token_for
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer(email="ann@globex.example")


@pytest.fixture
def ann(customer: Customer, books: Books) -> Contact:
    with tenant(books.id):
        return Contact.objects.get(email="ann@globex.example")


def record(books: Books, customer: Customer, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/customers/{customer.id}/{rest}"


def words(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_from_the_invitation_to_disabling(books: Books, customer: Customer, ann: Contact) -> None:
    client = signed_in(books)
    page = record(books, customer)
    assert "Send an Invitation" in words(client, page)
    assert "Enable Customer Portal" in words(client, page)
    form = words(client, record(books, customer, f"invitation/?contact={ann.id}"))
    assert "ann@globex.example" in form
    word = get_random_string(12)
    sent = {"contacts": str(ann.id), "subject": word, "body": "Dear {{ contact.name }}"}
    assert client.post(record(books, customer, "invitation/"), sent).status_code == 302
    with tenant(books.id):
        assert Message.objects.get(contact=ann).subject == word
    assert "Portal enabled, invited" in words(client, page)
    token = token_for(books, ann)
    with tenant(books.id):
        portal_access.accept(token=token, password=PASSWORD, at=books.at)
        link = ContactLink.objects.get(contact=ann)
    for path in (page, f"/o/{books.organization.slug}/contacts/{ann.id}/"):
        assert "Portal enabled, accepted" in words(client, path)
    again = client.post(record(books, customer, "invitation/"), sent)
    assert again.status_code == 422
    assert "accepted already" in again.content.decode()
    off = record(books, customer, f"contacts/{link.id}/portal/disabling/")
    assert client.post(off).status_code == 302
    assert "Portal disabled" in words(client, page)
    with tenant(books.id):
        assert Message.objects.count() == 1


def test_all_of_the_chosen_are_invited_or_none(
    books: Books, customer: Customer, ann: Contact
) -> None:
    bob = books.contact(customer, "bob@globex.example")
    with tenant(books.id):
        Contact.objects.filter(id=bob.id).update(bounced_at=books.at)
    path = record(books, customer, "invitation/")
    sent = {"contacts": [str(ann.id), str(bob.id)], "subject": "Come", "body": "in"}
    answer = signed_in(books).post(path, sent)
    assert answer.status_code == 422
    assert "correct the address first" in answer.content.decode()
    with tenant(books.id):
        assert not Message.objects.exists()
        assert not ContactLink.objects.filter(portal="enabled").exists()


def test_a_variable_that_is_not_known_is_named(
    books: Books, customer: Customer, ann: Contact
) -> None:
    path = record(books, customer, "invitation/")
    sent = {"contacts": str(ann.id), "subject": "Come", "body": "Dear {{ contact.nme }}"}
    answer = signed_in(books).post(path, sent)
    assert answer.status_code == 422
    assert "did you mean {{ contact.name }}?" in answer.content.decode()


def test_who_may_only_look_is_offered_nothing(books: Books, customer: Customer) -> None:
    client = onlooker(books)
    assert "Send an Invitation" not in words(client, record(books, customer))
    assert client.get(record(books, customer, "invitation/")).status_code == 403
