"""How far a batch is, and what became of its customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, QuerySet

from paidup.customers.models import Customer

from .models import Batch, BatchRow
from .states import RowState

AT_A_TIME = 2000


@dataclass(frozen=True)
class Progress:
    """How many customers of a batch are in each state."""

    counts: dict[RowState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        return self.total - self.counts[RowState.WAITING]

    @property
    def percent(self) -> int:
        return 100 * self.settled // self.total if self.total else 100


def rows_of(batch: Batch) -> QuerySet[BatchRow]:
    """Its customers."""
    return BatchRow.objects.filter(organization_id=batch.organization_id, batch=batch)


def progress(batch: Batch) -> Progress:
    """As it is now."""
    rows = rows_of(batch)
    found = dict(rows.values_list("state").annotate(count=Count("*")).order_by())
    return Progress({state: found.get(state, 0) for state in RowState})


def results(
    batch: Batch, *, only: RowState | None = None, most: int | None = None
) -> Iterator[tuple[BatchRow, Customer | None]]:
    """Each customer with what became of it, some thousand at a time; None for one that has gone."""
    rows = rows_of(batch).order_by("customer_id")
    if only:
        rows = rows.filter(state=only)
    found = (rows[:most] if most else rows).iterator(chunk_size=AT_A_TIME)
    while some := list(islice(found, AT_A_TIME)):
        customers = (
            Customer.objects.of(batch.organization_id)
            .only("name", "number")
            .in_bulk([row.customer_id for row in some])
        )
        for row in some:
            yield row, customers.get(row.customer_id)
