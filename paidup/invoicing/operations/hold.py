"""Holding invoices that came open again, until a person releases them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.lib import tenancy
from paidup.todos import operations as todos

RELEASE = "release_invoice"  # the to-do's kind; its subject is the invoice


@transaction.atomic
def hold_invoices(
    *, invoice_ids: Iterable[UUID], reason: Hold, by: Actor, at: datetime
) -> list[Invoice]:
    """Keeps cadences, autopay and late fees off these invoices; those that are open."""
    invoices = list(Invoice.objects.of(tenancy.current()).filter(id__in=list(invoice_ids)).open())
    for invoice in invoices:
        invoice.hold = reason
        invoice.save(update_fields=["hold"])
        history.record(
            "invoice.held",
            by=by,
            at=at,
            customer_id=invoice.customer_id,
            subject_id=invoice.id,
            data={"number": invoice.number, "reason": reason},
        )
    return invoices


@transaction.atomic
def release_invoice(*, invoice: Invoice, by: Actor, at: datetime) -> None:
    """Lets cadences, autopay and late fees have the invoice again; the to-do that asked is done."""
    held = Invoice.objects.of(tenancy.current()).filter(id=invoice.id).exclude(hold=Hold.NONE)
    if not held.update(hold=Hold.NONE):
        return
    history.record(
        "invoice.released",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={"number": invoice.number},
    )
    todos.finish_todos_about(kind=RELEASE, subject_ids=[invoice.id], by=by, at=at)
