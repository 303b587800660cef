"""The page of a statement: looked at, saved, sent, and then among the transactions."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from paidup.communications.models import Message
from paidup.customers.models import ContactLink
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.statements.models import Statement
from tests.documents.cast import words
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

from .people import record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def test_a_statement_is_looked_at_sent_and_kept(books: Books, client: Client) -> None:
    customer = books.customer(email="ann@globex.example")
    bob = books.contact(customer, "bob@globex.example")
    with tenant(books.id):
        ContactLink.objects.filter(contact=bob).update(gets_statements=False)
        ann = ContactLink.objects.exclude(contact=bob).get()
    books.invoice(customer, "120.00", due_in=-3)
    path = record_path(books, customer)
    query = urlencode({"kind": "balance_forward", "currency": "USD", "to_on": books.on})
    page = shown(client, f"{path}statement/?{query}")
    assert "Balance forward" in page
    assert "$120.00" in page
    chosen = re.findall(r'value="([^"]+)"[^>]*checked', page)
    assert chosen == [str(ann.id)]
    saved = client.get(f"{path}statement.pdf?{query}")
    assert saved["Content-Disposition"].startswith("attachment")
    assert "$120.00 open" in words(saved.content)
    letter = {"to": [ann.id], "subject": "Your statement", "text": "Here it is."}
    answer = client.post(f"{path}statements/?{query}", letter)
    assert answer.status_code == 302
    with tenant(books.id):
        statement = Statement.objects.get()
        assert Message.objects.get().to_address == "ann@globex.example"
    listed = shown(client, answer["Location"])
    assert f"statements/{statement.id}.pdf" in listed
    kept = client.get(f"{path}statements/{statement.id}.pdf")
    assert kept.content == bytes(statement.pdf)


def test_what_cannot_be_is_said(books: Books, client: Client) -> None:
    customer = books.customer(email="ann@globex.example")
    path = record_path(books, customer)
    answer = client.get(f"{path}statement/?kind=balance_forward&from_on=2020-02-01&to_on=2020-1-1")
    assert answer.status_code == 422
    assert "ends before it begins" in answer.text
    answer = client.post(f"{path}statements/", {"subject": "S", "text": "T"})
    assert answer.status_code == 422
    assert "Choose at least one contact." in answer.text


def test_who_may_only_look_sends_nothing(books: Books) -> None:
    customer = books.customer(email="ann@globex.example")
    page = shown(onlooker(books), f"{record_path(books, customer)}statement/")
    assert "Download PDF" in page
    assert "Send statement" not in page
