"""Importing a ledger: the file read, events, transfers and search rows made, in one transaction."""

import csv
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from paidup.accounting_sync.ledger_file import read
from paidup.accounting_sync.operations import import_ledger
from paidup.history.actors import system
from paidup.lib.bulk import staged
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from tests.bench.book import Book
from tests.bench.measure import Figure, taken_back

INVOICES, CUSTOMERS = 50_000, 2_500
TIMES = 3
HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate"
)


def measure(book: Book) -> list[Figure]:
    """Ours beside reading the same file and a COPY of it into a table without any index: the
    medians of three, as the disks are at times busy with what came before."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.csv"
        _write(file, book.at.date())
        value = INVOICES / median(taken_back(lambda: _import(book, file)) for _ in range(TIMES))
        bare = INVOICES / median(taken_back(lambda: _copy(book, file)) for _ in range(TIMES))
    return [
        Figure(
            name=f"import of {INVOICES:,} invoices of {CUSTOMERS:,} customers, median of {TIMES}",
            value=value,
            unit="invoices/s",
            bare=bare,
            at_least=4000,
        )
    ]


def _import(book: Book, file: Path) -> None:
    """Into a small organization's books, which have none of it."""
    with tenant(book.small_id):
        summary = import_ledger(
            organization=Organization.objects.get(id=book.small_id),
            ledger=read(file),
            as_of=book.at.date(),
            by=system("bench"),
            at=book.at,
        )
        assert summary.created["invoices"] == INVOICES


def _copy(book: Book, file: Path) -> None:
    columns = {"account": "text", "number": "text", "issued": "text", "due": "text"}
    with file.open(newline="") as opened, tenant(book.small_id):
        rows = (
            (row["customerID"], row["invoiceNumber"], row["InvoiceDate"], row["DueDate"])
            for row in csv.DictReader(opened)
        )
        with staged("plain", columns, rows):
            pass


def _write(file: Path, on: date) -> None:
    """A fifth is open; the rest was paid some days after it was due, a few disputed."""
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER.split(","))
        for number in range(INVOICES):
            issued_on = on - timedelta(days=400 - number * 400 // INVOICES)
            due_on = issued_on + timedelta(days=30)
            settled_on = due_on + timedelta(days=5) if number % 5 else on + timedelta(days=90)
            writer.writerow(
                [
                    "391",
                    f"A{number % CUSTOMERS:05d}",
                    "",
                    f"L{number:07d}",
                    f"{issued_on:%m/%d/%Y}",
                    f"{due_on:%m/%d/%Y}",
                    Decimal(1000 + number % 90_000).scaleb(-2),
                    "Yes" if number % 50 == 0 else "No",
                    f"{settled_on:%m/%d/%Y}",
                    "Paper",
                    "",
                    "",
                ]
            )
