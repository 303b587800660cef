"""Aging: what is open, by how long it is past due."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from paidup.customers.visibility import condition
from paidup.lib import tenancy

# Each bucket as SQL over the days past due.
_BUCKETS = """
    coalesce(sum(amount) FILTER (WHERE days <= 0), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 1 AND 30), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 31 AND 60), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 61 AND 90), 0),
    coalesce(sum(amount) FILTER (WHERE days > 90), 0)
"""


@dataclass(frozen=True)
class Aging:
    """The open amounts of one currency by days past due; they add up to the receivable.

    Unapplied money stands in a column of its own and lowers none of the others.
    """

    currency: str
    current: Decimal = Decimal(0)
    days_1_30: Decimal = Decimal(0)
    days_31_60: Decimal = Decimal(0)
    days_61_90: Decimal = Decimal(0)
    over_90: Decimal = Decimal(0)
    unapplied: Decimal = Decimal(0)

    @property
    def overdue(self) -> Decimal:
        return self.days_1_30 + self.days_31_60 + self.days_61_90 + self.over_90

    @property
    def receivable(self) -> Decimal:
        return self.current + self.overdue


def aging(on: date, *, customer_id: UUID | None = None) -> tuple[Aging, ...]:
    """Today's aging by currency, of the organization or of one customer.

    From what is open now: `on` is today. For a past day ask `aging_as_of`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH open AS (
                -- By day first: one sum per invoice, and buckets of some hundred days only.
                SELECT currency, %(on)s::date - due_on AS days, sum(open_amount) AS amount
                FROM invoicing_invoice
                WHERE organization_id = %(organization)s AND state = 'open'
                    AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s)
                    {condition("customer_id")}
                GROUP BY currency, due_on
            ), unapplied AS (
                SELECT currency, unapplied_amount AS amount FROM customers_customer
                WHERE organization_id = %(organization)s AND unapplied_amount > 0
                    AND (%(customer)s::uuid IS NULL OR id = %(customer)s)
                    {condition("id")}
                UNION ALL
                SELECT currency, unapplied_amount FROM customers_otherbalance
                WHERE organization_id = %(organization)s AND unapplied_amount > 0
                    AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s)
                    {condition("customer_id")}
            ), aged AS (SELECT currency, {_BUCKETS} FROM open GROUP BY currency)
            SELECT coalesce(a.currency, u.currency), a.*, u.amount
            FROM aged a
            FULL JOIN (SELECT currency, sum(amount) AS amount FROM unapplied GROUP BY currency) u
                ON u.currency = a.currency
            ORDER BY 1
            """,  # noqa: S608  the text put in is our own
            {
                "organization": tenancy.current(),
                "limited_to": tenancy.limited_to(),
                "on": on,
                "customer": customer_id,
            },
        )
        return tuple(
            Aging(currency, *(amount or Decimal(0) for amount in amounts))
            for currency, _, *amounts in cursor.fetchall()
        )


def aging_as_of(on: date) -> tuple[Aging, ...]:
    """The organization's aging as it was at the end of a past day, from the ledger.

    Every transfer has the day it took effect, so what was open then follows from those up to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL work_mem = '160MB'"
        )  # every invoice's due date, looked up by hash
        cursor.execute(
            f"""
            WITH open AS (
                -- By due date, where what was billed and what paid it cancel out.
                SELECT t.currency, %(on)s::date - i.due_on AS days, sum(
                    CASE WHEN t.debit_id IN (
                        SELECT id FROM ledger_account
                        WHERE organization_id = %(organization)s AND kind = 'receivable'
                    ) THEN t.amount ELSE -t.amount END) AS amount
                FROM ledger_transfer t
                JOIN invoicing_invoice i ON i.organization_id = %(organization)s
                    AND i.id = t.invoice_id
                WHERE t.organization_id = %(organization)s AND t.effective_on <= %(on)s
                GROUP BY t.currency, i.due_on
            ), aged AS (SELECT currency, {_BUCKETS} FROM open GROUP BY currency),
            unapplied AS (
                SELECT currency, sum(
                    CASE WHEN credit_id IN (
                        SELECT id FROM ledger_account
                        WHERE organization_id = %(organization)s AND kind = 'unapplied'
                    ) THEN amount ELSE 0 END
                    - CASE WHEN debit_id IN (
                        SELECT id FROM ledger_account
                        WHERE organization_id = %(organization)s AND kind = 'unapplied'
                    ) THEN amount ELSE 0 END) AS amount
                FROM ledger_transfer
                WHERE organization_id = %(organization)s AND effective_on <= %(on)s
                GROUP BY currency
            )
            SELECT coalesce(a.currency, u.currency), a.*, u.amount
            FROM aged a
            FULL JOIN unapplied u ON u.currency = a.currency
            ORDER BY 1
            """,  # noqa: S608  the text put in is our own
            {"organization": tenancy.current(), "on": on},
        )
        return tuple(
            Aging(currency, *(amount or Decimal(0) for amount in amounts))
            for currency, _, *amounts in cursor.fetchall()
        )
