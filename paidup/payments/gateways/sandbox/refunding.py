"""Refunds: once per key, and together never more than the charge has brought in."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.lib.formatting import money
from paidup.payments.gateways.folding import fold
from paidup.payments.gateways.interface import Fact, FactKind, Rejected
from paidup.payments.gateways.sandbox.charging import check_amount
from paidup.payments.gateways.sandbox.events import facts_of, tell
from paidup.payments.gateways.sandbox.models import Charge, Refund


def refund(*, idempotency_key: str, charge_key: str, amount: Decimal, at: datetime) -> list[Fact]:
    """Gives back part or all of a charge; all its facts. Raises Rejected when it is too much."""
    with transaction.atomic(durable=True):
        charge = _locked(charge_key)
        check_amount(amount, charge.currency)
        made, first = Refund.objects.get_or_create(
            idempotency_key=idempotency_key, defaults={"charge": charge, "amount": amount}
        )
        if first:
            _give_back(charge, made, at=at)
        elif (made.charge_id, made.amount) != (charge.reference, amount):
            raise Rejected(_("This key was used for another refund already."))
        return facts_of(charge)


def _locked(charge_key: str) -> Charge:
    """The charge, locked: two refunds at once must see each other, or both would pass."""
    charge = Charge.objects.select_for_update().filter(idempotency_key=charge_key).first()
    if charge is None:
        raise Rejected(_("The sandbox knows no charge under this key."))
    return charge


def _give_back(charge: Charge, made: Refund, *, at: datetime) -> None:
    left = fold(facts_of(charge)).kept
    if made.amount > left:
        raise Rejected(_("Only %s of this charge can be refunded.") % money(left, charge.currency))
    tell(
        charge,
        FactKind.REFUNDED,
        at=at,
        amount=made.amount,
        refund_key=made.idempotency_key,
    )
