"""Staff enter a method for a customer, record who allowed it, and transfer it to another."""

from typing import Any

import pytest
from django.test import Client

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import add_entity
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.gateways.sandbox.methods import tokenize
from paidup.payments.models import Mandate, PaymentMethod
from paidup.web.customers import methods
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import record_path

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Globex", email="ann@globex.example")


def said(answer: Any) -> str:
    """What the page says, one space between words."""
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def token() -> str:
    """What the hosted form gives."""
    return tokenize(last4="4242", at=clock.now()).token


def test_staff_enter_a_method_for_the_customer_with_who_allowed_it(
    books: Books, client: Client, customer: Customer
) -> None:
    link = client.post(record_path(books, customer, "method-link/"))
    path = record_path(books, customer, "method/")
    assert f'href="{path}"' in said(link)
    page = said(client.get(path))
    assert 'src="/sandbox/form/?kinds=card%2Cbank_debit"' in page
    assert "I allow Acme to charge this payment method" in page
    sent = {"token": token(), "channel": "phone", "given_by": ""}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "Write who gave the authority." in said(answer)
    assert client.post(path, sent | {"given_by": "Ann Payer"}).status_code == 302
    with tenant(books.id):
        method = PaymentMethod.objects.get()
        assert (method.customer_id, method.default) == (customer.id, True)
        mandate = Mandate.objects.get()
        assert (mandate.channel, mandate.given_by) == ("phone", "Ann Payer")
        assert mandate.text in page
    refused = client.post(path, sent | {"given_by": "Ann", "token": method.token})
    assert "These details can't be used." in said(refused)


def test_the_link_is_sent_by_the_composer(books: Books, client: Client, customer: Customer) -> None:
    url = record_path(books, customer, "mail/") + "?about=payment_method"
    page = said(client.get(url))
    assert "{{ payment_method }}" in page
    assert "Your payment method for {{ organization.name }}" in page
    preview = client.post(
        record_path(books, customer, "mail/preview/mail/"),
        {
            "mail_id": "01a20511-de7a-71de-af1b-f911cd0ebfd1",
            "to": [str(books.contact(customer, "bob@globex.example").id)],
            "subject": "Your method",
            "body": "Here: {{ payment_method }}",
        },
    )
    assert "Enter a payment method" in said(preview)


def test_the_authority_of_a_method_without_one_is_recorded(
    books: Books, client: Client, customer: Customer
) -> None:
    method = books.method(customer)
    with tenant(books.id):
        payments.revoke_mandate(mandate=Mandate.objects.get(), by=books.by, at=books.at)
    path = record_path(books, customer, "authority/")
    methods = record_path(books, customer, "payment-settings/")
    assert f"{path}?method={method.id}" in said(client.get(methods))
    answer = client.post(
        f"{path}?method={method.id}", {"channel": "paper", "given_by": "Ann Payer"}
    )
    assert answer.status_code == 302
    assert "Ann Payer, On paper" in said(client.get(methods))
    assert client.get(f"{path}?method={books.id}").status_code == 404


def test_another_method_is_charged_from_now_on(
    books: Books, client: Client, customer: Customer
) -> None:
    first, second = books.method(customer), books.method(customer, last4="4444")
    path = record_path(books, customer, "method/default/")
    assert client.post(f"{path}?method={first.id}").status_code == 302
    with tenant(books.id):
        assert queries.default_method(customer) == first
        assert queries.saved_methods(customer) == [first, second]
    stranger = books.method(books.customer("Initech"))
    assert client.post(f"{path}?method={stranger.id}").status_code == 404


def test_a_method_is_transferred_after_a_preview(
    books: Books, client: Client, customer: Customer
) -> None:
    target = books.customer("Initech Industries")
    path = record_path(books, customer, "method/transfer/")
    method = books.method(customer)
    found = said(client.get(path, {"q": "inetech"}))  # misspelt
    assert f"to={target.id}" in found
    there = f"{path}?method={method.id}&to={target.id}"
    preview = said(client.get(there))
    for words in (
        "The authority that Ann Payer gave on",
        "was for Globex. It ends, and stays on record there.",
        "Initech Industries gets it as the default.",
        "Globex is charged automatically no more, until another method is its default.",
    ):
        assert words in preview
    answer = client.post(there, {"channel": "paper", "given_by": ""})
    assert answer.status_code == 422
    assert "Write who gave the authority." in said(answer)
    answer = client.post(there, {"channel": "paper", "given_by": "Bob Payer"}, follow=True)
    assert "Initech Industries has Visa •••• 4242 now." in said(answer)
    with tenant(books.id):
        mandate = queries.live_mandate(PaymentMethod.objects.get(customer=target))
        assert mandate
        assert (mandate.channel, mandate.given_by) == ("paper", "Bob Payer")
    for one in (customer, target):
        told = said(client.get(record_path(books, one) + "?tab=timeline"))
        assert "Payment method Visa •••• 4242 transferred" in told
        assert "Payment method of" in told
    assert "No payment method on file" in said(client.get(path))


def test_of_several_methods_one_is_chosen_and_of_customers_those_of_the_entity(
    books: Books, client: Client, customer: Customer
) -> None:
    books.method(customer)
    other = books.method(customer, last4="4444")
    path = record_path(books, customer, "method/transfer/")
    assert f'href="?method={other.id}"' in said(client.get(path))
    with tenant(books.id):
        west = add_entity(
            organization=books.organization, name="Acme West", currency="USD", country="US"
        )
        abroad = customers.add_customer(entity=west, name="Initech", by=books.by, at=books.at)
    listed = said(client.get(path, {"method": str(other.id), "q": "Initech"}))
    assert str(abroad.id) not in listed
    refused = said(client.get(path, {"method": str(other.id), "to": str(abroad.id)}))
    assert "they stay apart" in refused
    assert "<button" not in refused.partition('class="merger"')[2].partition("</main>")[0]


def test_a_method_that_is_gone_by_then_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, books: Books, client: Client, customer: Customer
) -> None:
    gone = books.method(customer)
    with tenant(books.id):
        payments.remove_method(method=gone, by=books.by, at=books.at)
    monkeypatch.setattr(methods, "method_asked_for", lambda *_: gone)  # removed just now
    path = record_path(books, customer, f"method/default/?method={gone.id}")
    assert "no longer on file" in said(client.post(path, follow=True))
