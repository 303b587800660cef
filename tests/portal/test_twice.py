"""Paying twice what is owed once: double clicks, repeats, and webhooks that overtake the page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Event
from time import sleep
from typing import Any

import pytest
from django.db import connections

from paidup.customers.models import CustomerQuerySet
from paidup.invoicing.states import InvoiceState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.sandbox.models import Charge
from paidup.payments.models import Intent, Payment
from tests.intake.vendor import deliver
from tests.portal.payer import Payer, one_time_token
from tests.support.books import Books

pytestmark = pytest.mark.database


def test_the_same_details_sent_again_lead_to_the_payment_they_made(
    books: Books, payer: Payer
) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    token = one_time_token()
    answers = [payer.pay(path, "30.00", token=token) for _time in range(3)]
    assert len({answer.url for answer in answers}) == 1
    assert collected(books) == Decimal(30)


def test_the_same_details_pay_once_also_when_they_are_saved(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    token = one_time_token()
    for _time in range(2):
        payer.pay(path, "30.00", token=token, save="on", name="Ann")
    assert collected(books) == Decimal(30)


@pytest.mark.parametrize("saved", [{}, {"save": "on", "name": "Ann"}])
@pytest.mark.parametrize("amount", ["100.00", "30.00"])
def test_a_double_click_charges_once(
    books: Books, payer: Payer, amount: str, saved: dict[str, str]
) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    token = one_time_token()
    answers = at_once(
        *[lambda: payer.elsewhere().pay(path, amount, token=token, **saved) for _click in range(2)]
    )
    assert all(answer.status_code in {302, 303} for answer in answers)
    assert collected(books) == Decimal(amount)
    with tenant(books.id):
        assert Intent.objects.count() == 1


def test_the_customer_s_lock_keeps_saved_details_from_paying_twice(
    books: Books, payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look for an earlier payment before either claims, and one claims after the other paid:
    with the lock off the database has to refuse the second, with it on that leads to the first."""
    path = payer.invoice_link(books.invoice(books.customer()))

    def race() -> tuple[Decimal, list[int]]:
        before, token = collected(books), one_time_token()
        meeting, first_paid = Barrier(2), Event()
        claim = payments.claim_charge

        def meet_and_claim(**asked: Any) -> Intent:
            with suppress(BrokenBarrierError):
                if meeting.wait(1) == 1:
                    first_paid.wait(5)
            return claim(**asked)

        def click() -> Any:
            try:
                fields = {"token": token, "save": "on", "name": "Ann"}
                return payer.elsewhere().pay(path, "10.00", **fields)
            finally:
                first_paid.set()

        with monkeypatch.context() as patch:
            patch.setattr(payments, "claim_charge", meet_and_claim)
            answers = at_once(click, click)
        return collected(books) - before, sorted(answer.status_code for answer in answers)

    with monkeypatch.context() as patch:
        patch.setattr(CustomerQuerySet, "locked", lambda rows: rows.order_by("id"))
        assert race() == (Decimal(10), [303, 409])
    assert race() == (Decimal(10), [303, 303])


def test_two_payers_of_one_invoice_pay_it_once(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    by_invoice, by_balance = payer.invoice_link(invoice), payer.balance_link(customer)
    tokens = one_time_token(), one_time_token("4444")
    at_once(
        lambda: payer.elsewhere().pay(by_invoice, "100.00", token=tokens[0]),
        lambda: payer.elsewhere().pay(
            by_balance, "100.00", token=tokens[1], invoices=[str(invoice.id)]
        ),
    )
    assert collected(books) == Decimal(100)
    assert charged(books) == 1


def test_a_webhook_that_races_the_page_changes_nothing(
    books: Books, payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor's news arrives between its answer and our recording of it, and once more after."""
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    run = payments.run_charge

    def run_and_be_told(**asked: Any) -> Intent:
        answers: list[Intent] = at_once(lambda: run(**asked), lambda: news_of(books))
        return answers[0]

    monkeypatch.setattr(payments, "run_charge", run_and_be_told)
    page = payer.outcome(payer.pay(path, "100.00"))
    assert "We have received your payment" in page
    news_of(books)
    assert collected(books) == Decimal(100)
    assert books.again(invoice).state == InvoiceState.PAID


def test_the_webhook_settles_what_the_page_did_not_know(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    answer = payer.pay(path, "100.00", last4="9995")
    assert "We do not know yet" in payer.outcome(answer)
    news_of(books)
    assert "We have received your payment" in payer.outcome(answer)
    assert collected(books) == Decimal(100)


def news_of(books: Books) -> None:
    """The vendor posts all it knows of these books' charges; waits until it knows something."""
    for _try in range(200):
        mine = Charge.objects.filter(idempotency_key__startswith=books.id.hex)
        if delivered := [deliver(event.payload) for made in mine for event in made.events.all()]:
            assert {answer.status_code for answer in delivered} == {204}
            return
        sleep(0.01)
    pytest.fail("The vendor knows of no charge.")


def collected(books: Books) -> Decimal:
    """All that was received."""
    with tenant(books.id):
        return sum((payment.amount for payment in Payment.objects.all()), Decimal(0))


def charged(books: Books) -> int:
    """How often the vendor charged."""
    return Charge.objects.filter(idempotency_key__startswith=books.id.hex).count()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs the calls in a thread each."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]
