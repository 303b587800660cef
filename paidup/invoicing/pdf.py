"""An issued invoice as the PDF that people download and mails bring along."""

from decimal import Decimal

from django.utils.translation import ngettext, override

from paidup.documents.invoice import InvoiceDocument, Stamp, render_invoice
from paidup.documents.invoice import InvoiceLine as DocumentLine
from paidup.documents.parties import Issuer, Recipient
from paidup.organizations.models import Organization
from paidup.organizations.paying import payment_rules
from paidup.organizations.states import ONLINE

from .models import Invoice, InvoiceLine
from .states import InvoiceState

_STAMPS = {InvoiceState.PAID: Stamp.PAID, InvoiceState.VOID: Stamp.VOID}


def file_name(invoice: Invoice) -> str:
    """What the file is called where it is saved."""
    return f"{invoice.number}.pdf"


def invoice_pdf(invoice: Invoice, *, payment_link: str = "") -> bytes:
    """The invoice as it stands now, in its customer's language; read within the tenant's scope.

    `payment_link` is where it can be paid, printed while something is open that is paid online.
    """
    customer, state = invoice.customer, InvoiceState(invoice.state)
    lines = _lines(invoice)
    tax = sum((line.tax for line in lines), Decimal(0))
    name, *address = invoice.bill_to.splitlines() or [customer.name]
    return render_invoice(
        InvoiceDocument(
            issuer=_issuer(invoice),
            customer=Recipient(name=name, address=tuple(address), account_number=customer.number),
            number=invoice.number,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            currency=invoice.currency,
            lines=tuple(_drawn(line, taxed=bool(tax)) for line in lines),
            subtotal=invoice.total - tax,
            tax=tax,
            total=invoice.total,
            paid=_paid(invoice, state),
            balance=invoice.open_amount,
            created_at=invoice.created_at,
            terms=_terms(invoice),
            purchase_order=invoice.po_number,
            notes=invoice.note,
            heading=invoice.heading,
            footer=invoice.footer,
            payment_link=payment_link if payment_link and _is_paid_online(invoice) else "",
            language=customer.language,
            stamp=_STAMPS.get(state),
        )
    )


def _is_paid_online(invoice: Invoice) -> bool:
    offered = payment_rules().offered(invoice.customer.payment_kinds, [invoice.template_id])
    return any(kind in ONLINE for kind in offered)


def _issuer(invoice: Invoice) -> Issuer:
    entity = invoice.entity
    return Issuer(
        name=entity.name,
        country=entity.country,
        address=tuple(entity.address.splitlines()),
        tax_id=entity.tax_id,
        accent=Organization.objects.get(id=invoice.organization_id).colour,
    )


def _lines(invoice: Invoice) -> list[InvoiceLine]:
    """Its lines; an invoice from a ledger that keeps sums only has one, its total."""
    return list(InvoiceLine.objects.of(invoice.organization_id).filter(invoice=invoice)) or [
        InvoiceLine(
            description=invoice.note or invoice.number,
            unit_price=invoice.total,
            amount=invoice.total,
        )
    ]


def _drawn(line: InvoiceLine, *, taxed: bool) -> DocumentLine:
    return DocumentLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        tax_rate=line.tax_rate if taxed else None,
    )


def _paid(invoice: Invoice, state: InvoiceState) -> Decimal:
    if state in (InvoiceState.OPEN, InvoiceState.PAID):
        return invoice.total - invoice.open_amount
    return Decimal(0)


def _terms(invoice: Invoice) -> str:
    days = (invoice.due_on - invoice.issued_on).days
    with override(invoice.customer.language):
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days else ""
