"""The templates of a new organization, and mail to whom it invites."""

from uuid import UUID

from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.invitations import open_invitation
from paidup.organizations.models import Organization

from .gate import CORRESPONDENCE
from .invitations import write
from .operations import establish_templates


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization its templates."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    establish_templates(organization=organization, by=CORRESPONDENCE, at=clock.now())


@job
def write_invitation(*, organization_id: str, event_id: str) -> None:
    """Writes to whoever was invited, unless the invitation was taken back meanwhile."""
    event = Event.objects.of(UUID(organization_id)).get(id=event_id)
    at = clock.now()
    invitation = event.subject_id and open_invitation(event.subject_id, at=at)
    if invitation:
        write(invitation=invitation, at=at)
