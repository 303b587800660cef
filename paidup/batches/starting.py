"""Asking for a change to many customers."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.customers.models import CustomerQuerySet
from paidup.history import operations as history
from paidup.history.actors import staff
from paidup.lib.jobs import enqueue
from paidup.organizations.models import Member

from .jobs import go_on
from .models import Batch
from .states import Action, RowState

_TOLD = {"owner", "cadence"}  # settings that the event names


class BatchRefused(Exception):
    """The batch can't be started; the message says what to do."""


@transaction.atomic
def start_batch(
    *,
    action: Action,
    customers: CustomerQuerySet,
    expected: int,
    settings: dict[str, str],
    member: Member,
    at: datetime,
) -> Batch:
    """Has a worker make the change to these customers, as they are selected now.

    `expected` is how many the member believes them to be.
    Raises BatchRefused when there are none, or another number of them.
    """
    batch = Batch.objects.create(
        organization_id=member.organization_id,
        action=action,
        settings=settings,
        asked_by=member,
        asked_at=at,
    )
    count = _add_rows(batch, customers)
    if not count:
        raise BatchRefused(_("No customer is selected any more. Choose some from the list."))
    if count != expected:
        raise BatchRefused(
            ngettext(
                "The list has changed meanwhile: %(count)d customer matches now. Look at it again.",
                "The list has changed meanwhile: %(count)d customers match now. Look at it again.",
                count,
            )
            % {"count": count}
        )
    history.record(
        "batch.started",
        by=staff(member.id),
        at=at,
        subject_id=batch.id,
        # What an invitation says stands in its mails.
        data={"action": action, "customers": count}
        | {name: value for name, value in settings.items() if name in _TOLD},
    )
    enqueue(go_on, organization_id=batch.organization_id, batch_id=batch.id)
    return batch


def _add_rows(batch: Batch, customers: CustomerQuerySet) -> int:
    selected, values = customers.order_by().values("id").query.sql_with_params()
    columns: list[Any] = [batch.organization_id, batch.id, RowState.WAITING.value]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO batches_batchrow (organization_id, batch_id, customer_id, state, reason)
            SELECT %s, %s, selected.id, %s, '' FROM ({selected}) AS selected
            """,  # noqa: S608  Django's own statement, its values apart
            [*columns, *values],
        )
        return int(cursor.rowcount)
