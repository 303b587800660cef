"""What an import found and did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from paidup.invoicing.states import AgingBucket
from paidup.lib import money

from .ledger_file import Row
from .text_file import Problem


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The ledger as the file has it on a day, and the rows that were created from it.

    A dry run and the run that follows it give the same.
    """

    as_of: date
    currency: str
    customers: int
    invoices: int
    payments: int
    created: dict[str, int]
    open_invoices: int
    open_amount: Decimal
    aging: dict[AgingBucket, Decimal]
    errors: Sequence[Problem]
    refused: bool  # nothing was imported, because of the errors

    def facts(self) -> dict[str, Any]:
        """For the command line's JSON."""
        return {
            "as_of": self.as_of,
            "currency": self.currency,
            "customers": self.customers,
            "invoices": self.invoices,
            "payments": self.payments,
            "created": self.created,
            "open_invoices": self.open_invoices,
            "open_amount": self.open_amount,
            "aging": {bucket.value: amount for bucket, amount in self.aging.items()},
            "errors": [problem._asdict() for problem in self.errors],
        }


def summarize(
    rows: Iterable[Row],
    *,
    currency: str,
    as_of: date,
    created: dict[str, int],
    problems: Sequence[Problem],
    refused: bool,
) -> Summary:
    """Sums up the good rows up to a day."""
    rows = list(rows)
    nothing = money.rounded(Decimal(0), currency)
    aging = dict.fromkeys(AgingBucket, nothing)
    unpaid = [row for row in rows if not row.paid_by(as_of)]
    for row in unpaid:
        aging[AgingBucket.of(row.due_on, as_of)] += row.amount
    return Summary(
        as_of=as_of,
        currency=currency,
        customers=len({row.account for row in rows}),
        invoices=len(rows),
        payments=len(rows) - len(unpaid),
        created=created,
        open_invoices=len(unpaid),
        open_amount=sum((row.amount for row in unpaid), nothing),
        aging=aging,
        errors=problems,
        refused=refused,
    )
