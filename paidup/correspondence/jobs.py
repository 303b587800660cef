"""The templates of a new organization."""

from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization

from .gate import CORRESPONDENCE
from .operations import establish_templates


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization its templates."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    establish_templates(organization=organization, by=CORRESPONDENCE, at=clock.now())
