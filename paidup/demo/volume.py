"""The invoices of large books, and the payments that settled most of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random

from paidup.invoicing.operations.bulk import NewInvoice
from paidup.lib.ids import new_id
from paidup.payments.operations.bulk import NewAllocation, NewPayment
from paidup.payments.states import PaymentKind

from .books import Books
from .cast import Company
from .words import goods

SPAN = 400  # days over which each customer's invoices are spread
OPEN = 15  # of a hundred invoices, each customer's newest
PAID_AT_ONCE = (1, 1, 2, 3)  # invoices by one payment
MORNING, NOON = 9, 12  # hours


@dataclass
class Volume:
    """Rows of one entity, ready to be loaded."""

    books: Books
    invoices: list[NewInvoice] = field(default_factory=list)
    payments: list[NewPayment] = field(default_factory=list)
    allocations: list[NewAllocation] = field(default_factory=list)

    def bill(self, company: Company, numbers: Iterator[str], count: int, open_count: int) -> None:
        """Bills a customer so many times; the newest `open_count` stay open."""
        rng, today = self.books.rng, self.books.today
        billed = []
        for nth in range(count):
            issued_on = today - timedelta(days=SPAN * (count - nth) // count)
            billed.append(
                NewInvoice(
                    id=new_id(),
                    customer_id=company.id,
                    number=next(numbers),
                    currency=company.region.currency,
                    issued_on=issued_on,
                    due_on=issued_on + timedelta(days=company.terms_days),
                    total=Decimal(rng.randrange(2_000, 400_000)).scaleb(-2),
                    issued_at=self.books.moment(issued_on, MORNING),
                    description=rng.choice(goods("supplies")).description,
                )
            )
        self.invoices += billed
        paid = billed[: count - open_count]
        while paid:
            size = rng.choice(PAID_AT_ONCE)
            self._pay(rng, paid[:size])
            paid = paid[size:]

    def _pay(self, rng: Random, invoices: list[NewInvoice]) -> None:
        newest = invoices[-1]
        received_on = min(newest.due_on + timedelta(days=rng.randrange(-8, 25)), self.books.today)
        received_on = max(received_on, newest.issued_on)
        payment = NewPayment(
            id=new_id(),
            customer_id=newest.customer_id,
            currency=newest.currency,
            amount=sum((invoice.total for invoice in invoices), Decimal(0)),
            kind=PaymentKind.WIRE,
            reference=f"FT{rng.randrange(10**7):07d}",
            received_on=received_on,
            received_at=self.books.moment(received_on, NOON),
        )
        self.payments.append(payment)
        self.allocations += [
            NewAllocation(payment.id, invoice.id, invoice.total, received_on)
            for invoice in invoices
        ]
