"""Aging, today's and any past day's, against the real ledger's own truth."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from paidup.accounting_sync.ledger_file import read
from paidup.accounting_sync.operations import import_ledger
from paidup.history.actors import system
from paidup.lib.tenancy import tenant
from paidup.reporting.aging import Aging, aging, aging_as_of
from tests.support.books import Books, found_books

LEDGER = Path(__file__).resolve().parents[3] / "shared" / "data" / "late-payments.csv"
DAYS = [date(2012, 6, 30), date(2013, 3, 31), date(2013, 6, 30), date(2013, 12, 31)]

pytestmark = pytest.mark.usefixtures("db")


def truth(on: date) -> Aging:
    """What the file itself says was open on that day."""
    sums = [Decimal(0)] * 5
    with LEDGER.open() as file:
        for row in csv.DictReader(file):
            issued, due, settled = (
                datetime.strptime(row[name], "%m/%d/%Y").date()  # noqa: DTZ007  days, not moments
                for name in ("InvoiceDate", "DueDate", "SettledDate")
            )
            if issued <= on < settled:
                days = (on - due).days
                bucket = 0 if days <= 0 else min((days - 1) // 30 + 1, 4)
                sums[bucket] += Decimal(row["InvoiceAmount"])
    return Aging("USD", *sums)


@pytest.fixture
def books() -> Iterator[Books]:
    books = found_books()
    with tenant(books.id):
        import_ledger(
            organization=books.organization,
            ledger=read(LEDGER, mapping=""),
            as_of=date(2013, 12, 31),
            by=system("import"),
            at=books.at,
        )
        yield books


def test_every_past_day_is_as_it_was(books: Books) -> None:
    for on in DAYS:
        assert aging_as_of(on) == (truth(on),)


def test_today_is_as_the_open_invoices_say(books: Books) -> None:
    assert aging(DAYS[-1]) == (truth(DAYS[-1]),) == aging_as_of(DAYS[-1])


def test_unapplied_money_has_its_own_column() -> None:
    books = found_books()
    customer = books.customer()
    books.invoice(customer, "100.00", due_in=-31)
    books.invoice(customer, "20.00", due_in=0)
    with tenant(books.id):
        assert aging(books.on, customer_id=customer.id) == (
            Aging("USD", current=Decimal(20), days_31_60=Decimal(100)),
        )
