"""Logins when several contacts are made one."""

from collections.abc import Sequence
from datetime import datetime

from paidup.customers.models import Contact
from paidup.portal_access.models import Login, PortalSession, Ticket


def merge(*, into: Contact, merged: Sequence[Contact], at: datetime) -> None:
    """The login of the one that stays goes on; where it has none, the latest used of the others
    does, with the address and password its owner knows. What was sent to the merged opens nothing
    any more."""
    tickets = Ticket.objects.of(into.organization_id).filter(contact__in=merged)
    tickets.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    tickets.update(contact=into)
    logins = Login.objects.of(into.organization_id)
    theirs = [
        login
        for login in logins.filter(contact__in=merged).select_related("contact")
        if login.granted_to.lower() == login.contact.email.lower()
    ]
    survivor = logins.filter(contact=into).first() or max(
        theirs, key=lambda login: (login.signed_in_at or login.accepted_at, login.id), default=None
    )
    gone = logins.filter(contact__in=merged)
    if survivor:
        gone = gone.exclude(id=survivor.id)
    PortalSession.objects.of(into.organization_id).filter(login__in=gone.values("id")).delete()
    gone.delete()
    if survivor and survivor.contact_id != into.id:
        survivor.contact, survivor.granted_to = into, into.email
        survivor.save(update_fields=["contact", "granted_to"])
