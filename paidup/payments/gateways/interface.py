"""What a payment gateway must do for us, and the facts it tells us back.

A gateway never decides anything here: it is asked to charge or refund under an idempotency key
of ours, and it reports facts. Amounts are computed by folding those facts (`fold`), so a webhook
that repeats, races a redirect or arrives out of order changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class FactKind(StrEnum):
    """One thing that happened to a charge, in the gateway's own account of it."""

    AUTHORIZED = "authorized"
    SETTLED = "settled"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    CHARGED_BACK = "charged_back"
    REFUNDED = "refunded"


class Outage(Exception):
    """The gateway did not answer, or not in time: whether it acted is unknown."""


class Rejected(Exception):
    """The gateway refused the request itself (bad token, bad amount): nothing was charged."""


class BadSignature(Exception):
    """A webhook that the gateway did not sign, or signed too long ago."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact, with the gateway's own id for it.

    A fact told twice (by the answer, a look-up, a webhook) bears the same id and says the same.
    """

    id: str
    kind: FactKind
    idempotency_key: str  # of the charge, also when a refund of it is told
    reference: str  # the gateway's own number of the charge
    amount: Decimal
    currency: str
    at: datetime
    reason: str = ""  # the gateway's decline, return or dispute code
    retryable: bool = False  # a soft decline: the same method may work on another day
    refund_key: str = ""  # the idempotency key of the refund, when one of ours is told


@dataclass(frozen=True, kw_only=True)
class Method:
    """What may be shown of a payment method. Never a full number."""

    token: str
    kind: str  # "card" or "bank_debit"
    brand: str
    last4: str
    is_saved: bool  # in the vault already, rather than just entered in the hosted form
    expires_on: str = ""  # "2028-05", empty for bank accounts


@dataclass(frozen=True, kw_only=True)
class ChargeRequest:
    """What is to be charged, to which method, under which key of ours."""

    idempotency_key: str
    token: str
    amount: Decimal
    currency: str
    description: str
    off_session: bool  # true when the payer is not present (autopay)
    at: datetime  # when we ask; a real vendor goes by its own clock, the sandbox by this one


class Gateway(Protocol):
    """One vendor. Every call may raise Outage; those that take a token or amount, Rejected.

    What changes something there (`charge`, `refund`, `save`, `forget`) raises RuntimeError inside a
    transaction of ours: it could still roll back, and the vendor would not.
    """

    name: str

    def charge(self, request: ChargeRequest) -> list[Fact]:
        """Charges once per idempotency key, however often it is called; all facts of the charge."""

    def look_up(self, idempotency_key: str) -> list[Fact]:
        """All facts known of the charge under this key; empty when the gateway never saw it."""

    def refund(
        self, *, idempotency_key: str, charge_key: str, amount: Decimal, at: datetime
    ) -> list[Fact]:
        """Gives back part or all of the charge made under `charge_key`; all facts of the charge.

        Once per idempotency key; never more than was captured and has not come back yet.
        """

    def describe(self, token: str) -> Method:
        """What may be shown of the method behind a token of the hosted form."""

    def save(self, token: str) -> Method:
        """Turns an unused one-time token into one that can be charged again and again.

        The one-time token is used up by it: charge the saved one. Saving it twice gives the same.
        """

    def forget(self, token: str) -> None:
        """Erases a saved method at the gateway; quietly done if it is gone already."""

    def read_webhook(self, *, body: bytes, headers: Mapping[str, str]) -> Iterable[Fact]:
        """The facts in a webhook. Raises BadSignature when it is not the gateway's own.

        Signatures go by real time, never by a set clock.
        """

    def hosted_form_url(
        self, *, amount: Decimal | None = None, currency: str = "", kinds: Iterable[str] = ()
    ) -> str:
        """Where the frame with the gateway's own input fields is loaded from; may be a path.

        Without an amount nothing is to be paid: the method is entered to be saved. With `kinds` it
        takes methods of these alone, else of all it knows.
        """
