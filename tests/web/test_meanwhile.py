"""A change that meets another of the same customer: nothing of it stands, and a page says so."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from paidup.customers import operations as customers
from paidup.customers.models import Customer, Note
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.lifecycle.deletion import delete_customer
from paidup.lifecycle.operations import merge_customers
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.mark.parametrize("end", ["merge", "deletion"])
def test_a_note_to_a_customer_that_goes_meanwhile(
    monkeypatch: pytest.MonkeyPatch, books: Books, client: Client, end: str
) -> None:
    customer, other = books.customer("Globex"), books.customer("Initech")
    add_note = customers.add_note

    def end_it() -> None:
        with tenant(books.id):
            if end == "merge":
                merge_customers(source=customer, target=other, by=books.by, at=books.at)
            else:
                delete_customer(customer=customer, by=books.by, at=books.at)
        connections.close_all()

    def add_late(**asked: Any) -> Note:
        with ThreadPoolExecutor(1) as colleague:
            colleague.submit(end_it).result()
        return add_note(**asked)

    monkeypatch.setattr(customers, "add_note", add_late)
    path = f"/o/{books.organization.slug}/customers/{customer.id}/note/"
    answer = client.post(path, {"text": "Called: pays on Friday."})
    assert answer.status_code == 409
    assert "Nothing was changed now." in answer.content.decode()
    with tenant(books.id):
        assert not Note.objects.exists()
        assert not Customer.objects.filter(id=customer.id).exists()


def test_what_is_our_own_mistake_stays_one(
    monkeypatch: pytest.MonkeyPatch, books: Books, client: Client
) -> None:
    customer = books.customer("Globex")

    def fail(**_asked: Any) -> Note:
        raise RuntimeError

    monkeypatch.setattr(customers, "add_note", fail)
    with pytest.raises(RuntimeError):
        client.post(f"/o/{books.organization.slug}/customers/{customer.id}/note/", {"text": "Yes"})
