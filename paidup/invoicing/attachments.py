"""What messages may attach of invoices."""

from uuid import UUID

from paidup.communications import files
from paidup.communications.files import File
from paidup.lib import tenancy

from .models import Invoice
from .pdf import file_name, invoice_pdf


def attach_invoice(invoice_id: UUID) -> File:
    """The invoice as it stands when the message leaves."""
    invoice = (
        Invoice.objects.of(tenancy.current())
        .select_related("customer", "entity")
        .get(id=invoice_id)
    )
    return File(
        name=file_name(invoice), content=invoice_pdf(invoice), content_type="application/pdf"
    )


files.register("invoice_pdf", attach_invoice)
