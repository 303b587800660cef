"""The vendor's facts: written down once, told by every answer, look-up and webhook."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from paidup.lib.ids import new_id
from paidup.lib.money import exact
from paidup.payments.gateways.interface import Fact, FactKind
from paidup.payments.gateways.sandbox.models import Charge, Event


def tell(
    charge: Charge,
    kind: FactKind,
    *,
    at: datetime,
    amount: Decimal | None = None,
    reason: str = "",
    retryable: bool = False,
    refund_key: str = "",
) -> None:
    """Writes down a fact of the charge, of the whole amount unless another is given."""
    fact = Fact(
        id=f"evt_{new_id().hex}",
        kind=kind,
        idempotency_key=charge.idempotency_key,
        reference=charge.reference,
        amount=exact(charge.amount if amount is None else amount, charge.currency),
        currency=charge.currency,
        at=at,
        reason=reason,
        retryable=retryable,
        refund_key=refund_key,
    )
    Event.objects.create(fact_id=fact.id, charge=charge, payload=_payload(fact))


def facts_of(charge: Charge) -> list[Fact]:
    """All facts of the charge, in the order in which they came about."""
    return [fact_from(event.payload) for event in charge.events.order_by("id")]


def fact_from(payload: dict[str, Any]) -> Fact:
    """The fact that a payload tells."""
    return Fact(
        id=payload["id"],
        kind=FactKind(payload["kind"]),
        idempotency_key=payload["idempotency_key"],
        reference=payload["reference"],
        amount=Decimal(payload["amount"]),
        currency=payload["currency"],
        at=datetime.fromisoformat(payload["at"]),
        reason=payload["reason"],
        retryable=payload["retryable"],
        refund_key=payload["refund_key"],
    )


def _payload(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "idempotency_key": fact.idempotency_key,
        "reference": fact.reference,
        "amount": str(fact.amount),
        "currency": fact.currency,
        "at": fact.at.isoformat(),
        "reason": fact.reason,
        "retryable": fact.retryable,
        "refund_key": fact.refund_key,
    }
