"""The customer record: any customer's, and that of the one with the most invoices."""

from collections.abc import Sequence
from itertools import chain
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection

from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from tests.bench.book import SLUG, Book
from tests.bench.measure import MIDDLE, VISITS, Figure, p95, typical
from tests.bench.pages import Visitor

CUSTOMERS = 40
TABS = ("transactions", "timeline", "notes", "communication", "todo")
MOST_STATEMENTS = 15


def measure(book: Book) -> list[Figure]:
    """Both, every tab, in time and in statements."""
    rng = Random(2)
    with tenant(book.organization_id):
        rows = Customer.objects.of(book.organization_id).order_by("id")
        some = [rows[rng.randrange(rows.count())].id for _ in range(CUSTOMERS)]
    return [
        *_figures(book, "record page", some),
        *_figures(book, "record page of the largest customer", [book.largest_customer_id]),
    ]


def _figures(book: Book, name: str, customers: Sequence[UUID]) -> list[Figure]:
    visitor = Visitor()
    paths = [f"/o/{SLUG}/customers/{each}/?tab={tab}" for each in customers for tab in TABS]
    visits = visitor.often(paths)
    counted = [visitor.visit(path, counting=True) for path in paths]
    bare = [typical(lambda: _bare(book, each)) for each in customers]  # noqa: B023  called at once
    return [
        Figure(
            name=f"{name}, p95 of {len(paths)} tabs ({MIDDLE})",
            value=1000 * p95(map(median, visits)),
            unit="ms",
            bare=1000 * p95(bare),
            at_most=60,
        ),
        Figure(
            name=f"  … of all {len(paths) * VISITS} visits",
            value=1000 * p95(chain.from_iterable(visits)),
            unit="ms",
        ),
        Figure(
            name=f"{name}, most queries",
            value=max(answer.statements for answer in counted),
            unit="queries",
            bare=3,
            at_most=MOST_STATEMENTS,
        ),
    ]


def _bare(book: Book, customer_id: UUID) -> None:
    """The least that answers it: the customer, its newest invoices, and its aging."""
    values: dict[str, Any] = {
        "organization": book.organization_id,
        "customer": customer_id,
        "on": book.at.date(),
    }
    with tenant(book.organization_id), connection.cursor() as cursor:
        for statement in (
            """
            SELECT * FROM customers_customer
            WHERE organization_id = %(organization)s AND id = %(customer)s
            """,
            """
            SELECT * FROM invoicing_invoice
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            ORDER BY issued_on DESC LIMIT 50
            """,
            """
            SELECT currency, greatest(0, (%(on)s - due_on + 29) / 30), sum(open_amount)
            FROM invoicing_invoice
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
                AND state = 'open'
            GROUP BY 1, 2
            """,
        ):
            cursor.execute(statement, values)
            cursor.fetchall()
