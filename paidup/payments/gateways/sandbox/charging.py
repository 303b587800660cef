"""Charges: made once per key, looked up, and brought to the outcome that was put off."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.lib.ids import new_id
from paidup.lib.money import BadAmount, positive
from paidup.payments.gateways.interface import ChargeRequest, Fact, Outage, Rejected
from paidup.payments.gateways.sandbox.behaviours import BEHAVIOURS, DELAY, Behaviour
from paidup.payments.gateways.sandbox.events import facts_of, tell
from paidup.payments.gateways.sandbox.methods import use
from paidup.payments.gateways.sandbox.models import Charge

LARGEST = Decimal(10) ** 12


def charge(request: ChargeRequest) -> list[Fact]:
    """Charges once per idempotency key; all facts of the charge.

    Raises Rejected (bad amount, token or reuse of the key) and, as the method promises, Outage.
    """
    check_amount(request.amount, request.currency)
    with transaction.atomic(durable=True):
        # The key is claimed first: whoever asks with the same one waits here for the answer.
        made, first = Charge.objects.get_or_create(
            idempotency_key=request.idempotency_key,
            defaults={
                "reference": f"ch_{new_id().hex}",
                "token": request.token,
                "amount": request.amount,
                "currency": request.currency,
            },
        )
        if first:
            _run(made, at=request.at)
        elif _asked(made) != (request.token, request.amount, request.currency):
            raise Rejected(_("This key was used for another charge already."))
        facts = facts_of(made)
    if first and not _behaviour(made).answers:
        raise Outage(_("The sandbox charged the card, but its answer got lost."))
    return facts


def look_up(idempotency_key: str) -> list[Fact]:
    """All facts of the charge under this key; empty when it never arrived."""
    made = Charge.objects.filter(idempotency_key=idempotency_key).first()
    return facts_of(made) if made else []


def advance(*, at: datetime) -> int:
    """Lets every outcome come about that is due by then; how many there were."""
    with transaction.atomic(durable=True):
        due = Charge.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
        charges = list(due.order_by("due_at"))
        for made in charges:
            _come_about(made)
    return len(charges)


def check_amount(amount: Decimal, currency: str) -> None:
    """Raises Rejected unless it is above zero, exact in the currency's unit and not absurd."""
    try:
        positive(amount, currency)
    except BadAmount as problem:
        raise Rejected(str(problem)) from None
    if amount > LARGEST:
        raise Rejected(_("The sandbox takes no amount as large as this."))


def _run(made: Charge, *, at: datetime) -> None:
    """Does what the method promises, now or (by `due_at`) later."""
    made.last4 = use(made.token, at=at).last4
    behaviour = _behaviour(made)
    if not behaviour.reachable:
        raise Outage(_("The sandbox could not be reached."))
    if behaviour.later:
        made.due_at = at + DELAY
        tell(made, behaviour.at_once, at=at)
    else:
        tell(
            made,
            behaviour.at_once,
            at=at,
            reason=behaviour.reason,
            retryable=behaviour.retryable,
        )
    made.save(update_fields=["last4", "due_at"])


def _come_about(made: Charge) -> None:
    behaviour = _behaviour(made)
    if made.due_at and behaviour.later:
        tell(made, behaviour.later, at=made.due_at, reason=behaviour.reason)
    made.due_at = None
    made.save(update_fields=["due_at"])


def _asked(made: Charge) -> tuple[str, Decimal, str]:
    return made.token, made.amount, made.currency


def _behaviour(made: Charge) -> Behaviour:
    return BEHAVIOURS[made.last4]
