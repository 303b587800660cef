"""The aging of the whole organization."""

from django.db import connection

from paidup.lib.tenancy import tenant
from paidup.reporting.aging import aging
from tests.bench.book import Book
from tests.bench.measure import Figure, side_by_side

TIMES = 7


def measure(book: Book) -> list[Figure]:
    """Ours beside one sum by currency and bucket."""
    on = book.at.date()

    def ours() -> None:
        with tenant(book.organization_id):
            aging(on)

    def bare() -> None:
        with tenant(book.organization_id), connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT currency,
                    sum(open_amount) FILTER (WHERE %(on)s - due_on <= 0),
                    sum(open_amount) FILTER (WHERE %(on)s - due_on BETWEEN 1 AND 30),
                    sum(open_amount) FILTER (WHERE %(on)s - due_on BETWEEN 31 AND 60),
                    sum(open_amount) FILTER (WHERE %(on)s - due_on BETWEEN 61 AND 90),
                    sum(open_amount) FILTER (WHERE %(on)s - due_on > 90)
                FROM invoicing_invoice
                WHERE organization_id = %(organization)s AND state = 'open'
                GROUP BY currency
                """,
                {"organization": book.organization_id, "on": on},
            )
            cursor.fetchall()

    value, least = side_by_side(ours, bare, times=TIMES)
    return [
        Figure(
            name="aging of the organization",
            value=1000 * value,
            unit="ms",
            bare=1000 * least,
            at_most_ratio=1.5,
        )
    ]
