"""What invoicing does later."""

from uuid import UUID

from paidup.history.actors import system
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from . import operations


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization the collection statuses to begin with."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    operations.establish_statuses(organization=organization, by=system("invoicing"), at=clock.now())


@job(opens_own_tenant=True)
def count_overdue_today(*, organization_id: str) -> None:
    """Every quarter of an hour, as days begin at different times: what has become overdue?"""
    operations.count_overdue(organization_id=UUID(organization_id), at=clock.now())
