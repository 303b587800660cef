"""The customers list as CSV, all of it, and what it takes of memory."""

import psutil
from django.db import connection

from paidup.customers.states import Category
from paidup.lib.tenancy import tenant
from tests.bench.book import SLUG, Book
from tests.bench.measure import Figure, seconds
from tests.bench.pages import Visitor

MEGABYTE = 2**20


def measure(book: Book) -> list[Figure]:
    """Every category's file, as the browser gets it, beside COPY of the bare columns."""
    visitor, process = Visitor(), psutil.Process()
    sizes: list[int] = []
    rows = 0

    def stream() -> None:
        nonlocal rows
        for category in Category:
            for part in visitor.stream(f"/o/{SLUG}/customers/customers.csv?category={category}"):
                rows += part.count(b"\r\n")
                sizes.append(process.memory_info().rss)

    took = seconds(stream)
    rows -= len(Category)  # the heads
    return [
        Figure(
            name=f"CSV of {rows:,} customers",
            value=rows / took,
            unit="rows/s",
            bare=rows / seconds(lambda: _bare(book)),
            at_least=20_000,
        ),
        Figure(
            name="  … memory it grows by after its first part",
            value=(max(sizes) - sizes[1]) / MEGABYTE,
            unit="MB",
            at_most=32,
        ),
    ]


def _bare(book: Book) -> None:
    """The customers' own columns, to nowhere."""
    with tenant(book.organization_id), connection.cursor() as cursor:
        statement = """
            COPY (SELECT name, number, category, currency, open_amount, oldest_due_on
                FROM customers_customer WHERE organization_id = %s ORDER BY category, sort_name, id)
            TO STDOUT (FORMAT csv)
        """
        with cursor.copy(statement, [book.organization_id]) as copy:
            for _part in copy:
                pass
