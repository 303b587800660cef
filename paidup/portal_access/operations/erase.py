"""Logins of people who are erased with their customer."""

from collections.abc import Collection
from uuid import UUID

from paidup.lib import tenancy
from paidup.portal_access.models import Login, PortalSession, Ticket


def erase(*, contact_ids: Collection[UUID]) -> None:
    """Erases what let these people in."""
    logins = Login.objects.of(tenancy.current()).filter(contact__in=contact_ids)
    PortalSession.objects.of(tenancy.current()).filter(login__in=logins.values("id")).delete()
    logins.delete()
    Ticket.objects.of(tenancy.current()).filter(contact__in=contact_ids).delete()
