"""The autopay engine's tick over all open invoices, with 10,000 of them due."""

from datetime import date
from uuid import UUID

from django.db import connection

from paidup.autopay.models import Interval, Schedule
from paidup.autopay.operations import tick
from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.lib.bulk import staged
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.payments.models import Mandate, PaymentMethod
from paidup.payments.states import PaymentKind
from tests.bench.book import Book
from tests.bench.measure import Figure, taken_back


def schedule_charges(book: Book, *, invoices: int) -> None:
    """Has customers with so many due invoices in all charged every day, by methods of theirs."""
    with tenant(book.organization_id):
        payers = [
            Customer(id=customer_id, organization_id=book.organization_id)
            for customer_id in _payers(book, invoices)
        ]
        methods = PaymentMethod.objects.bulk_create(
            (
                PaymentMethod(
                    organization_id=book.organization_id,
                    customer=payer,
                    gateway="sandbox",
                    token=f"pm_{payer.id.hex}",
                    kind=PaymentKind.CARD,
                    brand="Visa",
                    last4="4242",
                    default=True,
                    saved_at=book.at,
                )
                for payer in payers
            ),
            batch_size=2000,
        )
        Mandate.objects.bulk_create(
            (
                Mandate(
                    organization_id=book.organization_id,
                    customer_id=method.customer_id,
                    method=method,
                    text="I authorize these charges.",
                    channel="web",
                    given_by="A payer",
                    given_at=book.at,
                )
                for method in methods
            ),
            batch_size=2000,
        )
        Schedule.objects.bulk_create(
            (
                Schedule(
                    organization_id=book.organization_id,
                    customer=payer,
                    interval=Interval.DAILY,
                    starts_on=date(2026, 1, 1),
                )
                for payer in payers
            ),
            batch_size=2000,
        )


def measure(book: Book) -> list[Figure]:
    """Ours beside storing as many intents and claims."""
    started = 0

    def ours() -> None:
        nonlocal started
        started = tick(organization_id=book.organization_id, at=book.at).invoices

    value = taken_back(ours)
    return [
        Figure(
            name=f"autopay tick, {started:,} invoices due",
            value=value,
            unit="s",
            bare=taken_back(lambda: _bare(book, started)),
            at_most=10,
        )
    ]


def _payers(book: Book, invoices: int) -> list[UUID]:
    """Customers in the order of their ids, until so many due invoices are theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT customer_id FROM (
                SELECT customer_id, sum(count(*)) OVER (ORDER BY customer_id) AS until_here
                FROM invoicing_invoice
                WHERE organization_id = %s AND state = 'open' AND due_on <= %s
                    AND customer_id <> %s
                GROUP BY customer_id) counted
            WHERE until_here <= %s
            """,
            [book.organization_id, book.at.date(), book.largest_customer_id, invoices],
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]


def _bare(book: Book, invoices: int) -> None:
    """One intent and one claim for each of as many open invoices, in two statements."""
    with tenant(book.organization_id):
        rows = (
            Invoice.objects.of(tenancy.current())
            .open()
            .values_list("id", "customer_id", "entity_id", "currency", "open_amount")[:invoices]
        )
        columns = {
            "invoice_id": "uuid",
            "customer_id": "uuid",
            "entity_id": "uuid",
            "currency": "text",
            "amount": "numeric",
            "intent_id": "uuid",
            "claim_id": "uuid",
        }
        with (
            staged("charge", columns, [(*row, new_id(), new_id()) for row in rows]),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                """
                INSERT INTO payments_intent (id, organization_id, customer_id, entity_id, currency,
                    amount, gateway, token, method_kind, method_label, purpose, state, reference,
                    reason, retryable, created_at)
                SELECT intent_id, %s, customer_id, entity_id, currency, amount, 'sandbox', 'none',
                    'card', 'Visa', 'autopay', 'pending', '', '', false, %s
                FROM charge
                """,
                [book.organization_id, book.at],
            )
            cursor.execute(
                """
                INSERT INTO payments_claim
                    (id, organization_id, intent_id, invoice_id, amount, live)
                SELECT claim_id, %s, intent_id, invoice_id, amount, true FROM charge
                """,
                [book.organization_id],
            )
