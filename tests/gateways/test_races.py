"""Two callers at the same moment, on connections of their own that really commit.

Each race is shown to happen with its lock off, so that the test with the lock on proves the lock.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Thread
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connections

from paidup.payments.gateways.folding import Standing, fold
from paidup.payments.gateways.interface import Fact, FactKind, Rejected
from paidup.payments.gateways.sandbox import methods, refunding
from paidup.payments.gateways.sandbox.models import Charge, StoredMethod
from tests.gateways.vendor import AT, SANDBOX, charged, kinds, request, token

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed")]

Result = TypeVar("Result")
MEETING = 1.0  # seconds until whoever waits for the other goes on alone


@pytest.fixture
def meeting() -> Callable[[], None]:
    """Where two threads meet, if nothing keeps one of them away."""
    barrier = Barrier(2)

    def meet() -> None:
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=MEETING)

    return meet


def at_once(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """Runs the calls in a thread each; what they answered or raised."""
    outcomes: list[Result | Exception] = []

    def run(call: Callable[[], Result]) -> None:
        try:
            outcomes.append(call())
        except Exception as problem:  # noqa: BLE001  the test looks at it
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refunds_of_sixty(charge_key: str) -> Decimal:
    """Two refunds of 60.00 of one charge of 100.00 at once; what was given back in all."""

    def refund() -> list[Fact]:
        return SANDBOX.refund(
            idempotency_key=str(uuid4()), charge_key=charge_key, amount=Decimal(60), at=AT
        )

    at_once(refund, refund)
    return fold(SANDBOX.look_up(charge_key)).refunded


@pytest.fixture
def _refunds_meet(monkeypatch: pytest.MonkeyPatch, meeting: Callable[[], None]) -> None:
    """Both have read what is left before either gives back."""

    def read_and_meet(facts: list[Fact]) -> Standing:
        standing = fold(facts)
        meeting()
        return standing

    monkeypatch.setattr(refunding, "fold", read_and_meet)


@pytest.mark.usefixtures("_refunds_meet")
def test_without_the_lock_two_refunds_exceed_the_charge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refunding, "_locked", lambda key: Charge.objects.get(idempotency_key=key))
    assert refunds_of_sixty(charged(amount="100.00")) == 120


@pytest.mark.usefixtures("_refunds_meet")
def test_two_refunds_never_exceed_the_charge() -> None:
    assert refunds_of_sixty(charged(amount="100.00")) == 60


def charges_of_one_token(once: str) -> int:
    """Two charges of one one-time token, under two keys, at once; how many settled."""
    asked = [request(once), request(once)]
    at_once(*(lambda one=one: SANDBOX.charge(one) for one in asked))
    return sum(kinds(SANDBOX.look_up(one.idempotency_key)) == [FactKind.SETTLED] for one in asked)


@pytest.fixture
def _charges_meet(monkeypatch: pytest.MonkeyPatch, meeting: Callable[[], None]) -> None:
    """Both have seen the token unused before either uses it up."""
    use_up = methods._use_up

    def meet_and_use_up(stored: StoredMethod) -> None:
        meeting()
        use_up(stored)

    monkeypatch.setattr(methods, "_use_up", meet_and_use_up)


@pytest.mark.usefixtures("_charges_meet")
def test_without_the_lock_a_one_time_token_is_charged_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(methods, "_locked", lambda one: StoredMethod.objects.get(token=one))
    assert charges_of_one_token(token()) == 2


@pytest.mark.usefixtures("_charges_meet")
def test_a_one_time_token_is_charged_once() -> None:
    assert charges_of_one_token(token()) == 1


def test_one_key_asked_for_twice_is_one_charge() -> None:
    asked = request(SANDBOX.save(token()).token)
    first, second = at_once(*[lambda: SANDBOX.charge(asked)] * 2)
    assert first == second == SANDBOX.look_up(asked.idempotency_key)


def test_one_key_for_two_amounts_charges_one_of_them() -> None:
    saved, key = SANDBOX.save(token()).token, str(uuid4())
    asked = [request(saved, key=key, amount=amount) for amount in ("10.00", "20.00")]
    outcomes = at_once(*(lambda one=one: SANDBOX.charge(one) for one in asked))
    assert [type(outcome) for outcome in outcomes].count(Rejected) == 1
    assert kinds(SANDBOX.look_up(key)) == [FactKind.SETTLED]
