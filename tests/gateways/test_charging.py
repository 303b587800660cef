"""Charges of the sandbox, by each of its test methods."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from paidup.payments.gateways.folding import ChargeState, fold
from paidup.payments.gateways.interface import FactKind, Outage, Rejected
from paidup.payments.gateways.sandbox.behaviours import BEHAVIOURS
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.gateways.sandbox.models import Charge
from tests.gateways.vendor import AT, SANDBOX, charged, kinds, request, token

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("last4", ["4242", "4444"])
def test_a_good_card_settles_at_once(last4: str) -> None:
    asked = request(token(last4))
    (fact,) = SANDBOX.charge(asked)
    assert (fact.kind, fact.amount, fact.currency) == (FactKind.SETTLED, Decimal("120.00"), "USD")
    assert (fact.idempotency_key, fact.at) == (asked.idempotency_key, AT)
    assert fact.reference.startswith("ch_")


@pytest.mark.parametrize(
    ("last4", "reason", "retryable"),
    [("0341", "insufficient_funds", True), ("0002", "stolen_card", False)],
)
def test_a_declined_card_fails_with_its_reason(last4: str, reason: str, retryable: bool) -> None:  # noqa: FBT001  a parameter of the case
    (fact,) = SANDBOX.charge(request(token(last4)))
    assert (fact.kind, fact.reason, fact.retryable) == (FactKind.FAILED, reason, retryable)


@pytest.mark.parametrize(
    ("last4", "state", "reason"),
    [("6789", ChargeState.SETTLED, ""), ("3115", ChargeState.RETURNED, "R01")],
)
def test_a_bank_debit_is_decided_after_three_days(
    last4: str, state: ChargeState, reason: str
) -> None:
    key = charged(last4)
    due = AT + timedelta(days=3)
    advance(at=due - timedelta(seconds=1))
    assert fold(SANDBOX.look_up(key)).state is ChargeState.AUTHORIZED
    advance(at=due + timedelta(days=5))
    advance(at=due + timedelta(days=6))
    _authorized, decided = SANDBOX.look_up(key)
    assert decided.at == due
    standing = fold(SANDBOX.look_up(key))
    assert (standing.state, standing.reason) == (state, reason)


def test_a_lost_answer_was_charged_all_the_same() -> None:
    asked = request(token("9995"))
    with pytest.raises(Outage):
        SANDBOX.charge(asked)
    known = SANDBOX.look_up(asked.idempotency_key)
    assert kinds(known) == [FactKind.SETTLED]
    assert SANDBOX.charge(asked) == known


def test_an_unreachable_gateway_never_saw_the_charge() -> None:
    asked = request(token("9987"))
    for _attempt in range(2):
        with pytest.raises(Outage):
            SANDBOX.charge(asked)
    assert SANDBOX.look_up(asked.idempotency_key) == []


def test_every_test_method_does_something() -> None:
    assert set(BEHAVIOURS) == {"4242", "4444", "0341", "0002", "6789", "3115", "9995", "9987"}


def test_the_same_request_again_charges_nothing_more() -> None:
    asked = request(token())
    assert SANDBOX.charge(asked) == SANDBOX.charge(asked)
    assert Charge.objects.filter(token=asked.token).count() == 1


def test_a_key_used_for_something_else_is_rejected() -> None:
    asked = request(token())
    SANDBOX.charge(asked)
    key = asked.idempotency_key
    for other in (
        request(asked.token, key=key, amount="120.01"),
        request(asked.token, key=key, currency="EUR"),
        request(token(), key=key),
    ):
        with pytest.raises(Rejected, match="another charge"):
            SANDBOX.charge(other)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "USD"),
        ("-1", "USD"),
        ("0.001", "USD"),
        ("1.5", "JPY"),
        ("1.2345", "KWD"),
        ("NaN", "USD"),
        ("1000000000001", "USD"),
        ("1", "XYZ"),
    ],
)
def test_a_bad_amount_is_rejected(amount: str, currency: str) -> None:
    asked = request(token(), amount=amount, currency=currency)
    with pytest.raises(Rejected):
        SANDBOX.charge(asked)
    assert SANDBOX.look_up(asked.idempotency_key) == []


@pytest.mark.parametrize(("amount", "currency"), [("1500", "JPY"), ("1.234", "KWD")])
def test_amounts_go_by_the_currency(amount: str, currency: str) -> None:
    (fact,) = SANDBOX.charge(request(token(), amount=amount, currency=currency))
    assert str(fact.amount) == amount


def test_a_one_time_token_is_charged_once() -> None:
    method = token()
    SANDBOX.charge(request(method))
    with pytest.raises(Rejected, match="used already"):
        SANDBOX.charge(request(method))


def test_a_one_time_token_is_used_up_by_a_decline_too() -> None:
    method = token("0002")
    SANDBOX.charge(request(method))
    with pytest.raises(Rejected, match="used already"):
        SANDBOX.charge(request(method))


def test_an_unknown_token_is_rejected_and_leaves_no_charge() -> None:
    asked = request("tok_nobody")
    with pytest.raises(Rejected, match="no longer on file"):
        SANDBOX.charge(asked)
    assert SANDBOX.look_up(asked.idempotency_key) == []


def test_a_charge_within_a_transaction_of_ours_is_refused() -> None:
    asked = request(token())
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        SANDBOX.charge(asked)
    assert SANDBOX.look_up(asked.idempotency_key) == []


def test_an_unknown_key_has_no_facts() -> None:
    assert SANDBOX.look_up(str(uuid4())) == []
