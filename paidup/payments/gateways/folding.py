"""What the facts of one charge add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from paidup.payments.gateways.interface import Fact, FactKind


class ChargeState(StrEnum):
    """Where a charge stands by the gateway's facts; `unknown` is not theirs to say but ours."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    SETTLED = "settled"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    CHARGED_BACK = "charged_back"


# The topmost kind that was told decides, whichever came first: money that moved outweighs any word
# that it did not, and money taken back outweighs that it had moved.
_DECIDING = (
    (FactKind.CHARGED_BACK, ChargeState.CHARGED_BACK),
    (FactKind.RETURNED, ChargeState.RETURNED),
    (FactKind.SETTLED, ChargeState.SETTLED),
    (FactKind.CANCELLED, ChargeState.CANCELLED),
    (FactKind.FAILED, ChargeState.FAILED),
    (FactKind.AUTHORIZED, ChargeState.AUTHORIZED),
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one charge stands. Amounts are in the charge's currency and never below zero."""

    state: ChargeState = ChargeState.PENDING
    authorized: Decimal = Decimal(0)
    captured: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)  # given back by us
    returned: Decimal = Decimal(0)  # taken back by the payer's bank: returns and chargebacks
    reason: str = ""  # why it failed, was returned or charged back
    retryable: bool = False
    reference: str = ""  # the gateway's own number of the charge

    @property
    def kept(self) -> Decimal:
        """What of the captured money is still ours."""
        return max(self.captured - self.refunded - self.returned, Decimal(0))


def fold(facts: Iterable[Fact]) -> Standing:
    """The standing of one charge by all its facts, whatever their order and however often told.

    Raises ValueError when they are of several charges, or when one id says two different things.
    """
    unique = set(facts)
    if len({fact.id for fact in unique}) < len(unique):
        raise ValueError("One fact's id was told with two contents.")
    if len({(fact.idempotency_key, fact.currency) for fact in unique}) > 1:
        raise ValueError("Facts of several charges cannot be folded into one.")
    state, deciding = _decided(unique)
    return Standing(
        state=state,
        authorized=_sum(unique, FactKind.AUTHORIZED),
        captured=_sum(unique, FactKind.SETTLED),
        refunded=_sum(unique, FactKind.REFUNDED),
        returned=_sum(unique, FactKind.RETURNED, FactKind.CHARGED_BACK),
        reason=deciding.reason if deciding else "",
        retryable=deciding.retryable if deciding else False,
        reference=max((fact.reference for fact in unique), default=""),
    )


def _decided(facts: set[Fact]) -> tuple[ChargeState, Fact | None]:
    """The state, and the latest fact of the kind that decides it."""
    for kind, state in _DECIDING:
        told = [fact for fact in facts if fact.kind is kind]
        if told:
            return state, max(told, key=lambda fact: (fact.at, fact.id))
    return ChargeState.PENDING, None


def _sum(facts: set[Fact], *kinds: FactKind) -> Decimal:
    return sum((fact.amount for fact in facts if fact.kind in kinds), Decimal(0))
