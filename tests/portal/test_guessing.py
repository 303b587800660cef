"""Whoever tries many passwords or addresses is slowed down; a foreign page sends nothing in."""

from types import SimpleNamespace

import pytest
from django.test import Client

from paidup.customers.models import Contact
from paidup.portal import limits
from paidup.ui import limits as counting
from tests.support.books import Books

from .guest import PASSWORD, Guest, accepted, invite


@pytest.fixture
def ann(books: Books) -> Contact:
    """The billing contact of a customer."""
    return books.contact(books.customer(), "Ann@globex.example")


@pytest.fixture
def _within_one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "time", SimpleNamespace(time=lambda: 0.0))


@pytest.mark.usefixtures("_within_one_window")
def test_guessing_is_slowed_down_whether_or_not_the_address_is_known(
    books: Books, ann: Contact
) -> None:
    accepted(books, ann)
    for address in (ann.email, "nobody@nowhere.example"):
        answers = [Guest(books).sign_in(address, "wrong").status_code for _ in range(9)]
        assert answers == [422] * 8 + [429]
        assert Guest(books).sign_in(address).status_code == 429
    requests = [
        Guest(books).client.post("/access-request/", {"address": ann.email}).status_code
        for _ in range(5)
    ]
    assert requests == [200] * 4 + [429]


@pytest.mark.usefixtures("_within_one_window")
def test_many_addresses_from_one_place_are_slowed_down_too(books: Books) -> None:
    for _time in range(limits.SIGN_INS_OF_ADDRESS.times):
        limits.SIGN_INS_OF_ADDRESS.is_over("127.0.0.1")
    assert Guest(books).sign_in("new@nowhere.example").status_code == 429


def test_forms_are_taken_from_our_own_pages_alone(books: Books, ann: Contact) -> None:
    host = {"host": f"{books.organization.slug}.localhost:8000"}
    client = Client(enforce_csrf_checks=True, headers=host)
    token = invite(books, ann)
    for path in ("/sign-in/", "/access-request/", "/sign-out/", f"/invitation/{token}/"):
        assert client.post(path, {"address": ann.email, "password": PASSWORD}).status_code == 403
