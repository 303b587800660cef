"""What late fees do by themselves."""

from uuid import UUID

from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.lib.tenancy import tenant

from . import operations
from .operations.run import LATE_FEES


@job(opens_own_tenant=True)
def run_today(*, organization_id: str) -> None:
    """Every 20 minutes: takes back what was paid in time, and charges what the day asks for."""
    at = clock.now()
    with tenant(organization_id):
        fee_ids = operations.paid_in_time()
    operations.take_back_fees(
        organization_id=UUID(organization_id), fee_ids=fee_ids, by=LATE_FEES, at=at
    )
    operations.assess(organization_id=UUID(organization_id), at=at)


@job(opens_own_tenant=True)
def note_payment(*, organization_id: str, event_id: str) -> None:
    """Money was booked: had it come in time for a fee?"""
    at = clock.now()
    with tenant(organization_id):
        event = Event.objects.of(UUID(organization_id)).get(id=event_id)
        fee_ids = operations.paid_in_time(payment_id=event.subject_id)
    operations.take_back_fees(
        organization_id=UUID(organization_id), fee_ids=fee_ids, by=LATE_FEES, at=at
    )
