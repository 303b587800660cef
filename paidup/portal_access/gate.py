"""The portal's mails at the moment of sending: whether they still open anything, and their link."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from paidup.communications import addresses, gates
from paidup.communications.gates import Decision, Send, Withdraw
from paidup.communications.models import Message
from paidup.lib import tenancy
from paidup.organizations.models import Organization

from . import secret
from .models import Ticket
from .states import TicketPurpose

GATE = MAKER = "portal_ticket"
_PATHS = {TicketPurpose.INVITATION: "invitation", TicketPurpose.PASSWORD: "password"}


def still_opens(message: Message, at: datetime) -> Decision:
    """Withdraws what was revoked, used or has expired."""
    open_ones = Ticket.objects.of(message.organization_id).filter(
        id=message.gate_data["ticket"], used_at=None, revoked_at=None, expires_at__gt=at
    )
    if open_ones.exists():
        return Send()
    return Withdraw(_("Its link would not work any more: it was replaced, used or has expired."))


def ticket_address(ticket_id: UUID) -> str:
    """The address that the mail leads to, made anew for each mail that leaves."""
    made = secret.new()
    tickets = Ticket.objects.of(tenancy.current())
    ticket = tickets.get(id=ticket_id)
    ticket.digest = secret.digest(made)
    ticket.save(update_fields=["digest"])
    organization = Organization.objects.get(id=tenancy.current())
    path = _PATHS[TicketPurpose(ticket.purpose)]
    return f"{portal_url(organization)}/{path}/{made}/"


def portal_url(organization: Organization) -> str:
    """Where the organization's portal is."""
    scheme, _separator, host = settings.BASE_URL.partition("://")
    return f"{scheme}://{organization.slug}.{host}"


gates.register(GATE, still_opens)
addresses.register(MAKER, ticket_address)
