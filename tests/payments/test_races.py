"""Races over money on real PostgreSQL: each is first shown to happen with its locks off.

A lock is two things: the rows locked in the operation, and the unique index behind it. With both
off the race does its harm, so the test would notice if one day neither were there; with the rows'
lock alone off, the index refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.autopay.operations import engine
from paidup.lib.tenancy import tenant
from paidup.payments import queries
from paidup.payments.models import Claim, Intent, Payment
from paidup.payments.operations import ChargeRefused, claim, receive, record
from paidup.payments.operations.charge import call_gateway
from tests.support.books import Books, found_books
from tests.support.races import both, index_off, meeting

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

ONE_CLAIM = ("one_live_claim", "payments_claim", "(organization_id, invoice_id) WHERE live")
ONE_ATTEMPT = (
    "attempt_once",
    "autopay_attempt",
    "(organization_id, schedule_id, slot_on, invoice_id, attempt)",
)
ONE_PAYMENT = (
    "one_payment_per_intent",
    "payments_payment",
    "(organization_id, intent_id) WHERE intent_id IS NOT NULL",
)


def test_two_payers_of_one_invoice(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[int, list[Any]]:
        books = found_books()
        customer = books.customer()
        invoice = books.invoice(customer)
        with meeting(monkeypatch, queries, "claimed_invoices"):
            outcomes = both(lambda: books.claim(customer, invoice))
        with tenant(books.id):
            return Claim.objects.filter(live=True).count(), outcomes

    with locks_off(monkeypatch, claim):
        with index_off(*ONE_CLAIM) as remove_twins:
            assert race()[0] == 2
            remove_twins()
        live, outcomes = race()
        assert live == 1
        assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    live, outcomes = race()
    assert live == 1
    assert sum(isinstance(outcome, ChargeRefused) for outcome in outcomes) == 1


def test_webhook_against_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[int, list[Any]]:
        books = found_books()
        customer = books.customer()
        intent = books.claim(customer, books.invoice(customer))
        call_gateway(intent, at=books.at)
        with tenant(books.id):
            # Kept already, or the unique fact would make the second wait, a third lock.
            record.keep(intent, books.facts(intent))

        def tell() -> None:
            with tenant(books.id):
                record.record_facts(intent_id=intent.id, facts=[], at=books.at)

        with meeting(monkeypatch, record, "fold"):
            outcomes = both(tell)
        with tenant(books.id):
            return Payment.objects.count(), outcomes

    with monkeypatch.context() as unlocked:
        unlocked.setattr(record, "locked", lambda intent_id: Intent.objects.get(id=intent_id))
        unlocked.setattr(receive, "lock_customers", lambda *_: None)
        with index_off(*ONE_PAYMENT) as remove_twins:
            assert race()[0] == 2
            remove_twins()
        payments, outcomes = race()
        assert payments == 1
        assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    payments, outcomes = race()
    assert payments == 1
    assert outcomes == [None, None]


def test_two_ticks_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[int, list[Any]]:
        books = _on_autopay()
        with meeting(monkeypatch, queries, "claimed_invoices"):
            outcomes = both(lambda: autopay.tick(organization_id=books.id, at=books.at))
        with tenant(books.id):
            return Claim.objects.filter(live=True).count(), outcomes

    with locks_off(monkeypatch, claim, engine):
        with index_off(*ONE_CLAIM) as remove_twins, index_off(*ONE_ATTEMPT) as remove_twin_attempts:
            assert race()[0] == 2
            remove_twin_attempts()
            remove_twins()
        live, outcomes = race()
        assert live == 1
        assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    live, outcomes = race()
    assert live == 1
    assert sorted(outcome.charges for outcome in outcomes) == [0, 1]


def _on_autopay() -> Books:
    books = found_books()
    customer = books.customer()
    books.invoice(customer, due_in=-1)
    books.method(customer)
    with tenant(books.id):
        autopay.set_schedule(
            customer=customer,
            interval=Interval.DAILY,
            starts_on=books.on,
            by=books.by,
            at=books.at,
        )
    return books


@contextmanager
def locks_off(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> Iterator[None]:
    """The operations of these modules lock no customer."""
    with monkeypatch.context() as patch:
        for module in modules:
            patch.setattr(module, "lock_customers", lambda *_: None)
        yield
