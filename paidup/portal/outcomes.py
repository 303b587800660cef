"""What became of a payment, in words its payer understands."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paidup.lib.formatting import money
from paidup.payments.models import Claim, Intent, PayLink, PaymentMethod
from paidup.payments.states import IntentState, Purpose


@dataclass(frozen=True)
class Outcome:
    """A headline and what it means; `tone` and `icon` are the look's."""

    tone: str
    icon: str
    heading: str
    text: str
    may_try_again: bool = False


def made_by_links(link: PayLink) -> QuerySet[Intent]:
    """The payments that were made by a link of the same customer."""
    return Intent.objects.of(link.organization_id).filter(
        customer_id=link.customer_id, purpose=Purpose.PAY_LINK
    )


def payments_by(link: PayLink) -> QuerySet[Intent]:
    """Those of them that the holder of this link may see: they pay what it shows."""
    if link.invoice_id is None:
        return made_by_links(link)
    claims = Claim.objects.of(link.organization_id).filter(invoice_id=link.invoice_id)
    return made_by_links(link).filter(id__in=claims.values("intent_id"))


def numbers_of(intent: Intent) -> list[str]:
    """The numbers of the invoices a payment is for, the oldest first."""
    claims = Claim.objects.of(intent.organization_id).filter(intent=intent)
    return list(
        claims.order_by("invoice__due_on", "invoice__number").values_list(
            "invoice__number", flat=True
        )
    )


def permits(intent: Intent) -> bool:
    """Whether the method of this payment was kept for automatic payments with it."""
    if intent.customer_id is None:
        return False
    methods = PaymentMethod.objects.of(intent.organization_id).filter(token=intent.token)
    return methods.filter(customer_id=intent.customer_id, removed_at=None).exists()


def outcome_of(intent: Intent) -> Outcome:
    """What to tell the payer of this charge."""
    amount = {"amount": money(intent.amount, intent.currency)}
    match IntentState(intent.state):
        case IntentState.SETTLED:
            told = Outcome(
                "good",
                "circle-check",
                _("Thank you"),
                _("We have received your payment of %(amount)s.") % amount,
            )
        case IntentState.AUTHORIZED:
            told = Outcome(
                "info",
                "building-bank",
                _("Your payment is on its way"),
                _(
                    "Your bank is processing the payment of %(amount)s, which takes a few business "
                    "days. There is nothing else to do; we'll write to you once it has arrived."
                )
                % amount,
            )
        case IntentState.PENDING:
            told = Outcome(
                "info",
                "clock",
                _("Your payment is being made"),
                _("This takes a moment. Please don't pay again; this page shows the outcome."),
            )
        case IntentState.UNKNOWN:
            told = Outcome(
                "warn",
                "hourglass",
                _("We are waiting for your bank"),
                _(
                    "We do not know yet whether your bank took the payment. Please don't pay "
                    "again; we'll write to you."
                ),
            )
        case IntentState.CANCELLED:
            told = _again(
                "warn",
                _("Nothing was paid"),
                _("The payment of %(amount)s did not go through. Nothing was charged.") % amount,
            )
        case IntentState.RETURNED | IntentState.CHARGED_BACK:
            told = _again(
                "warn",
                _("The payment came back"),
                _("Your bank took the payment of %(amount)s back, so it is open again.") % amount,
            )
        case IntentState.FAILED:
            told = _again("bad", _("The payment was declined"), _declined(intent) % amount)
    return told


def _again(tone: str, heading: str, text: str) -> Outcome:
    return Outcome(tone, "circle-x", heading, text, may_try_again=True)


def _declined(intent: Intent) -> str:
    """Why, as far as it helps: of a card reported stolen, whoever holds it is not told so."""
    if not intent.reference:  # the gateway did not even try
        return _("The payment details were not accepted, and %(amount)s was not charged.")
    match intent.reason:
        case "insufficient_funds":
            return _("There is not enough money for %(amount)s. Nothing was charged.")
        case "expired_card":
            return _("The card has expired, so %(amount)s was not charged.")
    return _("Your bank declined %(amount)s and can tell you why. Nothing was charged.")
