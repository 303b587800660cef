"""The invoices that are open still, each issued on its day by whoever looks after the customer."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice

from .books import Books
from .diary import Diary
from .trade import Sale

MORNING = 9.25


def issue(diary: Diary, sales: Sequence[Sale]) -> None:
    """Notes each on its day, some minutes apart."""
    for count, sale in enumerate(sales):
        diary.note(sale.issued_on, MORNING + count % 180 / 60, partial(_issue, diary.books, sale))


def invoice_of(books: Books, sale: Sale) -> Invoice:
    """The sale's invoice as it stands now."""
    return Invoice.objects.of(books.organization).get(number=sale.number)


class Pool:
    """The open sales that nothing out of the ordinary has happened to yet."""

    def __init__(self, sales: Sequence[Sale]) -> None:
        self.sales = list(sales)
        self.told_of: set[UUID] = set()  # businesses with a story already

    def take(self, count: int, fits: Callable[[Sale], bool]) -> list[Sale]:
        """Up to so many that fit, which are then gone; rather of businesses without a story."""
        fitting = [sale for sale in self.sales if fits(sale)]
        taken: list[Sale] = []
        for sale in sorted(fitting, key=lambda sale: sale.company.id in self.told_of):
            if len(taken) < count and all(sale.company.id != one.company.id for one in taken):
                taken.append(sale)
        self.told_of.update(sale.company.id for sale in taken)
        self.sales = [sale for sale in self.sales if sale not in taken]
        return taken


def _issue(books: Books, sale: Sale, on: date, at: datetime) -> None:
    customer = books.customers[sale.company.id]
    invoicing.issue_invoice(
        customer=customer,
        lines=sale.lines,
        issued_on=on,
        due_on=sale.due_on,
        number=sale.number,
        po_number=sale.po_number,
        by=books.owner_of(customer),
        at=at,
    )
