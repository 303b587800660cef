"""The test methods a payer may choose from, told apart by their last4, and what each one does."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.payments.gateways.interface import FactKind

DELAY = timedelta(days=3)  # until a bank debit settles or comes back


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """One test method: what it looks like, and what happens when it is charged."""

    kind: str  # "card" or "bank_debit"
    brand: str
    last4: str
    promise: Promise  # what happens, in words for the payer
    at_once: FactKind = FactKind.SETTLED
    later: FactKind | None = None  # after DELAY
    reason: str = ""  # the code of the decline or return
    retryable: bool = False
    reachable: bool = True  # if not, the request never arrives: nothing is charged
    answers: bool = True  # if not, it is charged, but the first answer gets lost


_ALL = (
    Behaviour(kind="card", brand="Visa", last4="4242", promise=_("Succeeds at once")),
    Behaviour(kind="card", brand="Mastercard", last4="4444", promise=_("Succeeds at once")),
    Behaviour(
        kind="card",
        brand="Visa",
        last4="0341",
        promise=_("Declined: insufficient funds, may work on another day"),
        at_once=FactKind.FAILED,
        reason="insufficient_funds",
        retryable=True,
    ),
    Behaviour(
        kind="card",
        brand="Visa",
        last4="0002",
        promise=_("Declined: stolen card"),
        at_once=FactKind.FAILED,
        reason="stolen_card",
    ),
    Behaviour(
        kind="bank_debit",
        brand="Bank debit",
        last4="6789",
        promise=_("Authorized at once, settles in 3 days"),
        at_once=FactKind.AUTHORIZED,
        later=FactKind.SETTLED,
    ),
    Behaviour(
        kind="bank_debit",
        brand="Bank debit",
        last4="3115",
        promise=_("Authorized at once, returned after 3 days: insufficient funds (R01)"),
        at_once=FactKind.AUTHORIZED,
        later=FactKind.RETURNED,
        reason="R01",
    ),
    Behaviour(
        kind="card",
        brand="Visa",
        last4="9995",
        promise=_("Charged, but the answer gets lost"),
        answers=False,
    ),
    Behaviour(
        kind="card",
        brand="Visa",
        last4="9987",
        promise=_("Gateway cannot be reached, nothing is charged"),
        reachable=False,
    ),
)
BEHAVIOURS = {behaviour.last4: behaviour for behaviour in _ALL}
