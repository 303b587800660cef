"""Changing many customers and contacts at once: each changed row, its event, its search row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from paidup.history import bulk as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.lib import tenancy
from paidup.lib.bulk import execute, staged
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import ValueChange, store_values

from .models import Contact, ContactLink, CustomerValue
from .operations.edit import personal_part, written
from .search import contact_words, fold

# What a change makes a customer to be found by otherwise.
SEARCHED = frozenset({"name", "phone"})
Changes = Mapping[str, tuple[Any, Any]]  # by field what was, and what is to be

_CUSTOMER_COLUMNS = {
    "name": ("name", "text"),
    "phone": ("phone", "text"),
    "language": ("language", "text"),
    "terms_days": ("terms_days", "int2"),
    "billing_address": ("billing_address", "text"),
    "billing_country": ("billing_country", "text"),
    "shipping_address": ("shipping_address", "text"),
    "tags": ("tags", "text[]"),
    "parent": ("parent_id", "uuid"),
    "billing_owner": ("billing_owner_id", "uuid"),
    "account_manager": ("account_manager_id", "uuid"),
    "sales_rep": ("sales_rep_id", "uuid"),
    "manager": ("manager_id", "uuid"),
}
_CONTACT_COLUMNS = {field: (field, "text") for field in ("name", "email", "phone", "language")}
_PLACE_COLUMNS = {
    "role": ("role", "text"),
    **{
        field: (field, "bool")
        for field in ("gets_invoices", "gets_reminders", "gets_statements", "gets_receipts")
    },
}


@dataclass(frozen=True)
class Edit:
    """A customer, contact or place, and what changes of it. Nothing that doesn't differ."""

    id: UUID
    changes: Changes


@dataclass(frozen=True)
class CustomerEdit(Edit):
    """What changes of a customer, and in its custom fields."""

    filled: Sequence[ValueChange] = field(default_factory=list)


@dataclass(frozen=True)
class PlaceEdit(Edit):
    """What changes of a person's place at a customer."""

    customer_id: UUID
    contact_id: UUID


def edit_customers(edits: Sequence[CustomerEdit], *, by: Actor, at: datetime) -> None:
    """Changes customers, with the events that `edit_customer` and `change_owner` record.

    Parents and members come as ids; custom fields aren't emptied. Locking the rows and the fields,
    and refreshing search rows, is the caller's affair; so are the refusals.
    """
    _update("customers_customer", _CUSTOMER_COLUMNS, edits)
    fill_in(
        (edit.id, change.field.id, change.after)
        for edit in edits
        for change in edit.filled
        if change.after is not None
    )
    history.record_staged(_told(edits), by=by, at=at)


def fill_in(values: Iterable[tuple[UUID, UUID, Value]]) -> None:
    """Sets what custom fields hold of many customers: (customer, field, value)."""
    store_values(CustomerValue, values)


def edit_contacts(edits: Sequence[Edit], *, by: Actor, at: datetime) -> set[UUID]:
    """Changes people, with an event at each customer of theirs; gives those customers.

    A new address is not known to bounce. Locks, search rows and refusals as above.
    """
    organization_id, ids = tenancy.current(), [edit.id for edit in edits]
    _update("customers_contact", _CONTACT_COLUMNS, edits)
    execute(
        "UPDATE customers_contact SET bounced_at = NULL"
        " WHERE organization_id = %(organization)s AND id = ANY(%(ids)s)",
        organization=organization_id,
        ids=[edit.id for edit in edits if "email" in edit.changes],
    )
    _write_words(ids)
    places = defaultdict(list)
    links = ContactLink.objects.of(organization_id).filter(contact_id__in=ids)
    for contact_id, customer_id in links.values_list("contact_id", "customer_id"):
        places[contact_id].append(customer_id)
    history.record_staged(
        (
            Happening(
                kind="contact.edited",
                customer_id=customer_id,
                subject_id=edit.id,
                personal={"changes": {name: list(both) for name, both in edit.changes.items()}},
            )
            for edit in edits
            for customer_id in places[edit.id]
        ),
        by=by,
        at=at,
    )
    return {customer_id for customers in places.values() for customer_id in customers}


def edit_places(edits: Sequence[PlaceEdit], *, by: Actor, at: datetime) -> None:
    """Changes roles, and which messages people receive, with one event each."""
    _update("customers_contactlink", _PLACE_COLUMNS, edits)
    history.record_staged(
        (
            Happening(
                kind="contact.place_changed",
                customer_id=edit.customer_id,
                subject_id=edit.contact_id,
                data={"changes": written(dict(edit.changes), personal=False)},
            )
            for edit in edits
        ),
        by=by,
        at=at,
    )


def _told(edits: Iterable[CustomerEdit]) -> Iterator[Happening]:
    for edit in edits:
        changes = dict(edit.changes)
        owner = changes.pop("billing_owner", None)
        if changes or edit.filled:
            yield Happening(
                kind="customer.edited",
                customer_id=edit.id,
                subject_id=edit.id,
                data={"changes": written(changes, personal=False)},
                personal=personal_part(changes, edit.filled),
            )
        if owner:
            before, after = map(str, owner)
            yield Happening(
                kind="customer.owner_changed",
                customer_id=edit.id,
                subject_id=edit.id,
                data={"before": before, "after": after},
            )


def _update(table: str, columns: Mapping[str, tuple[str, str]], edits: Sequence[Edit]) -> None:
    """One statement for each set of fields that change together: files have few such sets."""
    alike: dict[tuple[str, ...], list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.changes:
            alike[tuple(edit.changes)].append(edit)
    for fields, some in alike.items():
        kinds = {"id": "uuid", **dict(columns[field] for field in fields)}
        rows: Iterable[list[Any]] = (
            [edit.id, *(after for _before, after in edit.changes.values())] for edit in some
        )
        if "name" in fields:
            kinds["sort_name"] = "text"
            rows = ([*row, fold(row[1 + fields.index("name")])] for row in rows)
        with staged("edited", kinds, rows):
            changed = ", ".join(f"{column} = e.{column}" for column in list(kinds)[1:])
            execute(
                f"UPDATE {table} t SET {changed} FROM edited e"  # noqa: S608  names from above
                " WHERE t.organization_id = %(organization)s AND t.id = e.id",
                organization=tenancy.current(),
            )


def _write_words(contact_ids: Sequence[UUID]) -> None:
    """What changed people are found by, with the addresses of those merged into them."""
    people = Contact.objects.of(tenancy.current())
    emails: dict[UUID | None, list[str]] = defaultdict(list)
    merged = people.filter(merged_into_id__in=contact_ids).order_by("id")
    for into_id, email in merged.values_list("merged_into_id", "email"):
        emails[into_id].append(email)
    rows = (
        (
            contact_id,
            contact_words(
                name=name,
                email=" ".join(dict.fromkeys([email, *emails[contact_id]])),
                phone=phone,
            ),
        )
        for contact_id, name, email, phone in people.filter(id__in=contact_ids).values_list(
            "id", "name", "email", Cast("phone", TextField())
        )
    )
    with staged("found_by", {"id": "uuid", "words": "text"}, rows):
        execute(
            "UPDATE customers_contact c SET words = f.words FROM found_by f"
            " WHERE c.organization_id = %(organization)s AND c.id = f.id",
            organization=tenancy.current(),
        )
