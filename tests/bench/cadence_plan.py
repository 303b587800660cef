"""A day's cadence plan over every open invoice of the organization."""

from django.db import connection

from paidup.cadences.operations import establish_default
from paidup.cadences.planning import plan
from paidup.history.actors import system
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from tests.bench.book import Book
from tests.bench.measure import Figure, side_by_side

TIMES = 3


def establish(book: Book) -> None:
    """Gives the organization its cadence."""
    with tenant(book.organization_id):
        establish_default(
            organization=Organization.objects.get(id=book.organization_id),
            by=system("bench"),
            at=book.at,
        )


def measure(book: Book) -> list[Figure]:
    """Ours beside fetching each open invoice with its customer and the people there."""
    with tenant(book.organization_id):
        organization = Organization.objects.get(id=book.organization_id)
        judged = Invoice.objects.of(organization).open().count()

    def ours() -> None:
        with tenant(book.organization_id):
            planned = plan(organization, book.at.date())
            assert planned.invoices_reminded + planned.invoices_not_sent == judged

    def bare() -> None:
        with tenant(book.organization_id), connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT p.email, c.name, i.id, i.number, i.due_on, i.currency, i.open_amount
                FROM invoicing_invoice i
                JOIN customers_customer c ON c.organization_id = i.organization_id
                    AND c.id = i.customer_id
                JOIN customers_contactlink l ON l.organization_id = i.organization_id
                    AND l.customer_id = i.customer_id
                JOIN customers_contact p ON p.organization_id = i.organization_id
                    AND p.id = l.contact_id
                WHERE i.organization_id = %s AND i.state = 'open'
                ORDER BY p.email
                """,
                [book.organization_id],
            )
            cursor.fetchall()

    value, least = side_by_side(ours, bare, times=TIMES)
    return [
        Figure(
            name=f"cadence plan of {judged:,} open invoices",
            value=judged / value,
            unit="invoices/s",
            bare=judged / least,
            at_least=50_000,
        )
    ]
