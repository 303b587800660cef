"""A customer's own part of its deletion; the rooms above bring theirs before it goes."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from paidup.customers import queries
from paidup.customers.models import (
    Contact,
    ContactLink,
    Customer,
    CustomerValue,
    DeletedCustomer,
    HealthChange,
    MergedCustomer,
    Note,
    OtherBalance,
    SearchRow,
)

from .add import CustomerRefused


def lock_for_deletion(customer: Customer) -> Customer:
    """The customer as it is now, locked so that nothing new can refer to it.

    Raises CustomerRefused when it was merged or deleted meanwhile.
    """
    rows = Customer.objects.of(customer.organization_id).filter(id=customer.id)
    locked = rows.select_for_update().first()
    if locked is None:
        raise CustomerRefused(_("This customer was merged or deleted meanwhile."))
    return locked


def contacts_of_nobody_else(customer: Customer) -> list[Contact]:
    """The people who are contacts of this customer alone, with those merged into them."""
    links = ContactLink.objects.of(customer.organization_id)
    mine = links.filter(contact=OuterRef("id"), customer=customer)
    others = links.filter(contact=OuterRef("id")).exclude(customer=customer)
    people = Contact.objects.of(customer.organization_id)
    alone = people.filter(Exists(mine)).exclude(Exists(others))
    return list(people.filter(Q(id__in=alone.values("id")) | Q(merged_into__in=alone.values("id"))))


def erase_customer(*, customer: Customer, contact_ids: list[UUID], at: datetime) -> set[UUID]:
    """Erases the customer with its notes and these contacts, and leaves of it that it was deleted,
    and when. Sub-accounts stand alone then. Gives the ids of what is erased.

    The caller holds it locked, and every other room has erased what was the customer's: the
    database refuses to let a customer go to whom a row refers.
    """
    organization_id = customer.organization_id
    notes = Note.objects.of(organization_id).filter(customer=customer)
    ids = {*notes.values_list("id", flat=True), *contact_ids}
    notes.delete()
    _erase_contacts(customer, contact_ids)
    for table in (OtherBalance, CustomerValue, HealthChange):
        table.objects.of(organization_id).filter(customer=customer).delete()
    SearchRow.objects.filter(organization_id=organization_id, customer_id=customer.id).delete()
    DeletedCustomer.objects.bulk_create(
        DeletedCustomer(id=known, organization_id=organization_id, deleted_at=at)
        for known in queries.ids_of(customer.id)
    )
    MergedCustomer.objects.of(organization_id).filter(into=customer).delete()
    rows = Customer.objects.of(organization_id)
    rows.filter(parent=customer).update(parent=None)
    rows.filter(id=customer.id).delete()
    return ids


def _erase_contacts(customer: Customer, contact_ids: list[UUID]) -> None:
    ContactLink.objects.of(customer.organization_id).filter(customer=customer).delete()
    people = Contact.objects.of(customer.organization_id).filter(id__in=contact_ids)
    people.filter(merged_into__isnull=False).delete()
    people.delete()
