"""Refunds of the sandbox."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from paidup.payments.gateways.folding import fold
from paidup.payments.gateways.interface import Fact, FactKind, Rejected
from paidup.payments.gateways.sandbox.charging import advance
from tests.gateways.vendor import AT, SANDBOX, charged, kinds

pytestmark = pytest.mark.django_db


def refund(charge_key: str, amount: str, key: str = "") -> list[Fact]:
    return SANDBOX.refund(
        idempotency_key=key or str(uuid4()),
        charge_key=charge_key,
        amount=Decimal(amount),
        at=AT + timedelta(hours=1),
    )


def test_parts_are_given_back_until_nothing_is_left() -> None:
    key = charged(amount="100.00")
    refund(key, "60.00")
    with pytest.raises(Rejected, match=r"Only \$40\.00"):
        refund(key, "40.01")
    refund(key, "40.00")
    with pytest.raises(Rejected, match=r"Only \$0\.00"):
        refund(key, "0.01")
    standing = fold(SANDBOX.look_up(key))
    assert standing.captured == standing.refunded == 100
    assert standing.kept == 0


def test_a_refund_is_told_with_its_own_key() -> None:
    key, mine = charged(), str(uuid4())
    settled, refunded = refund(key, "20.00", mine)
    assert (settled.kind, settled.refund_key) == (FactKind.SETTLED, "")
    assert (refunded.kind, refunded.refund_key) == (FactKind.REFUNDED, mine)
    assert (refunded.idempotency_key, refunded.amount) == (key, Decimal("20.00"))
    assert refunded.reference == settled.reference


def test_the_same_refund_again_gives_nothing_more() -> None:
    key, mine = charged(amount="100.00"), str(uuid4())
    assert refund(key, "60.00", mine) == refund(key, "60.00", mine)
    assert fold(SANDBOX.look_up(key)).refunded == 60


def test_a_key_used_for_another_refund_is_rejected() -> None:
    key, mine = charged(), str(uuid4())
    refund(key, "10.00", mine)
    with pytest.raises(Rejected, match="another refund"):
        refund(key, "11.00", mine)
    with pytest.raises(Rejected, match="another refund"):
        refund(charged(), "10.00", mine)


@pytest.mark.parametrize("amount", ["0", "-5", "1.001"])
def test_a_bad_amount_is_rejected(amount: str) -> None:
    with pytest.raises(Rejected):
        refund(charged(), amount)


def test_a_charge_nobody_made_is_rejected() -> None:
    with pytest.raises(Rejected, match="knows no charge"):
        refund(str(uuid4()), "1.00")


def test_what_never_came_in_is_not_given_back() -> None:
    for last4 in ("0002", "6789"):
        with pytest.raises(Rejected, match=r"Only \$0\.00"):
            refund(charged(last4), "1.00")


def test_what_the_bank_took_back_is_not_given_back_again() -> None:
    key = charged("3115")
    advance(at=AT + timedelta(days=3))
    assert kinds(SANDBOX.look_up(key)) == [FactKind.AUTHORIZED, FactKind.RETURNED]
    with pytest.raises(Rejected, match=r"Only \$0\.00"):
        refund(key, "1.00")


def test_a_refund_within_a_transaction_of_ours_is_refused() -> None:
    key = charged()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        refund(key, "1.00")
    assert fold(SANDBOX.look_up(key)).refunded == 0
