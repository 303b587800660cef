"""How customers stand, as colleagues judge it, and how far collecting their invoices has come."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from paidup.customers import operations as customers
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import CollectionStatus
from paidup.invoicing.queries import collection_statuses

from .books import Books
from .cast import Company, Habit
from .diary import Diary
from .open_items import Pool, invoice_of
from .stories import overdue
from .trade import Sale

# A score for each way of paying, and why.
JUDGED = {
    Habit.EARLY: (92, "Pays before the due date, has done so for a year."),
    Habit.PUNCTUAL: (78, "Pays on the day, and orders more every quarter."),
    Habit.AUTOPAY: (84, "Charged automatically; one declined card in two years."),
    Habit.LATE: (56, "Two weeks late every time, but pays in full."),
    Habit.ERRATIC: (37, "Pays when reminded; their new accountant promised to catch up."),
    Habit.STUCK: (14, "Doesn't answer any more, and a supplier speaks of insolvency."),
}
SPREAD = (0, 4, -5, 7, -3)
# Of which age how many are given which of the ready statuses, by their place.
STAGES = ((75, 3, 4), (50, 3, 3), (35, 4, 2), (20, 6, 1), (6, 8, 0))


def judge(diary: Diary, businesses: Sequence[Company]) -> None:
    """Notes the health of two customers out of three; some of it counts for a while only."""
    books = diary.books
    for count, company in enumerate(businesses):
        if count % 3 == 2:
            continue
        score, reason = JUDGED[company.habit]
        days = 90 if count % 8 == 0 else None
        score += SPREAD[count % len(SPREAD)]
        deed = partial(_judge, books, company.id, score=score, reason=reason, days=days)
        diary.note(books.day(1 + count * 7 % 40), 14 + count % 120 / 60, deed)


def collect(diary: Diary, pool: Pool) -> None:
    """Notes statuses of overdue invoices, the oldest first."""
    books = diary.books
    statuses = collection_statuses()
    waiting = list(pool.sales)
    for days, most, place in STAGES:
        chosen = [sale for sale in waiting if overdue(books, days)(sale)][:most]
        waiting = [sale for sale in waiting if sale not in chosen]
        for count, sale in enumerate(chosen):
            deed = partial(_give, books, sale, statuses[place])
            diary.note(books.day(2), 11 + count / 8, deed)


def _judge(
    books: Books,
    customer_id: UUID,
    on: date,
    at: datetime,
    *,
    score: int,
    reason: str,
    days: int | None,
) -> None:
    customer = books.customers[customer_id]
    customers.set_health(
        customer=customer,
        score=score,
        reason=reason,
        until=on + timedelta(days=days) if days else None,
        on=on,
        by=books.owner_of(customer),
        at=at,
    )


def _give(books: Books, sale: Sale, status: CollectionStatus, on: date, at: datetime) -> None:
    del on
    invoice = invoice_of(books, sale)
    by = books.owner_of(invoice.customer)
    invoicing.set_collection_status(invoice=invoice, status=status, by=by, at=at)
