"""Moving what is open of invoices, together with the ledger and the customers' summaries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.states import DisputeState, InvoiceState
from paidup.ledger import operations as ledger
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import tenancy


def post(
    postings: Iterable[Posting],
    *,
    entity_id: UUID,
    currency: str,
    cause_id: UUID,
    effective_on: date,
    at: datetime,
) -> None:
    """Posts to the ledger and moves the open amounts of the invoices named by the postings.

    The caller holds the customers' rows locked. A posting that would leave less than nothing or
    more than the total open is refused by the database. What would open an invoice of a deleted
    customer again is bad debt instead.
    """
    postings = [one for posting in postings if (one := posting.without_the_deleted())]
    ledger.post(
        postings,
        entity_id=entity_id,
        currency=currency,
        cause_id=cause_id,
        effective_on=effective_on,
        at=at,
    )
    moves: dict[UUID, Decimal] = defaultdict(Decimal)
    customers: set[UUID] = set()
    for posting in postings:
        if posting.invoice_id is None:
            continue
        if posting.debit is AccountKind.RECEIVABLE:
            moves[posting.invoice_id] += posting.amount
        if posting.credit is AccountKind.RECEIVABLE:
            moves[posting.invoice_id] -= posting.amount
        if posting.customer_id:
            customers.add(posting.customer_id)
    _move(moves)
    summarize(customers)


def _move(moves: dict[UUID, Decimal]) -> None:
    organization_id = tenancy.current()
    disputed = Dispute.objects.of(organization_id).filter(
        invoice=OuterRef("id"), state=DisputeState.OPEN
    )
    for invoice_id, amount in sorted(moves.items()):
        Invoice.objects.of(organization_id).filter(id=invoice_id).update(
            open_amount=F("open_amount") + amount,
            state=Case(
                When(open_amount=-amount, then=Value(InvoiceState.PAID)),
                default=Value(InvoiceState.OPEN),
            ),
            # Of what is disputed as much as is open: also when it opens again.
            disputed_amount=Least(
                Coalesce(Subquery(disputed.values("amount")), Decimal(0)),
                F("open_amount") + amount,
            ),
        )


def summarize(customer_ids: Iterable[UUID]) -> None:
    """Counts these customers' open invoices anew and finds the oldest due date among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_customer c
            SET open_invoices = s.count, oldest_due_on = s.oldest
            FROM (
                SELECT w.id, count(i.due_on) AS count, min(i.due_on) AS oldest
                FROM unnest(%(customers)s::uuid[]) AS w (id)
                LEFT JOIN invoicing_invoice i ON i.organization_id = %(organization)s
                    AND i.customer_id = w.id AND i.state = 'open'
                GROUP BY w.id
            ) s
            WHERE c.organization_id = %(organization)s AND c.id = s.id
            """,
            {"customers": list(customer_ids), "organization": tenancy.current()},
        )
