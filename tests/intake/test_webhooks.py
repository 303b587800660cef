"""What is taken in, what is refused for good, and what is to be sent again."""

import json
import time
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from paidup.intake import urls, webhooks
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.gateways.sandbox.models import Charge
from paidup.payments.gateways.sandbox.signatures import sign
from paidup.payments.models import GatewayFact, Intent, Payment
from paidup.payments.states import IntentState
from tests.intake.vendor import URL, deliver
from tests.support.books import Books, found_books

NOBODY = UUID(int=7).hex


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def charge(books: Books, last4: str = "4242") -> Intent:
    """A charge that the vendor made, of which we heard nothing."""
    customer = books.customer()
    intent = books.claim(customer, books.invoice(customer), last4=last4)
    books.run(intent)
    return intent


def news(intent: Intent) -> list[dict[str, Any]]:
    """What the vendor has to tell of a charge."""
    made = Charge.objects.get(idempotency_key=f"{intent.organization_id.hex}.{intent.id.hex}")
    return [event.payload for event in made.events.order_by("id")]


def state(intent: Intent) -> str:
    """How the charge stands here."""
    with tenant(intent.organization_id):
        return Intent.objects.get(id=intent.id).state


def test_every_address_names_who_may_use_it() -> None:
    assert {getattr(route.callback, "access", None) for route in urls.urlpatterns} == {"machine"}


def test_a_fact_is_recorded(books: Books) -> None:
    intent = charge(books, "9995")
    assert state(intent) == IntentState.UNKNOWN
    assert deliver(news(intent)[0]).status_code == 204
    assert state(intent) == IntentState.SETTLED
    with tenant(books.id):
        assert Payment.objects.get().intent_id == intent.id


def test_told_again_it_changes_nothing(books: Books) -> None:
    intent = charge(books)
    for _time in range(3):
        assert deliver(news(intent)[0]).status_code == 204
    with tenant(books.id):
        assert Payment.objects.count() == 1
        assert GatewayFact.objects.count() == 1


def test_out_of_order_it_comes_to_the_same(books: Books) -> None:
    intent = charge(books, "6789")
    advance(at=books.at.replace(year=2027))
    authorized, settled = news(intent)
    deliver(settled)
    assert state(intent) == IntentState.SETTLED
    deliver(authorized)
    assert state(intent) == IntentState.SETTLED


def test_a_return_opens_the_invoice_again(books: Books) -> None:
    intent = charge(books, "3115")
    advance(at=books.at.replace(year=2027))
    for fact in news(intent):
        deliver(fact)
    assert state(intent) == IntentState.RETURNED
    with tenant(books.id):
        assert Invoice.objects.get().state == InvoiceState.OPEN


@pytest.mark.parametrize("key", ["", "x", "not.ours", f"{NOBODY}.{NOBODY}", f"{NOBODY}.", "é.é"])
def test_a_charge_that_is_not_ours_is_let_pass(books: Books, key: str) -> None:
    intent = charge(books)
    assert deliver({**news(intent)[0], "idempotency_key": key}).status_code == 204
    with tenant(books.id):
        assert GatewayFact.objects.count() == 1


def test_a_charge_of_another_organization_is_not_found_under_this_one(books: Books) -> None:
    intent, other = charge(books, "9995"), found_books()
    key = f"{other.id.hex}.{intent.id.hex}"
    assert deliver({**news(intent)[0], "idempotency_key": key}).status_code == 204
    assert state(intent) == IntentState.UNKNOWN


@pytest.mark.parametrize("signature", ["", "t=1,v1=0", "nonsense", "t=é"])
def test_what_the_vendor_did_not_sign_is_refused(books: Books, signature: str) -> None:
    intent = charge(books, "9995")
    assert deliver(news(intent)[0], signature=signature).status_code == 400
    assert state(intent) == IntentState.UNKNOWN


def test_an_old_signature_is_refused(books: Books) -> None:
    intent = charge(books, "9995")
    body = json.dumps(news(intent)[0]).encode()
    old = sign(body, now=time.time() - 3600)
    assert deliver(None, body=body, signature=old).status_code == 400


def test_a_changed_body_is_refused(books: Books) -> None:
    intent = charge(books, "9995")
    body = json.dumps(news(intent)[0]).encode()
    changed = body.replace(b'"100.00"', b'"900.00"')
    assert changed != body
    signature = sign(body, now=time.time())
    assert deliver(None, body=changed, signature=signature).status_code == 400


def test_a_body_without_end_is_refused() -> None:
    assert deliver(None, body=b"x" * (webhooks.LARGEST + 1)).status_code == 413


def test_looking_does_nothing() -> None:
    assert Client(headers={"host": "localhost:8000"}).get(URL).status_code == 405


def test_our_own_failure_has_it_sent_again(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    intent = charge(books, "9995")

    def fail(**_: Any) -> None:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(payments, "record_facts", fail)
        assert deliver(news(intent)[0]).status_code == 500
    assert state(intent) == IntentState.UNKNOWN
    assert deliver(news(intent)[0]).status_code == 204
    assert state(intent) == IntentState.SETTLED


def test_where_the_gateway_is_not_offered_there_is_no_such_address(
    books: Books, settings: Settings
) -> None:
    intent = charge(books)
    settings.DEMO = settings.TESTING = False
    assert deliver(news(intent)[0]).status_code == 404
