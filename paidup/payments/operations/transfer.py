"""Transferring a saved method from one customer to another of the same entity."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.customers.states import CustomerState
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.payments import queries
from paidup.payments.mandates import Authority
from paidup.payments.models import PaymentMethod

from .allocate import lock_customers
from .methods import MethodRefused, give_mandate, refusal_of_kind, revoke_mandate


def transfer_refusals(
    method: PaymentMethod, source: Customer, target: Customer, *, on: date
) -> list[str]:
    """Why the source's method can't become the target's now, each with what to do about it."""
    if source.id == target.id:
        return [_("That is the same customer. Choose another one.")]
    found = []
    if source.entity_id != target.entity_id:
        found.append(
            _("%(source)s is billed by %(its)s and %(target)s by %(other)s; they stay apart.")
            % {
                "source": source.name,
                "its": source.entity.name,
                "target": target.name,
                "other": target.entity.name,
            }
        )
    if target.state == CustomerState.ARCHIVED:
        found.append(_("%s is archived; reactivate it first.") % target.name)
    if method.customer_id != source.id or method.removed_at:
        found.append(_("%s is no longer on file here.") % method)
    elif method.expires_on and method.expires_on < on:
        found.append(_("%s has expired. Ask for a new method instead.") % method)
    if refusal := refusal_of_kind(method.kind, target):
        found.append(f"{target.name}: {refusal}")
    if queries.is_being_charged(method):
        found.append(
            _("A charge to %s is under way. Transfer it once that has gone through or failed.")
            % method
        )
    return found


@transaction.atomic
def transfer_method(
    *,
    method: PaymentMethod,
    target: Customer,
    on: date,
    by: Actor,
    at: datetime,
    authority: Authority | None = None,
) -> PaymentMethod:
    """Gives the target a saved method of another customer, as its default if it has none.

    The authority to charge it was given for the first customer and ends; a new one may be recorded
    with it. The first customer is left without this method, and nothing takes its place by itself;
    its row stays, removed, since that authority and its charges were of it.
    Raises MethodRefused as `transfer_refusals` says, and AllocationRefused when one of the two was
    merged or deleted just now.
    """
    lock_customers([method.customer_id, target.id], [])
    rows = Customer.objects.of(method.organization_id).select_related("entity")
    source, target = rows.get(id=method.customer_id), rows.get(id=target.id)
    methods = PaymentMethod.objects.of(method.organization_id)
    method = methods.select_for_update().get(id=method.id)
    if refusals := transfer_refusals(method, source, target, on=on):
        raise MethodRefused(" ".join(refusals))
    if mandate := queries.live_mandate(method):
        revoke_mandate(mandate=mandate, by=by, at=at)
    methods.filter(id=method.id).update(removed_at=at, default=False)
    received = PaymentMethod.objects.create(
        organization_id=method.organization_id,
        customer=target,
        gateway=method.gateway,
        token=method.token,
        kind=method.kind,
        brand=method.brand,
        last4=method.last4,
        expires_on=method.expires_on,
        default=queries.default_method(target) is None,
        saved_at=at,
    )
    told: dict[str, Any] = {
        "by": by,
        "at": at,
        "data": {"changes": {"method_of": [str(source.id), str(target.id)]}},
        "personal": {"method": str(method)},
    }
    history.record("method.transferred", customer_id=source.id, subject_id=method.id, **told)
    history.record("method.received", customer_id=target.id, subject_id=received.id, **told)
    if authority:
        give_mandate(method=received, authority=authority, by=by, at=at)
    return received
