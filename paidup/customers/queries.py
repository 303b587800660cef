"""Reads of customers and of the people there."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    F,
    IntegerField,
    QuerySet,
    TextField,
    When,
)
from django.db.models.functions import Cast

from paidup.lib import keyset, tenancy
from paidup.lib.among import among
from paidup.lib.keyset import Order, Page

from . import listing
from .models import (
    Contact,
    ContactLink,
    Customer,
    DeletedCustomer,
    MergedCustomer,
)
from .search import Hits
from .states import ContactRole


class MainContact(NamedTuple):
    """The person to speak to."""

    name: str
    email: str
    phone: str


def main_contacts(customer_ids: Iterable[UUID]) -> dict[UUID, MainContact]:
    """The person to speak to at each customer: of billing, else any; the one added first."""
    links = (
        ContactLink.objects.visible(tenancy.current())
        .filter(among("customer_id", customer_ids))
        .order_by("customer_id", _billing_first(), "id")
        .distinct("customer_id")
        # A phone number as it stands: taken apart, a page of them costs as much as its rows.
        .values_list(
            "customer_id",
            "contact__name",
            "contact__email",
            Cast("contact__phone", TextField()),
        )
    )
    return {customer_id: MainContact(*person) for customer_id, *person in links}


def contacts_page(
    hits: Hits | None, *, after: str = "", before: str = "", size: int = 50
) -> Page[Contact]:
    """A page of the people, by name; of a search those it found."""
    rows = Contact.objects.visible(tenancy.current()).standing()
    if hits:
        rows = rows.filter(listing.among(hits))
    order = Order(F("sort_name"), str)
    return keyset.page(rows, order, after=after, before=before, size=size)


def count_contacts() -> int:
    """How many people there are at all customers."""
    return Contact.objects.visible(tenancy.current()).standing().count()


def contacts_merged_into(contact: Contact) -> list[Contact]:
    """Those that were merged into this contact, the first one first."""
    return list(Contact.objects.of(tenancy.current()).filter(merged_into=contact).order_by("id"))


def customers_of(contact_ids: Iterable[UUID]) -> dict[UUID, list[ContactLink]]:
    """By contact, its places with their customers, by name."""
    links: dict[UUID, list[ContactLink]] = {}
    for link in (
        ContactLink.objects.visible(tenancy.current())
        .filter(contact_id__in=list(contact_ids))
        .order_by("customer__sort_name", "id")
        .select_related("customer")
    ):
        links.setdefault(link.contact_id, []).append(link)
    return links


def contacts_of(customer_id: UUID) -> QuerySet[ContactLink]:
    """A customer's people with their place there, those of billing first."""
    return (
        ContactLink.objects.visible(tenancy.current())
        .filter(customer_id=customer_id)
        .order_by(_billing_first(), "id")
        .select_related("contact")
    )


def current(customer_id: UUID) -> Customer:
    """The customer of that id, or the one into which it was merged. Raises DoesNotExist."""
    rows = Customer.objects.of(tenancy.current())
    return rows.get(id=merged_into(customer_id) or customer_id)


def merged_into(customer_id: UUID) -> UUID | None:
    """Into which customer the one of that id was merged; None where it wasn't."""
    merged = MergedCustomer.objects.visible(tenancy.current()).filter(id=customer_id)
    return merged.values_list("into_id", flat=True).first()


def deleted_at(customer_id: UUID) -> datetime | None:
    """When the customer of that id was deleted; None where it wasn't."""
    deleted = DeletedCustomer.objects.of(tenancy.current()).filter(id=customer_id)
    return deleted.values_list("deleted_at", flat=True).first()


def ids_of(customer_id: UUID) -> list[UUID]:
    """Under which ids a customer's past is kept: its own, and those merged into it."""
    merged = MergedCustomer.objects.visible(tenancy.current()).filter(into_id=customer_id)
    return [customer_id, *merged.values_list("id", flat=True)]


def ancestors(customer: Customer) -> list[Customer]:
    """The customers above this one, the nearest first."""
    above = []
    parent = customer.parent
    while parent:
        above.append(parent)
        parent = parent.parent
    return above


def _billing_first() -> Case:
    return Case(When(role=ContactRole.BILLING, then=0), default=1, output_field=IntegerField())
