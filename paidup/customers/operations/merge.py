"""A customer's own part of a merge; the rooms above bring theirs before it leaves."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from paidup.customers import queries, search
from paidup.customers.merging import UNITED, unite_places
from paidup.customers.models import (
    ContactLink,
    Customer,
    CustomerValue,
    HealthChange,
    MergedCustomer,
    Note,
    OtherBalance,
    SearchRow,
)
from paidup.organizations.field_values import ValueChange, merge_values
from paidup.organizations.paying import payment_rules

from .add import CustomerRefused
from .paying import lock_payment_rules

# What the target takes over where it has nothing itself.
_FILLED = (
    "phone",
    "timezone",
    "billing_address",
    "shipping_address",
    "account_manager",
    "sales_rep",
    "manager",
    "payment_kinds",
    "invoice_template",
)

_HEALTH = ("health_score", "health_until", "health_reason")

Changes = dict[str, tuple[Any, Any]]


def lock_pair(source: Customer, target: Customer) -> tuple[Customer, Customer]:
    """Both as they are now, locked in id order, so that nothing new can refer to either; and before
    them what may be paid with, as one takes the other's share of it over.

    Raises CustomerRefused when one was merged meanwhile.
    """
    lock_payment_rules()
    rows = Customer.objects.of(source.organization_id).filter(id__in=[source.id, target.id])
    locked = {row.id: row for row in rows.order_by("id").select_for_update()}
    if len(locked) < len({source.id, target.id}):
        raise CustomerRefused(_("One of the two was merged meanwhile; open the other again."))
    return locked[source.id], locked[target.id]


def parent_after(source: Customer, target: Customer) -> Customer | None:
    """Below whom the target stands after a merge: in the source's place where it stood below the
    source, or nowhere; the source's sub-accounts come below the target."""
    above = {customer.id for customer in queries.ancestors(target)}
    stands_above = any(customer.id == target.id for customer in queries.ancestors(source))
    takes_its_place = source.id in above or (target.parent is None and not stands_above)
    parent: Customer | None = (source if takes_its_place else target).parent
    return parent


def merge_details(source: Customer, target: Customer) -> Changes:
    """What changes of the target's own details; what it has stays. The stricter wish wins."""
    changes: Changes = {
        field: (before, after)
        for field in _FILLED
        if not (before := getattr(target, field)) and (after := getattr(source, field))
    }
    _leave_a_way_to_pay(target, changes)
    if "billing_address" in changes and source.billing_country:
        changes["billing_country"] = (target.billing_country, source.billing_country)
    if target.health_score is None and source.health_score is not None:
        changes |= {name: (getattr(target, name), getattr(source, name)) for name in _HEALTH}
    tags = [*target.tags, *(tag for tag in source.tags if tag not in target.tags)]
    changes |= {
        "tags": (target.tags, tags),
        "auto_payments": (target.auto_payments, target.auto_payments and source.auto_payments),
        "late_fees": (target.late_fees, target.late_fees and source.late_fees),
        "parent": (target.parent, parent_after(source, target)),
    }
    return {field: (before, after) for field, (before, after) in changes.items() if before != after}


def _leave_a_way_to_pay(target: Customer, changes: Changes) -> None:
    """What the target would take over of how it pays stays blank where that left it nothing."""
    taken_over = changes.keys() & {"payment_kinds", "invoice_template"}
    if not taken_over:
        return
    own, template = (
        changes[field][1] if field in changes else getattr(target, field)
        for field in ("payment_kinds", "invoice_template")
    )
    if not payment_rules().offered(own, [template and template.id]):
        for field in taken_over:
            del changes[field]


def merge_customer(
    *, source: Customer, target: Customer, at: datetime
) -> tuple[Changes, list[ValueChange]]:
    """Moves contacts, notes, balances, sub-accounts and blank details, and closes the source.

    The caller holds both locked, and every other room has moved what was the source's: the
    database refuses to let a customer go to whom a row refers. Gives what changed of the target
    and in its custom fields.
    """
    changes = merge_details(source, target)
    for field, (_before, after) in changes.items():
        setattr(target, field, after)
    _remember_latest(source, target)
    target.save(
        update_fields=[*changes, "last_payment_on", "last_payment_amount", "last_contacted_at"]
    )
    rows = Customer.objects.of(source.organization_id)
    rows.filter(parent=source).exclude(id=target.id).update(parent=target)
    _merge_links(source, target)
    for table in (Note, HealthChange):
        table.objects.of(source.organization_id).filter(customer=source).update(customer=target)
    _merge_balances(source, target)
    filled = merge_values(CustomerValue, source.id, target.id)
    _leave_tombstone(source, target, at)
    rows.filter(id=source.id).delete()
    search.refresh([target.id])
    return changes, filled


def _remember_latest(source: Customer, target: Customer) -> None:
    if source.last_payment_on and (
        target.last_payment_on is None or source.last_payment_on > target.last_payment_on
    ):
        target.last_payment_on = source.last_payment_on
        target.last_payment_amount = source.last_payment_amount
    contacted = [at for at in (source.last_contacted_at, target.last_contacted_at) if at]
    target.last_contacted_at = max(contacted, default=None)


def _merge_links(source: Customer, target: Customer) -> None:
    """Who is a contact of both has one place there."""
    links = ContactLink.objects.of(source.organization_id)
    places = {link.contact_id: link for link in links.filter(customer=target)}
    for link in links.filter(customer=source, contact_id__in=places):
        place = places[link.contact_id]
        unite_places(place, [link])
        place.save(update_fields=UNITED)
        link.delete()
    links.filter(customer=source).update(customer=target)


def _merge_balances(source: Customer, target: Customer) -> None:
    organization_id = source.organization_id
    others = OtherBalance.objects.of(organization_id)
    moved: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    moved[source.currency] = (source.open_amount, source.unapplied_amount)
    for other in others.filter(customer=source):
        moved[other.currency] = (other.open_amount, other.unapplied_amount)
    for currency, (opened, unapplied) in moved.items():
        amounts = {
            "open_amount": F("open_amount") + opened,
            "unapplied_amount": F("unapplied_amount") + unapplied,
        }
        if currency == target.currency:
            Customer.objects.of(organization_id).filter(id=target.id).update(**amounts)
        elif opened or unapplied:
            others.get_or_create(
                organization_id=organization_id, customer=target, currency=currency
            )
            others.filter(customer=target, currency=currency).update(**amounts)
    others.filter(customer=source).delete()


def _leave_tombstone(source: Customer, target: Customer, at: datetime) -> None:
    merged = MergedCustomer.objects.of(source.organization_id)
    merged.filter(into=source).update(into=target)
    merged.create(
        id=source.id,
        organization_id=source.organization_id,
        into=target,
        entity_id=source.entity_id,
        number=source.number,
        name=source.name,
        merged_at=at,
    )
    SearchRow.objects.filter(organization_id=source.organization_id, customer_id=source.id).delete()
