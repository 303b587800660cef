"""Tokens: made by the hosted form, saved, described, used, forgotten."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.payments.gateways.interface import Method, Rejected
from paidup.payments.gateways.sandbox.behaviours import BEHAVIOURS
from paidup.payments.gateways.sandbox.models import StoredMethod


def expiry(kind: str, *, at: datetime) -> str:
    """The month until which a method entered now is good: a card for about two years."""
    return f"{at.year + 2}-12" if kind == "card" else ""


def tokenize(*, last4: str, at: datetime) -> Method:
    """A one-time token for the test method with these digits. Raises Rejected for others."""
    behaviour = BEHAVIOURS.get(last4)
    if behaviour is None:
        raise Rejected(_("Choose one of the test methods in the list."))
    return _shown(
        StoredMethod.objects.create(
            token=f"tok_{secrets.token_urlsafe(24)}",
            kind=behaviour.kind,
            brand=behaviour.brand,
            last4=behaviour.last4,
            expires_on=expiry(behaviour.kind, at=at),
            one_time=True,
        )
    )


def describe(token: str) -> Method:
    """What may be shown of the method behind a token. Raises Rejected for an unknown one."""
    stored = StoredMethod.objects.filter(token=token).first()
    if stored is None:
        raise _unknown()
    return _shown(stored)


def save(token: str) -> Method:
    """Turns a one-time token into one that can be charged again. Raises Rejected when used up."""
    with transaction.atomic(durable=True):
        stored = _locked(token)
        if not stored.one_time:
            return _shown(stored)
        saved = StoredMethod.objects.filter(made_from=stored).first()
        if saved is None:
            _use_up(stored)
            saved = StoredMethod.objects.create(
                token=f"pm_{secrets.token_urlsafe(24)}",
                kind=stored.kind,
                brand=stored.brand,
                last4=stored.last4,
                expires_on=stored.expires_on,
                one_time=False,
                made_from=stored,
            )
        return _shown(saved)


def forget(token: str) -> None:
    """Erases a method with the one-time token it was made from; quietly done if it is gone."""
    with transaction.atomic(durable=True):
        StoredMethod.objects.filter(saved__token=token).delete()
        StoredMethod.objects.filter(token=token).delete()


def use(token: str, *, at: datetime) -> StoredMethod:
    """The method, locked and taken for a charge. Raises Rejected when it may not be charged."""
    stored = _locked(token)
    # "2028-05" is good until that month is over; written so, months compare like their texts.
    if stored.expires_on and stored.expires_on < f"{at:%Y-%m}":
        raise Rejected(_("This card has expired. Choose another payment method."))
    if stored.one_time:
        _use_up(stored)
    return stored


def _locked(token: str) -> StoredMethod:
    stored = StoredMethod.objects.select_for_update().filter(token=token).first()
    if stored is None:
        raise _unknown()
    return stored


def _use_up(stored: StoredMethod) -> None:
    if stored.used:
        raise Rejected(_("These payment details were used already. Enter them once more."))
    stored.used = True
    stored.save(update_fields=["used"])


def _unknown() -> Rejected:
    return Rejected(_("This payment method is no longer on file. Choose another one."))


def _shown(stored: StoredMethod) -> Method:
    return Method(
        token=stored.token,
        kind=stored.kind,
        brand=stored.brand,
        last4=stored.last4,
        is_saved=not stored.one_time,
        expires_on=stored.expires_on,
    )
