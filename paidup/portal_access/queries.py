"""Reading logins, tickets and sessions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Lower

from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.states import PortalAccess
from paidup.lib import tenancy
from paidup.organizations.models import TenantQuerySet

from . import secret
from .models import Login, PortalSession, Ticket
from .states import TicketPurpose

Rows = TypeVar("Rows", bound=TenantQuerySet[Any])


@dataclass(frozen=True)
class Standing:
    """How far a contact is with the portal."""

    invited_at: datetime | None = None
    expires_at: datetime | None = None  # of an invitation that waits
    accepted_at: datetime | None = None


def standings(contact_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """By contact, when it was invited last and when it accepted; only who ever was."""
    ids = list(contact_ids)
    tickets = Ticket.objects.visible(tenancy.current()).filter(
        contact_id__in=ids, purpose=TicketPurpose.INVITATION
    )
    logins = Login.objects.visible(tenancy.current()).filter(contact_id__in=ids)
    found: dict[UUID, Standing] = {}
    for ticket in tickets.order_by("asked_at", "id"):
        waits = ticket.used_at is None and ticket.revoked_at is None
        found[ticket.contact_id] = Standing(
            invited_at=ticket.asked_at, expires_at=ticket.expires_at if waits else None
        )
    for login in _usable(logins, ""):
        before = found.get(login.contact_id, Standing())
        found[login.contact_id] = replace(before, accepted_at=login.accepted_at)
    return found


def login_of(contact: Contact) -> Login | None:
    """The contact's login, unless its address is another one since."""
    logins = Login.objects.visible(contact.organization_id).filter(contact=contact)
    return _usable(logins, "").first()


def open_ticket(token: str, purpose: TicketPurpose, *, at: datetime) -> Ticket | None:
    """What the address of a mail opens now; None alike for one that is used, revoked, expired,
    another organization's, or of a person to whom the portal is not enabled."""
    tickets = Ticket.objects.visible(tenancy.current())
    return (
        tickets.filter(
            _enabled("contact"),
            digest=secret.digest(token),
            purpose=purpose,
            used_at=None,
            revoked_at=None,
            expires_at__gt=at,
            contact__merged_into=None,
        )
        .select_related("contact")
        .first()
    )


def login_at(address: str) -> Login | None:
    """The login of an address that may be used now."""
    logins = Login.objects.visible(tenancy.current()).filter(
        _enabled("contact"), address=address.strip().lower()
    )
    return _usable(logins, "").select_related("contact").first()


def session_of(token: str, *, at: datetime) -> PortalSession | None:
    """The session that a cookie names, while its login may be used."""
    sessions = PortalSession.objects.of(tenancy.current()).filter(
        _enabled("login__contact"), digest=secret.digest(token), expires_at__gt=at
    )
    return _usable(sessions, "login__").select_related("login__contact").first()


def customers_open_to(contact: Contact) -> list[Customer]:
    """Whose invoices the contact sees in the portal, by name."""
    places = ContactLink.objects.visible(contact.organization_id).filter(
        contact=contact, portal=PortalAccess.ENABLED
    )
    rows = Customer.objects.visible(contact.organization_id)
    return list(
        rows.filter(id__in=places.values("customer_id"))
        .order_by("sort_name", "id")
        .select_related("entity")
    )


def _enabled(contact: str) -> Q:
    """The contact has a place with the portal enabled."""
    places = ContactLink.objects.visible(tenancy.current()).filter(portal=PortalAccess.ENABLED)
    return Q(**{f"{contact}__in": places.values("contact_id")})


def _usable(rows: Rows, to_login: str) -> Rows:
    """Of contacts that stand, at the address to which the login was granted."""
    own = {
        f"{to_login}contact__merged_into": None,
        "own_address": Lower(F(f"{to_login}granted_to")),
    }
    return rows.alias(own_address=Lower(f"{to_login}contact__email")).filter(**own)
