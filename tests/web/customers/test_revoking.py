"""What staff take back of a customer's ways to pay, each after a question."""

import re
from html import unescape

import pytest
from django.test import Client

from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments.models import Mandate, MethodLink, PayLink, PaymentMethod
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import record_path

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Globex")


def said_yes(client: Client, path: str) -> None:
    assert client.post(path).status_code == 302


def test_the_pay_balance_link_is_revoked_after_a_question(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "pay-link/")
    assert f'href="{path}revocation/"' in client.post(path).content.decode()
    with tenant(books.id):
        link = PayLink.objects.get()
    assert "Revoke the Pay Balance Link?" in client.get(f"{path}revocation/").content.decode()
    with tenant(books.id):
        assert PayLink.objects.get().revoked_at is None
    said_yes(client, f"{path}revocation/")
    assert links.token(link) not in client.post(path).content.decode()
    with tenant(books.id):
        assert PayLink.objects.get(id=link.id).revoked_at


def test_the_authority_to_charge_is_revoked_after_a_question(
    books: Books, client: Client, customer: Customer
) -> None:
    method = books.method(customer)
    path = record_path(books, customer, f"authority/revocation/?method={method.id}")
    methods = record_path(books, customer, "payment-settings/")
    assert methods in client.get(record_path(books, customer)).content.decode()
    assert path in client.get(methods).content.decode()
    asked = client.get(path).content.decode()
    assert "I authorize these charges." in asked
    assert "Ann Payer" in asked
    said_yes(client, path)
    with tenant(books.id):
        assert Mandate.objects.get().revoked_at
    page = client.get(record_path(books, customer)).content.decode()
    assert "No authority to charge it automatically" in page
    assert path not in client.get(methods).content.decode()


def test_a_saved_method_is_removed_after_a_question(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "method/removal/")
    methods = record_path(books, customer, "payment-settings/")
    assert path not in client.get(methods).content.decode()
    assert client.get(path).status_code == 404
    path += f"?method={books.method(customer).id}"
    assert path in client.get(methods).content.decode()
    assert "Remove Visa •••• 4242?" in client.get(path).content.decode()
    said_yes(client, path)
    with tenant(books.id):
        assert PaymentMethod.objects.get().removed_at
        assert Mandate.objects.get().revoked_at
    assert "None on file" in client.get(record_path(books, customer)).content.decode()


def test_what_is_removed_is_the_method_that_was_asked_about(
    books: Books, client: Client, customer: Customer
) -> None:
    shown = books.method(customer)
    page = client.get(record_path(books, customer, "payment-settings/")).content.decode()
    found = set(re.findall(r'href="([^"]*/(?:removal|authority/revocation)/[^"]*)"', page))
    newer = books.method(customer, last4="4444")  # entered by the link while staff think it over
    assert len(found) == 2
    for path in sorted(found):
        said_yes(client, unescape(path))
    with tenant(books.id):
        assert PaymentMethod.objects.get(id=shown.id).removed_at
        assert PaymentMethod.objects.get(id=newer.id).removed_at is None
        assert Mandate.objects.get(method=newer).revoked_at is None


def test_the_payment_method_link_is_revoked_after_a_question(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "method-link/")
    asked = client.post(path).content.decode()
    assert f'href="{path}revocation/"' in asked
    assert "?about=payment_method" in asked
    with tenant(books.id):
        link = MethodLink.objects.get()
    assert links.url(link, books.organization) in asked
    assert "Revoke the payment method link?" in client.get(f"{path}revocation/").content.decode()
    said_yes(client, f"{path}revocation/")
    assert links.token(link) not in client.post(path).content.decode()
    with tenant(books.id):
        assert MethodLink.objects.get(id=link.id).revoked_at
