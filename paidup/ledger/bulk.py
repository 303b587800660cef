"""Posting the many transfers of a load, set by set."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from paidup.lib import tenancy
from paidup.lib.bulk import analyze, execute, row_id, staged

from .models import Account
from .states import OF_CUSTOMER

NOBODY = UUID(int=0)  # stands for the owner of the entity's own accounts, so that owners compare


def post_selected(source: str, *, entity_id: UUID, at: datetime) -> None:
    """Posts one transfer per row of a SELECT and moves the customers' cached balances.

    Its columns: id, debit, credit (kinds of account), currency, amount, customer_id (the owner of
    whichever account belongs to a customer), invoice_id, cause_id, effective_on. The caller holds
    the customers' rows locked.
    """
    values: dict[str, Any] = {
        "organization": tenancy.current(),
        "entity": entity_id,
        "at": at,
        "nobody": NOBODY,
        "of_customer": [str(kind) for kind in OF_CUSTOMER],
    }
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS.format(source=sql.SQL(source)), values)
        cursor.execute("ANALYZE posting")
        _open_accounts(values)
        cursor.execute(_TRANSFERS, values)
        cursor.execute(_MOVES)
        cursor.execute("ANALYZE move")
        cursor.execute(_MOVE_BALANCES, values)
        _move_other_balances(values)
        cursor.execute("DROP TABLE posting, book, move")


def _open_accounts(values: dict[str, Any]) -> None:
    """Opens what accounts the postings lack, and lays all of the entity out as `book`."""
    _lay_out_book(values)
    with connection.cursor() as cursor:
        cursor.execute(_MISSING_ACCOUNTS, values)
        missing = [(row_id(), *row) for row in cursor.fetchall()]
    if not missing:
        return
    columns = {"id": "uuid", "currency": "text", "kind": "text", "owner": "uuid"}
    with staged("new_account", columns, missing):
        # Of two loads that open the same account, the second waits and finds the first one's.
        execute(_NEW_ACCOUNTS, **values)
    analyze(Account, loaded=len(missing))
    execute("DROP TABLE book")
    _lay_out_book(values)


def _lay_out_book(values: dict[str, Any]) -> None:
    # Joined to directly, the planner takes an entity's accounts for far fewer than they are.
    execute(_BOOK, **values)
    execute("ANALYZE book")


def _move_other_balances(values: dict[str, Any]) -> None:
    """Money in a currency that is not the customer's own."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_MOVES, values)
        rows = [(row_id(), *row) for row in cursor.fetchall()]
    if not rows:
        return
    with staged("other", {"id": "uuid", "customer_id": "uuid", "currency": "text"}, rows):
        execute(_OPEN_OTHER_BALANCES, **values)
        execute(_MOVE_OTHER_BALANCES, **values)


_POSTINGS = sql.SQL(
    """
    CREATE TEMPORARY TABLE posting ON COMMIT DROP AS
    SELECT s.*,
        CASE WHEN s.debit = ANY(%(of_customer)s) THEN s.customer_id ELSE %(nobody)s END
            AS debit_owner,
        CASE WHEN s.credit = ANY(%(of_customer)s) THEN s.customer_id ELSE %(nobody)s END
            AS credit_owner
    FROM ({source}) AS s (id, debit, credit, currency, amount,
        customer_id, invoice_id, cause_id, effective_on)
    """
)

_BOOK = """
    CREATE TEMPORARY TABLE book ON COMMIT DROP AS
    SELECT id, currency, kind, coalesce(customer_id, %(nobody)s) AS owner FROM ledger_account
    WHERE organization_id = %(organization)s AND entity_id = %(entity)s AND merged_from IS NULL
"""

_MISSING_ACCOUNTS = """
    (SELECT currency, debit, debit_owner FROM posting
    UNION SELECT currency, credit, credit_owner FROM posting)
    EXCEPT SELECT currency, kind, owner FROM book
"""

_NEW_ACCOUNTS = """
    INSERT INTO ledger_account (id, organization_id, entity_id, currency, kind, customer_id)
    SELECT id, %(organization)s, %(entity)s, currency, kind, nullif(owner, %(nobody)s)
    FROM new_account
    ON CONFLICT DO NOTHING
"""

_TRANSFERS = """
    INSERT INTO ledger_transfer
        (id, organization_id, entity_id, currency, debit_id, credit_id,
        amount, invoice_id, cause_id, effective_on, recorded_at)
    SELECT p.id, %(organization)s, %(entity)s, p.currency, d.id, c.id,
        p.amount, p.invoice_id, p.cause_id, p.effective_on, %(at)s
    FROM posting p
    JOIN book d ON d.currency = p.currency AND d.kind = p.debit AND d.owner = p.debit_owner
    JOIN book c ON c.currency = p.currency AND c.kind = p.credit AND c.owner = p.credit_owner
"""

_MOVES = """
    CREATE TEMPORARY TABLE move ON COMMIT DROP AS
    SELECT customer_id, currency,
        sum(amount * ((debit = 'receivable')::int - (credit = 'receivable')::int)) AS opened,
        sum(amount * ((credit = 'unapplied')::int - (debit = 'unapplied')::int)) AS unapplied
    FROM posting
    GROUP BY customer_id, currency
"""

_MOVE_BALANCES = """
    UPDATE customers_customer c
    SET open_amount = c.open_amount + m.opened, unapplied_amount = c.unapplied_amount + m.unapplied
    FROM move m
    WHERE c.organization_id = %(organization)s AND c.id = m.customer_id
        AND c.currency = m.currency AND (m.opened <> 0 OR m.unapplied <> 0)
"""

_OTHER_MOVES = """
    SELECT m.customer_id, m.currency FROM move m
    JOIN customers_customer c ON c.organization_id = %(organization)s
        AND c.id = m.customer_id AND c.currency <> m.currency
"""

_OPEN_OTHER_BALANCES = """
    INSERT INTO customers_otherbalance
        (id, organization_id, customer_id, currency, open_amount, unapplied_amount)
    SELECT id, %(organization)s, customer_id, currency, 0, 0 FROM other
    ON CONFLICT DO NOTHING
"""

_MOVE_OTHER_BALANCES = """
    UPDATE customers_otherbalance b
    SET open_amount = b.open_amount + m.opened, unapplied_amount = b.unapplied_amount + m.unapplied
    FROM move m JOIN other USING (customer_id, currency)
    WHERE b.organization_id = %(organization)s AND b.customer_id = m.customer_id
        AND b.currency = m.currency
"""
