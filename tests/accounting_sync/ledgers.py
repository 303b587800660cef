"""Ledgers for the tests: the real one, and small ones written on the spot."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from paidup.accounting_sync.ledger_file import LedgerFile, read
from paidup.accounting_sync.operations import import_ledger
from paidup.accounting_sync.summary import Summary
from paidup.history.actors import system
from paidup.lib.tenancy import tenant
from tests.support.books import Books

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "late-payments.csv"
JUNE, JULY = date(2013, 6, 30), date(2013, 7, 31)
IMPORT = system("import")

COLUMNS = [
    "countryCode", "customerID", "PaperlessDate", "invoiceNumber", "InvoiceDate", "DueDate",
    "InvoiceAmount", "Disputed", "SettledDate", "PaperlessBill", "DaysToSettle", "DaysLate",
]  # fmt: skip


def line(number: str = "1001", **values: str) -> list[str]:
    """A line of the file, good unless told otherwise: 100.00, open, due at the end of June."""
    given = {
        "countryCode": "391",
        "customerID": "0187-ERLSR",
        "invoiceNumber": number,
        "InvoiceDate": "6/1/2013",
        "DueDate": "6/30/2013",
        "InvoiceAmount": "100.00",
        "Disputed": "No",
        "SettledDate": "",
        **values,
    }
    return [given.get(column, "") for column in COLUMNS]


def write(path: Path, lines: Sequence[Sequence[str]], header: Sequence[str] = COLUMNS) -> Path:
    """A ledger's file of these lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def bring_in(
    books: Books, ledger: Path | LedgerFile, *, as_of: date = JUNE, **options: Any
) -> Summary:
    """Imports a ledger into these books."""
    with tenant(books.id):
        return import_ledger(
            organization=books.organization,
            ledger=read(ledger) if isinstance(ledger, Path) else ledger,
            as_of=as_of,
            by=IMPORT,
            at=books.at,
            **options,
        )
