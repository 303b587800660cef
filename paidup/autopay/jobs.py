"""What autopay does by itself."""

from uuid import UUID

from paidup.history.actors import system
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from . import operations


@job(opens_own_tenant=True)
def tick(*, organization_id: str) -> None:
    """Every 20 minutes: charges what the schedules ask for."""
    operations.tick(organization_id=UUID(organization_id), at=clock.now())


@job
def note_outcome(*, organization_id: str, event_id: str) -> None:
    """A charge has ended; if it was autopay's, retry by policy or tell a person."""
    at = clock.now()
    event = Event.objects.of(UUID(organization_id)).get(id=event_id)
    if event.subject_id:
        operations.note_outcome(
            intent_id=event.subject_id,
            on=Organization.objects.get(id=organization_id).day(at),
            by=system("autopay"),
            at=at,
        )
