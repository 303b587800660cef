"""Changing what is known of a customer. Each change leaves an event with before and after."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.customers import search
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.organizations.field_values import Given, ValueChange
from paidup.organizations.models import InvoiceTemplate, Member
from paidup.organizations.paying import in_words, payment_rules
from paidup.organizations.queries import default_template

from .add import CustomerRefused, fill_in, refuse_number_of_merged, taken
from .paying import in_turn, lock_payment_rules


class Details(TypedDict, total=False):
    """What may be changed of a customer; what is left out stays as it is."""

    name: str
    number: str
    phone: str
    language: str
    terms_days: int
    billing_address: str
    billing_country: str
    shipping_address: str
    tags: list[str]
    parent: Customer | None
    account_manager: Member | None
    sales_rep: Member | None
    manager: Member | None
    payment_kinds: list[str]
    invoice_template: InvoiceTemplate | None


PERSONAL = frozenset(
    {"name", "number", "phone", "billing_address", "shipping_address", "tags", "health_reason"}
)
SEARCHED = frozenset({"name", "number", "phone"})


@transaction.atomic
def edit_customer(
    *,
    customer: Customer,
    by: Actor,
    at: datetime,
    fields: Given | None = None,
    **details: Unpack[Details],
) -> Customer:
    """Changes a customer and what its custom `fields` hold; nothing is recorded where nothing
    differs.

    Raises CustomerRefused for an empty name, a number that is taken, a parent that is the
    customer itself, below it, or of another entity, or where it could pay with nothing; also for a
    field or template that was removed meanwhile.
    """
    if details.keys() & {"payment_kinds", "invoice_template"}:
        lock_payment_rules()
    if "payment_kinds" in details:
        details["payment_kinds"] = in_turn(details["payment_kinds"])
    customer = _locked(customer)
    changes = _changes(customer, dict(details))
    _refuse(customer, changes)
    _refuse_no_way_to_pay(customer, changes)
    filled = fill_in(customer, fields or {})
    if not changes and not filled:
        return customer
    if changes:
        _store(customer, changes)
    history.record(
        "customer.edited",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=customer.id,
        data={"changes": written(changes, personal=False)},
        personal=personal_part(changes, filled),
    )
    return customer


def _store(customer: Customer, changes: dict[str, tuple[Any, Any]]) -> None:
    for field, (_before, after) in changes.items():
        setattr(customer, field, after)
    customer.sort_name = search.fold(customer.name)
    try:
        with transaction.atomic():
            customer.save(update_fields=[*changes, "sort_name"])
    except IntegrityError:
        raise CustomerRefused(taken(customer.number)) from None
    if SEARCHED & set(changes):
        search.refresh([customer.id])


def change_owner(*, customer: Customer, owner: Member, by: Actor, at: datetime) -> None:
    """Gives the customer another billing owner. Raises CustomerRefused for one who has left."""
    change_owners(customer_ids=[customer.id], owner=owner, by=by, at=at)


@transaction.atomic
def change_owners(
    *, customer_ids: Iterable[UUID], owner: Member, by: Actor, at: datetime
) -> set[UUID]:
    """Gives many customers another billing owner, with an event for each; which ones have changed.

    Raises CustomerRefused for an owner who has left.
    """
    _refuse_leaver(owner)
    rows = Customer.objects.of(owner.organization_id).filter(id__in=list(customer_ids))
    before = rows.exclude(billing_owner=owner).locked().values_list("id", "billing_owner_id")
    changed = dict(before)
    rows.filter(id__in=changed).update(billing_owner=owner)
    history.record_all(
        (_owner_changed(customer_id, former, owner) for customer_id, former in changed.items()),
        by=by,
        at=at,
    )
    return set(changed)


def _refuse_leaver(owner: Member) -> None:
    if not owner.active:
        raise CustomerRefused(
            _("%s is no active member any more; choose another person.") % owner.name
        )


def _owner_changed(customer_id: UUID, before: UUID, owner: Member) -> Happening:
    return Happening(
        kind="customer.owner_changed",
        customer_id=customer_id,
        subject_id=customer_id,
        data={"before": str(before), "after": str(owner.id)},
    )


@transaction.atomic
def set_auto_payments(*, customer: Customer, allowed: bool, by: Actor, at: datetime) -> None:
    """Allows the customer's invoices to be charged automatically, or stops that."""
    _change(
        customer,
        "auto_payments",
        to=allowed,
        event="customer.auto_payments_enabled" if allowed else "customer.auto_payments_disabled",
        by=by,
        at=at,
    )


@transaction.atomic
def set_late_fees(*, customer: Customer, charged: bool, by: Actor, at: datetime) -> None:
    """Lets the organization's late fees be charged to the customer, or keeps it out of them."""
    _change(
        customer,
        "late_fees",
        to=charged,
        event="customer.late_fees_enabled" if charged else "customer.late_fees_disabled",
        by=by,
        at=at,
    )


def _change(
    customer: Customer, name: str, *, to: bool, event: str, by: Actor, at: datetime
) -> None:
    customer = _locked(customer)
    if getattr(customer, name) == to:
        return
    setattr(customer, name, to)
    customer.save(update_fields=[name])
    history.record(event, by=by, at=at, customer_id=customer.id, subject_id=customer.id)


def personal_part(
    changes: dict[str, tuple[Any, Any]], filled: Iterable[ValueChange]
) -> dict[str, Any]:
    """What an event keeps apart: a custom field may hold anything, so all of it."""
    told = [change.told() for change in filled]
    return {"changes": written(changes, personal=True)} | ({"fields": told} if told else {})


def written(changes: dict[str, tuple[Any, Any]], *, personal: bool) -> dict[str, list[Any]]:
    """Before and after as an event keeps them: people and customers by their ids, a template by
    its name."""
    return {
        field: [_as_kept(before), _as_kept(after)]
        for field, (before, after) in changes.items()
        if (field in PERSONAL) is personal
    }


def _as_kept(value: Any) -> Any:
    if isinstance(value, Member | Customer):
        return str(value.id)
    if isinstance(value, InvoiceTemplate):
        return value.name
    return value if isinstance(value, int | list) or value is None else str(value)


def _locked(customer: Customer) -> Customer:
    return Customer.objects.of(customer.organization_id).locked().get(id=customer.id)


def _changes(customer: Customer, details: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    for field, value in details.items():
        if isinstance(value, str):
            details[field] = value.strip()
    return {
        field: (before, after)
        for field, after in details.items()
        if (before := getattr(customer, field)) != after
    }


def _refuse_no_way_to_pay(customer: Customer, changes: dict[str, tuple[Any, Any]]) -> None:
    if not changes.keys() & {"payment_kinds", "invoice_template"}:
        return
    own: list[str] = changes.get("payment_kinds", (None, customer.payment_kinds))[1]
    template: InvoiceTemplate | None = changes.get(
        "invoice_template", (None, customer.invoice_template)
    )[1]
    template = template or default_template(customer.organization_id)
    template.refresh_from_db()
    if template.removed:
        raise CustomerRefused(_("This invoice template was removed meanwhile; choose another one."))
    if not payment_rules().offered(own, [template.id]):
        raise CustomerRefused(
            _(
                "It would be left with nothing to pay with: of %(kinds)s nothing is both taken by "
                "%(organization)s and let through by the invoice template “%(template)s”."
            )
            % {
                "kinds": in_words(own),
                "organization": customer.organization.name,
                "template": template.name,
            }
        )


def _refuse(customer: Customer, changes: dict[str, tuple[Any, Any]]) -> None:
    details = {field: after for field, (_before, after) in changes.items()}
    if not details.get("name", "unchanged"):
        raise CustomerRefused(_("Give the customer a name."))
    if not details.get("number", "unchanged"):
        raise CustomerRefused(_("Give the customer an account number."))
    if "number" in details:
        refuse_number_of_merged(customer.entity_id, details["number"])
    parent = cast("Customer | None", details.get("parent"))
    if parent is None:
        return
    if parent.entity_id != customer.entity_id:
        raise CustomerRefused(_("%s is billed by another entity; choose another parent.") % parent)
    above: Customer | None = parent
    while above:
        if above.id == customer.id:
            raise CustomerRefused(
                _("%s can't be its parent: it is the customer itself or below it.") % parent
            )
        above = above.parent
