"""What customers does later."""

from paidup.history.actors import system
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from .operations import end_health


@job
def end_expired_health(*, organization_id: str) -> None:
    """Every hour, as days begin at different times: whose health has counted long enough?"""
    at = clock.now()
    organization = Organization.objects.get(id=organization_id)
    end_health(on=organization.day(at), by=system("health"), at=at)
