"""Whether business with a customer goes on: active, deactivated, archived."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer, OtherBalance
from paidup.customers.states import CustomerState
from paidup.history import operations as history
from paidup.history.actors import Actor, system
from paidup.lib import tenancy

from .add import CustomerRefused


@transaction.atomic
def deactivate_customer(*, customer: Customer, by: Actor, at: datetime) -> None:
    """No new invoices, cadences or autopay from now on; what is open stays collectable by hand.

    Raises CustomerRefused for an archived one.
    """
    customer = _locked(customer)
    if customer.state == CustomerState.ARCHIVED:
        raise CustomerRefused(_("%s is archived; reactivate it first.") % customer.name)
    _move(customer, CustomerState.INACTIVE, "customer.deactivated", by=by, at=at)


@transaction.atomic
def archive_customer(*, customer: Customer, by: Actor, at: datetime) -> None:
    """Puts the customer away, out of the daily lists; nothing of it is lost.

    Raises CustomerRefused while anything is open or unapplied.
    """
    customer = _locked(customer)
    if refusal := archiving_refusal(customer):
        raise CustomerRefused(refusal)
    _move(customer, CustomerState.ARCHIVED, "customer.archived", by=by, at=at)


@transaction.atomic
def reactivate_customer(*, customer: Customer, by: Actor, at: datetime) -> None:
    """Goes on with a deactivated or archived customer."""
    _move(_locked(customer), CustomerState.ACTIVE, "customer.reactivated", by=by, at=at)


def archiving_refusal(customer: Customer) -> str:
    """What keeps the customer from being archived; empty for nothing."""
    others = OtherBalance.objects.of(customer.organization_id).filter(customer=customer)
    balances = [
        (customer.open_amount, customer.unapplied_amount),
        *others.values_list("open_amount", "unapplied_amount"),
    ]
    if any(opened for opened, _unapplied in balances):
        return _("%s has an open balance; archive it once that is settled.") % customer.name
    if any(unapplied for _opened, unapplied in balances):
        return _("%s has unapplied money; apply or refund it before archiving.") % customer.name
    return ""


def leave_archive(*, customer_id: UUID, at: datetime) -> None:
    """Takes the customer out of the archive, were it there: something is owed or left again."""
    archived = Customer.objects.of(tenancy.current()).filter(state=CustomerState.ARCHIVED)
    if customer := archived.filter(id=customer_id).first():
        _move(customer, CustomerState.INACTIVE, "customer.unarchived", by=system("ledger"), at=at)


def _locked(customer: Customer) -> Customer:
    return Customer.objects.of(customer.organization_id).locked().get(id=customer.id)


def _move(customer: Customer, state: CustomerState, event: str, *, by: Actor, at: datetime) -> None:
    if customer.state == state:
        return
    before = customer.state
    customer.state = state
    customer.save(update_fields=["state"])
    history.record(
        event,
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=customer.id,
        data={"before": before},
    )
