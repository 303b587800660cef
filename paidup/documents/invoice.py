"""An invoice as a PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from .figures import Figures
from .parties import BadDocument, Issuer, Recipient, party, web_address
from .typesetting import Manuscript, manuscript, typeset


class Stamp(StrEnum):
    """What an invoice is marked as, where it isn't simply owed."""

    DRAFT = "draft"
    PAID = "paid"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A line. `tax_rate` is in percent; `amount` is the line's own, before tax."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """All that an invoice says. Amounts are in `currency` and drawn as given, none is computed.

    `discount` and `paid` (payments and credits together) are given above zero and drawn as taken
    off. `created_at` is the moment the PDF bears. Raises BadDocument for an invoice without lines,
    one without a number that is no draft, and a payment link that is no web address.
    """

    issuer: Issuer
    customer: Recipient
    number: str
    issued_on: date
    due_on: date
    currency: str
    lines: tuple[InvoiceLine, ...]
    subtotal: Decimal
    total: Decimal
    balance: Decimal
    created_at: datetime
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    terms: str = ""
    purchase_order: str = ""
    notes: str = ""
    heading: str = ""  # above the lines
    footer: str = ""  # below all else, such as where to pay to
    payment_link: str = ""
    language: str = "en"
    stamp: Stamp | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise BadDocument(_("An invoice needs at least one line."))
        if not self.number and self.stamp != Stamp.DRAFT:
            raise BadDocument(_("Only a draft can do without an invoice number."))
        web_address(self.payment_link)


def render_invoice(invoice: InvoiceDocument) -> bytes:
    """The invoice as a PDF, the same bytes for the same invoice. Raises BadDocument."""
    return typeset(compose_invoice(invoice))


def compose_invoice(invoice: InvoiceDocument) -> Manuscript:
    """The invoice as typst takes it, written in its language."""
    figures = Figures.of(invoice.language, invoice.currency)
    with override(invoice.language):
        title = _title(invoice)
        text = {
            **_head(invoice, figures),
            **_table(invoice, figures),
            "totals": _totals(invoice, figures),
            "balance": [_("Balance due"), figures.money(invoice.balance)],
            "notes": [_("Notes"), invoice.notes],
            "heading": invoice.heading,
            "end": invoice.footer,
        }
    return manuscript(
        "invoice.typ",
        title=title,
        issuer=invoice.issuer,
        language=invoice.language,
        created_at=invoice.created_at,
        link=invoice.payment_link if invoice.stamp is None else "",
        stamp=invoice.stamp or "",
        text=text,
    )


def _head(invoice: InvoiceDocument, figures: Figures) -> dict[str, Any]:
    issuer, customer = invoice.issuer, invoice.customer
    facts = [
        (_("Invoice number"), invoice.number),
        (_("Date of issue"), figures.day(invoice.issued_on)),
        (_("Date due"), figures.day(invoice.due_on)),
        (_("Terms"), invoice.terms),
        (_("PO number"), invoice.purchase_order),
        (_("Account number"), customer.account_number),
    ]
    return {
        "kind": _("Invoice"),
        "facts": [fact for fact in facts if fact[1]],
        "issuer": party(issuer),
        "from": _("From"),
        "to": _("Bill to"),
        "customer": party(customer),
        "headline": _headline(invoice, figures),
        "pay": _("Pay online"),
        "stamp": _stamped(invoice.stamp),
        "footer": [invoice.number or _stamped(invoice.stamp), _headline(invoice, figures)],
    }


def _title(invoice: InvoiceDocument) -> str:
    said = {"number": invoice.number, "issuer": invoice.issuer.name}
    if not invoice.number:
        return _("Draft of an invoice from %(issuer)s") % said
    return _("Invoice %(number)s from %(issuer)s") % said


def _headline(invoice: InvoiceDocument, figures: Figures) -> str:
    match invoice.stamp:
        case Stamp.VOID:
            return _("Void: nothing is owed")
        case Stamp.PAID:
            return _("%(amount)s paid in full") % {"amount": figures.money(invoice.total)}
    return _("%(amount)s due %(day)s") % {
        "amount": figures.money(invoice.balance),
        "day": figures.day(invoice.due_on),
    }


def _stamped(stamp: Stamp | None) -> str:
    match stamp:
        case Stamp.DRAFT:
            return _("Draft")
        case Stamp.PAID:
            return _("Paid")
        case Stamp.VOID:
            return _("Void")
    return ""


def _table(invoice: InvoiceDocument, figures: Figures) -> dict[str, Any]:
    taxed = any(line.tax_rate is not None for line in invoice.lines)
    amount = _("Amount (%(currency)s)") % {"currency": invoice.currency}
    head = [_("Description"), _("Quantity"), _("Unit price"), amount]
    rows = [
        [
            line.description,
            figures.quantity(line.quantity),
            figures.plain(line.unit_price),
            figures.plain(line.amount),
        ]
        for line in invoice.lines
    ]
    if taxed:
        head.insert(3, _("Tax"))
        for row, line in zip(rows, invoice.lines, strict=True):
            row.insert(3, "" if line.tax_rate is None else figures.percent(line.tax_rate))
    return {"head": head, "rows": rows}


def _totals(invoice: InvoiceDocument, figures: Figures) -> list[tuple[str, str]]:
    totals = [(_("Subtotal"), invoice.subtotal)]
    if invoice.discount:
        totals.append((_("Discount"), -invoice.discount))
    rates = {line.tax_rate for line in invoice.lines if line.tax_rate is not None}
    if invoice.tax or rates:
        totals.append((_tax_label(rates, figures), invoice.tax))
    totals.append((_("Total"), invoice.total))
    if invoice.paid:
        totals.append((_("Amount paid"), -invoice.paid))
    return [(label, figures.money(amount)) for label, amount in totals]


def _tax_label(rates: set[Decimal], figures: Figures) -> str:
    if len(rates) != 1:
        return _("Tax")
    return _("Tax (%(rate)s)") % {"rate": figures.percent(rates.pop())}
