"""The invoice and the statement that the tests vary, and how a PDF is read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader

from paidup.documents.invoice import InvoiceDocument, InvoiceLine
from paidup.documents.parties import Issuer, Recipient
from paidup.documents.statement import Aging, StatementDocument, StatementGroup, StatementItem

AT = datetime(2013, 6, 30, 9, tzinfo=UTC)

NORTHWIND = Issuer(
    name="Northwind Traders Inc.",
    country="US",
    address=("1200 Harbor Street", "Oakland, CA 94607"),
    tax_id="94-3155012",
)
ALPINE = Recipient(
    name="Alpine Ski House LLC",
    address=("88 Ridge Road", "Boulder, CO 80302"),
    account_number="ALP-0042",
)
LINE = InvoiceLine(
    description="Consulting, June 2013",
    quantity=Decimal("12.5"),
    unit_price=Decimal(140),
    amount=Decimal(1750),
    tax_rate=Decimal("8.25"),
)
INVOICE = InvoiceDocument(
    issuer=NORTHWIND,
    customer=ALPINE,
    number="INV-001042",
    purchase_order="PO-77810",
    issued_on=date(2013, 6, 30),
    due_on=date(2013, 7, 30),
    terms="Net 30",
    currency="USD",
    lines=(LINE,),
    subtotal=Decimal(1750),
    tax=Decimal("144.38"),
    total=Decimal("1894.38"),
    balance=Decimal("1894.38"),
    notes="Thank you for your business.",
    payment_link="https://pay.example/p/abc",
    created_at=AT,
)
ITEM = StatementItem(
    number="INV-000871",
    issued_on=date(2013, 2, 10),
    due_on=date(2013, 3, 12),
    amount=Decimal(1200),
    balance=Decimal(450),
    remark="Disputed",
)
CREDIT = StatementItem(
    number="CM-00012",
    issued_on=date(2013, 6, 25),
    amount=Decimal(-90),
    balance=Decimal(-90),
)
STATEMENT = StatementDocument(
    issuer=NORTHWIND,
    customer=ALPINE,
    as_of=date(2013, 6, 30),
    currency="USD",
    groups=(
        StatementGroup(title="Open invoices", items=(ITEM,), balance=Decimal(450)),
        StatementGroup(title="Unapplied credits", items=(CREDIT,), balance=Decimal(-90)),
    ),
    aging=Aging(over_90=Decimal(450), unapplied=Decimal(-90)),
    total=Decimal(360),
    payment_link="https://pay.example/b/abc",
    created_at=AT,
)


def pages(pdf: bytes) -> list[str]:
    """What each page says."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def words(pdf: bytes) -> str:
    """What the PDF says, in one line."""
    return " ".join(" ".join(pages(pdf)).split())


def links(pdf: bytes) -> list[str]:
    """The addresses that the PDF leads to."""
    return [
        annotation["/A"]["/URI"]
        for page in PdfReader(BytesIO(pdf)).pages
        for annotation in map(resolved, page.get("/Annots", []))
    ]


def typefaces(pdf: bytes) -> set[str]:
    """The fonts that the PDF is drawn with, such as `Inter-Regular`."""
    return {
        font["/BaseFont"].partition("+")[2]
        for page in PdfReader(BytesIO(pdf)).pages
        for font in map(resolved, resolved(page["/Resources"]).get("/Font", {}).values())
    }


def catalog(pdf: bytes) -> Any:
    """The PDF's root: its language, its tags, its properties."""
    return PdfReader(BytesIO(pdf)).trailer["/Root"]


def resolved(entry: Any) -> Any:
    """What an entry of a PDF stands for."""
    return entry.get_object()


def accessible(pdf: bytes) -> bool:
    """Whether it bears the mark of PDF/UA, which typst grants only if every letter was drawn."""
    return b"pdfuaid:part" in catalog(pdf)["/Metadata"].get_data()


def sheet(pdf: bytes) -> PageObject:
    """The first page."""
    return PdfReader(BytesIO(pdf)).pages[0]
