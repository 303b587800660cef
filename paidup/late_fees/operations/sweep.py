"""Taking back many fees, each by itself: one that fails keeps none of the others waiting."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.late_fees.models import Fee
from paidup.lib import tenancy
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from paidup.todos import operations as todos
from paidup.todos.models import Todo

from .take_back import NOT_TAKEN_BACK, take_back_fee

log = structlog.get_logger(__name__)


def take_back_fees(
    *, organization_id: UUID, fee_ids: Iterable[UUID], by: Actor, at: datetime
) -> None:
    """Takes back what is too much of each of these fees, in a transaction of its own.

    Of one that fails a person is told, once; the next sweep tries it again.
    """
    with tenant(organization_id):
        on = Organization.objects.get(id=organization_id).day(at)
    for fee_id in fee_ids:
        try:
            with tenant(organization_id):
                take_back_fee(fee_id=fee_id, on=on, by=by, at=at)
        except Exception:
            log.exception("late fee could not be taken back", fee_id=str(fee_id))
            with tenant(organization_id):
                _tell(fee_id, on=on, by=by, at=at)


def _tell(fee_id: UUID, *, on: date, by: Actor, at: datetime) -> None:
    fees = Fee.objects.of(tenancy.current()).select_related("document__customer")
    document = fees.get(id=fee_id).document
    # Also what a person has ticked off is not told again.
    if Todo.objects.of(document.organization_id).about(NOT_TAKEN_BACK, document.id).exists():
        return
    todos.add_todo(
        kind=NOT_TAKEN_BACK,
        title=_(
            "Late fee %s could not be taken back, though its invoice was paid in time; "
            "waive it, or add a credit."
        )
        % document.number,
        customer=document.customer,
        subject_id=document.id,
        due_on=on,
        by=by,
        at=at,
    )
