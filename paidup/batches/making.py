"""Making a batch's change, some customers at a time."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import staff

from .actions import CHANGES
from .models import Batch, BatchRow
from .queries import rows_of
from .states import Action, RowState


def make_some(*, batch: Batch, at: datetime) -> bool:
    """Makes the change to the next of its customers; whether any is left then.

    Within the caller's transaction: what became of a customer is kept with the change itself.
    """
    change, by = CHANGES[Action(batch.action)], staff(batch.asked_by_id)
    waiting = rows_of(batch).filter(state=RowState.WAITING)
    rows = waiting.order_by("customer_id").select_for_update()[: change.at_a_time]
    ids = list(rows.values_list("customer_id", flat=True))
    standing = Customer.objects.of(batch.organization_id).filter(id__in=ids)
    there = list(standing.order_by("id").values_list("id", flat=True))
    outcome = change.make(batch, there, by, at)
    gone = dict.fromkeys(set(ids) - set(there), _("The customer is not there any more."))
    refused = outcome.refused | gone
    all_rows = rows_of(batch)
    all_rows.filter(customer_id__in=outcome.unchanged).update(state=RowState.UNCHANGED)
    for customer_id, reason in refused.items():
        all_rows.filter(customer_id=customer_id).update(state=RowState.REFUSED, reason=reason)
    done = set(ids) - outcome.unchanged - refused.keys()
    all_rows.filter(customer_id__in=done).update(state=RowState.DONE)
    if len(ids) == change.at_a_time:
        return True
    _finish(batch, at)
    return False


def forget(*, organization_id: UUID, customer_id: UUID) -> None:
    """Takes a customer that is deleted out of all batches."""
    BatchRow.objects.filter(organization_id=organization_id, customer_id=customer_id).delete()


def _finish(batch: Batch, at: datetime) -> None:
    if batch.finished_at:
        return
    batch.finished_at = at
    batch.save(update_fields=["finished_at"])
    history.record(
        "batch.finished", by=staff(batch.asked_by_id), at=at, subject_id=batch.id, data={}
    )
