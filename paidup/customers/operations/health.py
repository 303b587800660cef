"""How a customer stands, as a colleague judges it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import LONGEST_REASON, Customer, HealthChange
from paidup.history import operations as history
from paidup.history.actors import Actor, ActorKind
from paidup.history.operations import Happening
from paidup.lib import cards, tenancy

from .add import CustomerRefused


@transaction.atomic
def set_health(
    *,
    customer: Customer,
    score: int,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
    until: date | None = None,
) -> None:
    """Sets the customer's health from 0 to 100, for good or up to and including a day.

    Card numbers in the reason are masked. Raises CustomerRefused for another score, without a
    reason, for one that is too long, and for a day that has passed.
    """
    reason = cards.masked(" ".join(reason.split()))
    if not 0 <= score <= 100:
        raise CustomerRefused(_("Health goes from 0 to 100."))
    if not reason:
        raise CustomerRefused(_("Say why, so that colleagues understand it."))
    if len(reason) > LONGEST_REASON:
        raise CustomerRefused(_("A reason has at most %s characters.") % LONGEST_REASON)
    if until and until < on:
        raise CustomerRefused(_("That day has passed; choose today or later, or none."))
    customer = Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    standing = (customer.health_score, customer.health_until, customer.health_reason)
    if standing != (score, until, reason):
        _change([customer], "customer.health_set", score, until, reason, by=by, at=at)


@transaction.atomic
def clear_health(*, customer: Customer, by: Actor, at: datetime) -> None:
    """Takes the customer's health back. One without is quietly left so."""
    rows = Customer.objects.of(customer.organization_id).filter(health_score__isnull=False)
    _change(list(rows.filter(id=customer.id).locked()), "customer.health_cleared", by=by, at=at)


@transaction.atomic
def end_health(*, on: date, by: Actor, at: datetime) -> int:
    """Takes back what counted until a day that has passed; of how many customers."""
    rows = Customer.objects.of(tenancy.current()).filter(health_until__lt=on)
    ended = list(rows.locked())
    _change(ended, "customer.health_ended", by=by, at=at)
    return len(ended)


def _change(
    customers: list[Customer],
    event: str,
    score: int | None = None,
    until: date | None = None,
    reason: str = "",
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Gives them this health, each with a row of its history and an event."""
    happenings = [_happening(customer, event, score, until, reason) for customer in customers]
    for customer in customers:
        customer.health_score, customer.health_until = score, until
        customer.health_reason = reason
    Customer.objects.bulk_update(
        customers, ["health_score", "health_until", "health_reason"], batch_size=2000
    )
    HealthChange.objects.bulk_create(
        (
            HealthChange(
                organization_id=customer.organization_id,
                customer=customer,
                score=score,
                until=until,
                reason=reason,
                author_id=by.id if by.kind == ActorKind.STAFF else None,
                changed_at=at,
            )
            for customer in customers
        ),
        batch_size=2000,
    )
    history.record_all(happenings, by=by, at=at)


def _happening(
    customer: Customer, event: str, score: int | None, until: date | None, reason: str
) -> Happening:
    changes: dict[str, list[Any]] = {
        "health_score": [customer.health_score, score],
        "health_until": [_written(customer.health_until), _written(until)],
    }
    return Happening(
        kind=event,
        customer_id=customer.id,
        subject_id=customer.id,
        data={
            "changes": {
                name: [before, after]
                for name, (before, after) in changes.items()
                if before != after
            }
        },
        personal={"reason": reason} if reason else None,
    )


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
