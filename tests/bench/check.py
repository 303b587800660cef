"""`paidup check`: every cached balance of every organization derived anew."""

from django.db import connection

from paidup.lib.tenancy import tenant
from paidup.organizations.queries import all_organizations
from paidup.reporting.check import differences
from tests.bench.book import Book
from tests.bench.measure import Figure, side_by_side

TIMES = 2


def measure(book: Book) -> list[Figure]:
    """Ours beside one sum over the transfers of each invoice."""

    def ours() -> None:
        for organization_id in all_organizations():
            assert not differences(organization_id)

    def bare() -> None:
        with tenant(book.organization_id), connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*) FROM (
                    SELECT invoice_id, sum(amount) FROM ledger_transfer
                    WHERE organization_id = %s GROUP BY invoice_id) AS sums
                """,
                [book.organization_id],
            )

    value, least = side_by_side(ours, bare, times=TIMES)
    return [Figure(name="paidup check of the book", value=value, unit="s", bare=least, at_most=15)]
