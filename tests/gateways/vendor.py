"""How these tests ask the sandbox for things, each by a key of its own."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from paidup.payments.gateways.interface import ChargeRequest, Fact, FactKind
from paidup.payments.gateways.sandbox.gateway import Sandbox
from paidup.payments.gateways.sandbox.methods import tokenize

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SANDBOX = Sandbox()


def token(last4: str = "4242", *, at: datetime = AT) -> str:
    """A fresh one-time token."""
    return tokenize(last4=last4, at=at).token


def request(
    method: str,
    *,
    key: str = "",
    amount: str = "120.00",
    currency: str = "USD",
    at: datetime = AT,
) -> ChargeRequest:
    """A charge of this token, under a new key unless one is given."""
    return ChargeRequest(
        idempotency_key=key or str(uuid4()),
        token=method,
        amount=Decimal(amount),
        currency=currency,
        description="INV-1",
        off_session=False,
        at=at,
    )


def charged(last4: str = "4242", *, amount: str = "120.00") -> str:
    """A charge was made with this test method; its key."""
    asked = request(token(last4), amount=amount)
    SANDBOX.charge(asked)
    return asked.idempotency_key


def kinds(facts: list[Fact]) -> list[FactKind]:
    """What the facts tell, in their order."""
    return [fact.kind for fact in facts]
