"""Invoices as files that messages bring along."""

from uuid import UUID

from paidup.communications import files
from paidup.communications.files import File
from paidup.lib import tenancy

from .models import Invoice
from .pdf import file_name, invoice_pdf

INVOICE_PDF = "invoice_pdf"


def _attach(invoice_id: UUID) -> File:
    invoice = (
        Invoice.objects.of(tenancy.current())
        .select_related("customer", "entity")
        .get(id=invoice_id)
    )
    return File(
        name=file_name(invoice), content=invoice_pdf(invoice), content_type="application/pdf"
    )


files.register(INVOICE_PDF, _attach)
