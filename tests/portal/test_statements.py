"""Statements in the portal: those that were sent, as they were, and what is open today."""

import re
from typing import Any

import pytest

from paidup.customers.models import Contact, Customer
from paidup.lib.tenancy import tenant
from paidup.statements.models import Statement
from paidup.statements.operations import send_statement
from paidup.statements.states import StatementKind
from tests.documents.cast import words as drawn
from tests.lifecycle.cast import credit, pay
from tests.support.books import Books

from .guest import Guest, accepted
from .payer import words


@pytest.fixture
def globex(books: Books) -> Customer:
    return books.customer("Globex")


@pytest.fixture
def ann(books: Books, globex: Customer) -> Contact:
    return books.contact(globex, "ann@globex.example")


@pytest.fixture
def guest(books: Books, ann: Contact) -> Guest:
    return accepted(books, ann)


def text(answer: Any) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", words(answer)).split())


def send(books: Books, customer: Customer, contact: Contact) -> Statement:
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        return send_statement(
            customer=customer,
            kind=StatementKind.OPEN_ITEM,
            currency="USD",
            from_on=None,
            to_on=books.on,
            contacts=[contact],
            subject="Your statement",
            text="Attached",
            **acts,
        )


def test_what_is_open_today_in_each_currency(books: Books, globex: Customer, guest: Guest) -> None:
    late = books.invoice(globex, "100.00", due_in=-4)
    books.invoice(globex, "70.00")
    euros = books.invoice(globex, "55.00", currency="EUR")
    other = books.invoice(books.customer("Umbrella"), "7777.00")
    path = f"/accounts/{globex.id}"
    page = text(guest.get(f"{path}/statements/"))
    assert "$170.00 $100.00 of it is overdue" in page
    assert "€55.00 Nothing of it is overdue" in page
    file = guest.get(f"{path}/open-items/USD.pdf")
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("attachment")
    said = drawn(file.content)
    assert late.number in said
    assert euros.number not in said
    assert euros.number in drawn(guest.get(f"{path}/open-items/EUR.pdf").content)
    assert guest.get(f"{path}/open-items/CHF.pdf").status_code == 404
    assert guest.get(f"/accounts/{other.customer_id}/open-items/USD.pdf").status_code == 404
    pay(books, globex, "170.00")
    credit(books, globex, "7.00")
    page = text(guest.get(f"{path}/statements/"))
    assert "\N{MINUS SIGN}$7.00 In your favor" in page


def test_what_was_sent_is_there_as_it_was_sent(
    books: Books, globex: Customer, ann: Contact, guest: Guest
) -> None:
    path = f"/accounts/{globex.id}/statements/"
    assert "No statement was sent to you yet" in words(guest.get(path))
    books.invoice(globex, "100.00")
    sent = send(books, globex, ann)
    pay(books, globex, "100.00")
    page = text(guest.get(path))
    assert "Sent to you Mar 2, 2026 $100.00 Open items" in page
    assert "$0.00 Nothing is open Open items, PDF" in page
    assert guest.get(f"{path}{sent.id}.pdf").content == bytes(sent.pdf)


def test_nothing_of_others_is_there(books: Books, globex: Customer, guest: Guest) -> None:
    umbrella = books.customer("Umbrella")
    books.invoice(umbrella, "7777.00")
    sent = send(books, umbrella, books.contact(umbrella, "eve@umbrella.example"))
    for account in (globex, umbrella):
        assert guest.get(f"/accounts/{account.id}/statements/{sent.id}.pdf").status_code == 404
    assert guest.get(f"/accounts/{umbrella.id}/statements/").status_code == 404
    assert "7,777" not in words(guest.get(f"/accounts/{globex.id}/statements/"))
