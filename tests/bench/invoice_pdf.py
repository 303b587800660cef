"""Invoice PDFs beside bare typst setting the same pages."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count

import typst

from paidup.documents import typesetting
from paidup.documents.invoice import (
    InvoiceDocument,
    InvoiceLine,
    compose_invoice,
    render_invoice,
)
from paidup.documents.parties import Issuer, Recipient
from tests.bench.book import Book
from tests.bench.measure import Figure, side_by_side

TIMES, EACH = 5, 20


def measure(book: Book) -> list[Figure]:
    """Ours beside typst given what we would give it."""
    document, numbers = _document(book.at), count()

    def ours() -> None:
        for _ in range(EACH):
            render_invoice(replace(document, number=f"INV-{next(numbers):05d}"))

    # Every call sets another number, or typst would remember the page.
    copies = iter(
        [
            compose_invoice(replace(document, number=f"BARE-{number:05d}"))
            for number in range(EACH * (TIMES + 1))
        ]
    )

    def bare() -> None:
        for _ in range(EACH):
            copy = next(copies)
            typst.compile(
                copy.template,
                root=typesetting.TEMPLATES,
                font_paths=typesetting.fonts(),
                sys_inputs=copy.inputs,
                pdf_standards=["ua-1"],
                timestamp=0,
            )

    value, least = side_by_side(ours, bare, times=TIMES)
    return [
        Figure(
            name="invoice PDF",
            value=1000 * value / EACH,
            unit="ms",
            bare=1000 * least / EACH,
            at_most_ratio=1.5,
        )
    ]


def _document(at: datetime) -> InvoiceDocument:
    lines = tuple(
        InvoiceLine(
            description=f"Item {line} of the order, delivered",
            quantity=Decimal(line),
            unit_price=Decimal("12.50"),
            amount=line * Decimal("12.50"),
        )
        for line in range(1, 11)
    )
    total = sum((line.amount for line in lines), Decimal(0))
    return InvoiceDocument(
        issuer=Issuer(name="Bench & Co.", country="US", address=("1 Main Street", "Dayton")),
        customer=Recipient(name="A Customer", address=("2 Side Street", "Dayton")),
        number="INV-00000",
        issued_on=date(2026, 3, 2),
        due_on=date(2026, 4, 1),
        currency="USD",
        lines=lines,
        subtotal=total,
        total=total,
        balance=total,
        created_at=at,
    )
