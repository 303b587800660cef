"""What invoicing does later."""

from paidup.history.actors import system
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from .operations import establish_statuses


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization the collection statuses to begin with."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    establish_statuses(organization=organization, by=system("invoicing"), at=clock.now())
