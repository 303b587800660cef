"""A customer's invoices, payments, credits, refunds, statements in one order, the latest first."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from django.db import connection

from paidup.lib import keyset, tenancy
from paidup.lib.keyset import Page
from paidup.payments.states import PaymentKind
from paidup.statements.states import StatementKind

_INVOICES: LiteralString = """
    SELECT 'invoice' AS kind, id, number AS label, '' AS paid_by, issued_on AS day, due_on,
        total AS amount, open_amount, currency, state, hold, disputed_amount, promised_until,
        collection_status_id, fee_for_id IS NOT NULL, NULL::uuid
    FROM invoicing_invoice
    WHERE organization_id = %(organization)s AND customer_id = %(customer)s
"""
_SOURCES: dict[str, LiteralString] = {
    "invoices": _INVOICES,
    "open": _INVOICES + " AND state = 'open'",
    "payments": """
        SELECT 'payment', p.id, p.reference, p.kind, p.received_on AS day, NULL::date,
            -p.amount, -p.unapplied_amount, p.currency,
            CASE WHEN p.reversed_on IS NOT NULL THEN 'reversed'
                WHEN i.state = 'authorized' THEN 'processing' ELSE '' END,
            '', 0::numeric, NULL::date, NULL::uuid, false, NULL::uuid
        FROM payments_payment p
        LEFT JOIN payments_intent i
            ON i.organization_id = %(organization)s AND i.id = p.intent_id
        WHERE p.organization_id = %(organization)s AND p.customer_id = %(customer)s
    """,
    "credits": """
        SELECT 'credit', id, number, '', granted_on AS day, NULL::date,
            -amount, -unapplied_amount, currency, '', '', 0::numeric, NULL::date, NULL::uuid, false,
            NULL::uuid
        FROM payments_credit
        WHERE organization_id = %(organization)s AND customer_id = %(customer)s
    """,
    "refunds": """
        SELECT 'refund', r.id, r.reason, '', r.refunded_on AS day, NULL::date,
            r.amount, 0::numeric, p.currency, r.state, '', 0::numeric, NULL::date, NULL::uuid,
            false, r.payment_id
        FROM payments_refund r
        JOIN payments_payment p ON p.organization_id = %(organization)s AND p.id = r.payment_id
        WHERE r.organization_id = %(organization)s AND p.customer_id = %(customer)s
    """,
    "statements": """
        SELECT 'statement', id, kind, '', to_on AS day, NULL::date,
            closing, 0::numeric, currency, '', '', 0::numeric, NULL::date, NULL::uuid, false,
            NULL::uuid
        FROM statements_statement
        WHERE organization_id = %(organization)s AND customer_id = %(customer)s
    """,
}
_ALL = ("invoices", "payments", "credits", "refunds", "statements")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row. What lowers the balance is negative, in `open_amount` what is left of it.

    `state` is the invoice's or refund's; of a payment `reversed`, `processing` or nothing.
    """

    kind: str
    id: UUID
    label: str
    paid_by: str
    day: date
    due_on: date | None
    amount: Decimal
    open_amount: Decimal
    currency: str
    state: str
    hold: str
    disputed_amount: Decimal
    promised_until: date | None
    collection_status_id: UUID | None
    is_late_fee: bool
    payment_id: UUID | None  # what a refund is of

    @property
    def statement_label(self) -> str:
        """What kind of statement it is."""
        return str(StatementKind(self.label).label)

    @property
    def paid_by_label(self) -> str:
        return str(PaymentKind(self.paid_by).label) if self.paid_by else ""

    @property
    def partially_paid(self) -> bool:
        return self.state == "open" and self.open_amount < self.amount


def transactions(
    customer_id: UUID, *, show: str = "", after: str = "", before: str = "", size: int = 25
) -> Page[Transaction]:
    """A page of them; `show` is invoices, open (invoices), payments, credits, refunds,
    statements, or all."""
    place = keyset.read_place(before or after, date.fromisoformat)
    backward = bool(before and place)
    found = _read(customer_id, show, place, backward=backward, most=size + 1)
    if place and (not found or (backward and len(found) <= size)):
        return transactions(customer_id, show=show, size=size)
    return keyset.cut(found, size, backward=backward, first=place is None, place=_place)


def _read(
    customer_id: UUID, show: str, place: keyset.Place | None, *, backward: bool, most: int
) -> list[Transaction]:
    """Each kind brings no more rows than are wanted in all, from its own index."""
    beyond: LiteralString = ""
    if place:
        beyond = "WHERE (day, id) > " if backward else "WHERE (day, id) < "
        beyond += "(%(day)s, %(id)s)"
    order: LiteralString = "ORDER BY day, id" if backward else "ORDER BY day DESC, id DESC"
    day, row_id = place or (None, None)
    parts = [
        f"(SELECT * FROM ({_SOURCES[kind]}) AS {kind} {beyond} {order} LIMIT %(most)s)"  # noqa: S608  our own text
        for kind in ([show] if show in _SOURCES else _ALL)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS all_kinds {order} LIMIT %(most)s",  # noqa: S608  our own text
            {
                "organization": tenancy.current(),
                "customer": customer_id,
                "day": day,
                "id": row_id,
                "most": most,
            },
        )
        return [Transaction(*row) for row in cursor.fetchall()]


def _place(row: Transaction) -> str:
    return keyset.write_place(row.day, row.id)
