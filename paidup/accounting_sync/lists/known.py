"""What is known already of the customers and people of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from paidup.lib import tenancy
from paidup.lib.bulk import staged


class KnownCustomer(NamedTuple):
    id: UUID
    number: str
    name: str
    currency: str
    language: str
    values: dict[str, Any]  # by field, as a list gives them


class KnownPlace(NamedTuple):
    """A person at a customer."""

    link_id: UUID
    customer_id: UUID
    contact_id: UUID
    name: str
    email: str
    phone: str
    language: str
    role: str
    gets_invoices: bool
    gets_reminders: bool
    gets_statements: bool
    gets_receipts: bool


@dataclass(frozen=True)
class Known:
    """Customers by account number; the names of those into which others merged, by the old one."""

    customers: dict[str, KnownCustomer]
    merged: dict[str, KnownCustomer]
    places: dict[UUID, list[KnownPlace]]  # by customer


_FIELDS = (
    "name", "phone", "language", "terms_days", "billing_address", "billing_country",
    "shipping_address", "tags", "currency", "parent_id", "billing_owner_id",
    "account_manager_id", "sales_rep_id", "manager_id",
)  # fmt: skip


def look_up(numbers: Iterable[str], *, entity_id: UUID, lock: bool) -> Known:
    """Reads what the entity has of these account numbers; with `lock` nobody changes it meanwhile.

    First the customers are locked, then the people there, each in the order of their ids.
    """
    values = {"organization": tenancy.current(), "entity": entity_id}
    rows = ((number,) for number in dict.fromkeys(numbers))
    with staged("listed", {"number": "text"}, rows), connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS + (" FOR NO KEY UPDATE OF c" if lock else ""), values)
        customers: dict[str, KnownCustomer] = {}
        merged: dict[str, KnownCustomer] = {}
        for listed, customer_id, number, *details in cursor.fetchall():
            found = dict(zip(_FIELDS, details, strict=True))
            known = KnownCustomer(
                customer_id,
                number,
                found["name"],
                found["currency"],
                found["language"],
                {field.removesuffix("_id"): value for field, value in found.items()},
            )
            (customers if listed == number else merged)[listed] = known
    places: dict[UUID, list[KnownPlace]] = {}
    everybody = {known.id for known in (*customers.values(), *merged.values())}
    with (
        staged("listed_customer", {"id": "uuid"}, ((one,) for one in everybody)),
        connection.cursor() as cursor,
    ):
        cursor.execute(_PLACES + (" FOR NO KEY UPDATE OF p" if lock else ""), values)
        for row in cursor.fetchall():
            place = KnownPlace(*row)
            places.setdefault(place.customer_id, []).append(place)
    return Known(customers, merged, places)


def parents(entity_id: UUID) -> dict[UUID, UUID]:
    """The parent of each customer of the entity that has one."""
    values = {"organization": tenancy.current(), "entity": entity_id}
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, values)
        return dict(cursor.fetchall())


_CUSTOMERS = f"""
    SELECT known.listed, c.id, c.number, {", ".join(f"c.{field}" for field in _FIELDS)}
    FROM (
        SELECT l.number AS listed, c.id FROM listed l
        JOIN customers_customer c ON c.organization_id = %(organization)s
            AND c.entity_id = %(entity)s AND c.number = l.number
        UNION ALL
        SELECT l.number, m.into_id FROM listed l
        JOIN customers_mergedcustomer m ON m.organization_id = %(organization)s
            AND m.entity_id = %(entity)s AND m.number = l.number
    ) known
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = known.id
    ORDER BY c.id
"""  # noqa: S608  names from above

_PLACES = """
    SELECT k.id, k.customer_id, p.id, p.name, p.email, p.phone, p.language, k.role,
        k.gets_invoices, k.gets_reminders, k.gets_statements, k.gets_receipts
    FROM listed_customer l
    JOIN customers_contactlink k ON k.organization_id = %(organization)s AND k.customer_id = l.id
    JOIN customers_contact p ON p.organization_id = %(organization)s AND p.id = k.contact_id
    ORDER BY p.id, k.id
"""

_PARENTS = """
    SELECT id, parent_id FROM customers_customer
    WHERE organization_id = %(organization)s AND entity_id = %(entity)s AND parent_id IS NOT NULL
"""
