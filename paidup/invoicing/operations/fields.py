"""What an organization's own fields hold of an invoice: its own notes, no part of the bill."""

from datetime import datetime

from django.db import transaction

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice, InvoiceValue
from paidup.organizations.field_values import Given, change_values

from .dispute import lock


@transaction.atomic
def fill_in_invoice(*, invoice: Invoice, fields: Given, by: Actor, at: datetime) -> None:
    """Sets what custom fields hold of an invoice, open or settled; nothing is recorded where
    nothing differs.

    Raises FieldRefused where a field, or a choice, was removed meanwhile.
    """
    invoice = lock(invoice)
    if filled := change_values(InvoiceValue, invoice.id, fields):
        history.record(
            "invoice.filled_in",
            by=by,
            at=at,
            customer_id=invoice.customer_id,
            subject_id=invoice.id,
            data={"number": invoice.number},
            personal={"fields": [change.told() for change in filled]},
        )
