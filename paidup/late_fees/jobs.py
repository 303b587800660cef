"""What late fees do by themselves."""

from uuid import UUID

from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

from . import operations
from .operations.run import LATE_FEES


@job(opens_own_tenant=True)
def run_today(*, organization_id: str) -> None:
    """Every 20 minutes: takes back what was paid in time, and charges what the day asks for."""
    at = clock.now()
    with tenant(organization_id):
        on = Organization.objects.get(id=organization_id).day(at)
        fee_ids = operations.paid_in_time()
    for fee_id in fee_ids:
        with tenant(organization_id):
            operations.take_back_fee(fee_id=fee_id, on=on, by=LATE_FEES, at=at)
    operations.assess(organization_id=UUID(organization_id), at=at)


@job
def note_payment(*, organization_id: str, event_id: str) -> None:
    """Money was booked: had it come in time for a fee?"""
    at = clock.now()
    on = Organization.objects.get(id=organization_id).day(at)
    event = Event.objects.of(UUID(organization_id)).get(id=event_id)
    for fee_id in operations.paid_in_time(payment_id=event.subject_id):
        operations.take_back_fee(fee_id=fee_id, on=on, by=LATE_FEES, at=at)
