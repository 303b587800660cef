"""The worker's part after a change of cadences."""

from paidup.history.actors import system
from paidup.lib import clock, tenancy
from paidup.lib.jobs import enqueue, job
from paidup.organizations.models import Organization

from .taking_back import take_back, take_turns


def follow_soon() -> None:
    """Has a worker take back what is outdated, once this transaction is committed.

    Until then the last look before sending keeps it from leaving.
    """
    organization_id = tenancy.current()
    enqueue(
        follow,
        organization_id=organization_id,
        queueing_lock=f"follow_cadences:{organization_id}",
    )


@job
def follow(*, organization_id: str) -> None:
    """Takes back what is outdated after a change of cadences."""
    organization, now = Organization.objects.get(id=organization_id), clock.now()
    take_turns(organization)
    take_back(on=organization.day(now), by=system("cadences"), at=now)
