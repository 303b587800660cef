"""The way in, and the first page."""

import pytest
from django.test import Client

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from tests.support.books import found_books
from tests.web.staff import client_of, signed_in

pytestmark = pytest.mark.usefixtures("db")


def test_the_entrance_leads_to_ones_organization_or_lets_one_choose() -> None:
    assert Client(SERVER_NAME="localhost").get("/").status_code == 302
    first, second = found_books(name="First"), found_books(name="Second")
    client = signed_in(first)
    assert client.get("/")["Location"] == f"/o/{first.organization.slug}/"
    with tenant(first.id):
        user = first.owner.user
    with tenant(second.id):
        add_member(
            organization=second.organization,
            user=user,
            role=ready_role(second.organization, ReadyRole.VIEWER),
        )
    choice = client_of(user).get("/").content.decode()
    assert "First" in choice
    assert "Second" in choice


def test_home_shows_what_is_owed_in_each_currency() -> None:
    books = found_books(at=clock.now())
    customer = books.customer()
    books.invoice(customer, "120.00", due_in=-40)
    books.invoice(customer, "30.00", due_in=3)
    books.invoice(customer, "9.00", due_in=3, currency="EUR")
    shown = signed_in(books).get(f"/o/{books.organization.slug}/").content.decode()
    for amount in ("$150.00", "$120.00", "€9.00"):
        assert amount in shown


def test_home_of_new_books_says_what_to_do_next() -> None:
    books = found_books(at=clock.now())
    shown = signed_in(books).get(f"/o/{books.organization.slug}/").content.decode()
    assert "Bring in your books" in shown
