"""What of a ledger's file the books know already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from paidup.lib import tenancy
from paidup.lib.bulk import staged

from .ledger_file import Row


class KnownCustomer(NamedTuple):
    id: UUID
    state: str


class KnownInvoice(NamedTuple):
    id: UUID
    customer_id: UUID | None  # none once it was deleted
    account: str
    issued_on: date
    due_on: date
    total: Decimal
    currency: str
    open_amount: Decimal
    was_disputed: bool


@dataclass(frozen=True)
class Books:
    """Known customers by account number, known invoices by number."""

    customers: dict[str, KnownCustomer]
    invoices: dict[str, KnownInvoice]


def look_up(rows: Iterable[Row], *, entity_id: UUID) -> Books:
    """Reads what the entity has of these accounts and invoices, and locks those customers."""
    columns = {"account": "text", "number": "text"}
    values = {"organization": tenancy.current(), "entity": entity_id}
    with (
        staged("ledger_row", columns, ((row.account, row.number) for row in rows)),
        connection.cursor() as cursor,
    ):
        cursor.execute(_CUSTOMERS, values)
        customers = {number: KnownCustomer(*rest) for number, *rest in cursor.fetchall()}
        cursor.execute(_INVOICES, values)
        invoices = {number: KnownInvoice(*rest) for number, *rest in cursor.fetchall()}
    return Books(customers, invoices)


_CUSTOMERS = """
    SELECT known.account, c.id, c.state
    FROM (
        SELECT c.number AS account, c.id FROM (SELECT DISTINCT account FROM ledger_row) r
        JOIN customers_customer c ON c.organization_id = %(organization)s
            AND c.entity_id = %(entity)s AND c.number = r.account
        UNION ALL
        -- The number of a merged customer leads to the one it became.
        SELECT m.number, m.into_id FROM (SELECT DISTINCT account FROM ledger_row) r
        JOIN customers_mergedcustomer m ON m.organization_id = %(organization)s
            AND m.entity_id = %(entity)s AND m.number = r.account
    ) known
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = known.id
    ORDER BY c.id
    FOR NO KEY UPDATE OF c
"""

_INVOICES = """
    SELECT i.number, i.id, i.customer_id, c.number, i.issued_on, i.due_on, i.total, i.currency,
        i.open_amount, EXISTS (
            SELECT FROM invoicing_dispute d
            WHERE d.organization_id = i.organization_id AND d.invoice_id = i.id)
    FROM (SELECT DISTINCT number FROM ledger_row) r
    JOIN invoicing_invoice i ON i.organization_id = %(organization)s
        AND i.entity_id = %(entity)s AND i.number = r.number
    LEFT JOIN customers_customer c
        ON c.organization_id = i.organization_id AND c.id = i.customer_id
"""
