"""Switching the portal on and off for a person at one customer."""

from datetime import datetime

from django.db import transaction

from paidup.customers.models import ContactLink
from paidup.customers.operations.add import standing
from paidup.customers.states import PortalAccess
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.portal_access.models import PortalSession, Ticket


@transaction.atomic
def disable(*, link: ContactLink, by: Actor, at: datetime) -> None:
    """The person sees this customer in the portal no more, and gets in by asking no more. Where it
    was the last one, whoever is signed in is signed out, and what was sent opens nothing."""
    standing([link.contact_id])
    links = ContactLink.objects.of(link.organization_id)
    changed = links.filter(id=link.id).exclude(portal=PortalAccess.DISABLED)
    if not changed.update(portal=PortalAccess.DISABLED):
        return
    if not links.filter(contact=link.contact_id, portal=PortalAccess.ENABLED).exists():
        sessions = PortalSession.objects.of(link.organization_id)
        sessions.filter(login__contact=link.contact_id).delete()
        tickets = Ticket.objects.of(link.organization_id).filter(contact=link.contact_id)
        tickets.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    history.record(
        "contact.portal_disabled",
        by=by,
        at=at,
        customer_id=link.customer_id,
        subject_id=link.contact_id,
    )
