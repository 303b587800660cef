"""Moving what is open of invoices, together with the ledger and the customers' summaries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from paidup.customers.models import Customer
from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.states import DisputeState, InvoiceState
from paidup.ledger import operations as ledger
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import tenancy
from paidup.lib.among import among
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization


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
    summarize(customers, at=at)


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


def summarize(customer_ids: Iterable[UUID], *, at: datetime) -> None:
    """Counts these customers' open invoices anew, finds the oldest due date among them, and sums up
    what is overdue in the customer's currency on the organization's day.

    The caller holds the customers' rows locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_customer c
            SET open_invoices = s.count, oldest_due_on = s.oldest, overdue_units = s.overdue
            FROM (
                SELECT w.id, count(i.due_on) AS count, min(i.due_on) AS oldest,
                    coalesce(sum(i.open_amount) FILTER (
                        WHERE i.due_on < o.today AND i.currency = w.currency
                    ), 0) * 10000 AS overdue
                FROM customers_customer w
                CROSS JOIN (
                    SELECT (%(at)s AT TIME ZONE timezone)::date AS today
                    FROM organizations_organization WHERE id = %(organization)s
                ) o
                LEFT JOIN invoicing_invoice i ON i.organization_id = %(organization)s
                    AND i.customer_id = w.id AND i.state = 'open'
                WHERE w.organization_id = %(organization)s AND w.id = ANY(%(customers)s::uuid[])
                GROUP BY w.id
            ) s
            WHERE c.organization_id = %(organization)s AND c.id = s.id
            """,
            {"customers": list(customer_ids), "organization": tenancy.current(), "at": at},
        )


def count_overdue(*, organization_id: UUID, at: datetime, some: int = 1000) -> int:
    """Sums up anew what is overdue where the day has changed it; of how many customers.

    Opens its own transactions, one for every thousand customers, so that nobody waits long for a
    customer's row.
    """
    with tenant(organization_id):
        stale = _with_stale_overdue(Organization.objects.get(id=organization_id).day(at))
    for start in range(0, len(stale), some):
        with tenant(organization_id):
            ids = stale[start : start + some]
            rows = Customer.objects.of(organization_id).filter(among("id", ids)).locked()
            summarize(rows.values_list("id", flat=True), at=at)
    return len(stale)


def _with_stale_overdue(on: date) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id
            FROM customers_customer c
            LEFT JOIN (
                SELECT customer_id, currency, sum(open_amount) * 10000 AS units
                FROM invoicing_invoice
                WHERE organization_id = %(organization)s AND state = 'open' AND due_on < %(on)s
                GROUP BY customer_id, currency
            ) i ON i.customer_id = c.id AND i.currency = c.currency
            WHERE c.organization_id = %(organization)s
                AND c.overdue_units <> coalesce(i.units, 0)
            ORDER BY c.id
            """,
            {"organization": tenancy.current(), "on": on},
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]
