"""What invoicing does later."""

from paidup.history.actors import system
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from .operations import count_overdue, establish_statuses


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization the collection statuses to begin with."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    establish_statuses(organization=organization, by=system("invoicing"), at=clock.now())


@job
def count_overdue_today(*, organization_id: str) -> None:
    """Every quarter of an hour, as days begin at different times: what has become overdue?"""
    at = clock.now()
    organization = Organization.objects.get(id=organization_id)
    count_overdue(on=organization.day(at), at=at)
