"""The life of a charge, and what else about money has a state."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.organizations.states import PaymentKind

__all__ = [
    "UNDER_WAY",
    "CreditReason",
    "IntentState",
    "PaymentKind",
    "ProposalState",
    "Purpose",
    "RefundState",
]


class IntentState(models.TextChoices):
    PENDING = "pending", _("Pending")
    UNKNOWN = "unknown", _("Unknown")  # the gateway did not answer; no new attempt until it has
    AUTHORIZED = "authorized", _("Processing")
    SETTLED = "settled", _("Settled")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    RETURNED = "returned", _("Returned")
    CHARGED_BACK = "charged_back", _("Charged back")


# While one of these, the invoices stay claimed: nobody else may charge them.
UNDER_WAY = (IntentState.PENDING, IntentState.UNKNOWN, IntentState.AUTHORIZED)


class Purpose(models.TextChoices):
    PAY_LINK = "pay_link", _("Pay link")
    AUTOPAY = "autopay", _("Auto payment")


class Channel(models.TextChoices):
    """How an authority to charge was given."""

    WEB = "web", _("On the web")
    PHONE = "phone", _("By phone")
    PAPER = "paper", _("On paper")


class ProposalState(models.TextChoices):
    """What became of a credit or refund that somebody else has to approve."""

    WAITING = "waiting", _("Waiting")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class CreditReason(models.TextChoices):
    GOODWILL = "goodwill", _("Goodwill")
    RETURN = "return", _("Returned goods")
    PRICING = "pricing", _("Pricing error")
    REFUND = "refund", _("In place of a refunded payment")
    LATE_FEE = "late_fee", _("Late fee taken back")
    OTHER = "other", _("Other")


class RefundState(models.TextChoices):
    PENDING = "pending", _("Pending")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
