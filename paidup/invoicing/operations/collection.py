"""How far collecting an invoice has come, as colleagues say."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import CollectionStatus, Invoice
from paidup.invoicing.states import InvoiceState
from paidup.todos import operations as todos

from .collection_statuses import StatusRefused
from .dispute import lock

ESCALATION = "collection_status"  # the to-do's kind; its subject is the invoice


@transaction.atomic
def set_collection_status(
    *, invoice: Invoice, status: CollectionStatus | None, by: Actor, at: datetime
) -> None:
    """Gives an open invoice a status, or none.

    One that notifies is a to-do for the customer's manager, else for its billing owner; the to-do
    about the status before is done then. Raises StatusRefused for an invoice that is settled and a
    status that was removed.
    """
    invoice = lock(invoice)
    if invoice.state != InvoiceState.OPEN:
        raise StatusRefused(_("Invoice %s is not open any more.") % invoice.number)
    if status:
        statuses = CollectionStatus.objects.of(invoice.organization_id)
        status = statuses.select_for_update(no_key=True).get(id=status.id)
        if status.removed:
            raise StatusRefused(_("This status was removed meanwhile."))
    before = invoice.collection_status
    if before == status:
        return
    invoice.collection_status = status
    invoice.save(update_fields=["collection_status"])
    history.record(
        "invoice.collection_status_changed",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "before": before.name if before else "",
            "after": status.name if status else "",
        },
    )
    todos.finish_todos_about(kind=ESCALATION, subject_ids=[invoice.id], by=by, at=at)
    if status and status.notifies:
        _notify(invoice, status, by=by, at=at)


def _notify(invoice: Invoice, status: CollectionStatus, *, by: Actor, at: datetime) -> None:
    assert invoice.customer_id  # noqa: S101  a deleted customer's invoices can't be reached
    rows = Customer.objects.of(invoice.organization_id).select_related("manager")
    customer = rows.get(id=invoice.customer_id)
    todos.add_todo(
        kind=ESCALATION,
        title=_("Invoice %(number)s is “%(status)s” now")
        % {"number": invoice.number, "status": status.name},
        customer=customer,
        subject_id=invoice.id,
        assignee=customer.manager if customer.manager and customer.manager.active else None,
        by=by,
        at=at,
    )
