"""Inviting people to the portal."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph, SecretButton
from paidup.communications.operations import NewMessage
from paidup.communications.states import Purpose
from paidup.customers import queries as people
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations.add import standing
from paidup.customers.states import PortalAccess
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.organizations.models import Organization
from paidup.portal_access.gate import GATE, MAKER
from paidup.portal_access.models import Login, Ticket
from paidup.portal_access.queries import login_of
from paidup.portal_access.states import TicketPurpose
from paidup.portal_access.wording import Wording, filled, invitation

LASTS = {
    TicketPurpose.INVITATION: timedelta(days=7),
    TicketPurpose.PASSWORD: timedelta(hours=2),
}


class PortalRefused(Exception):
    """It can't be done so; the sentence says what to do."""


@transaction.atomic
def invite(
    *,
    contact: Contact,
    customer_ids: Collection[UUID],
    by: Actor,
    at: datetime,
    wording: Wording | None = None,
) -> None:
    """Enables the portal for a person at these customers, where it is a contact, and sends an
    invitation; one sent before opens nothing any more. Who accepted already signs in as before and
    gets no mail.

    Raises PortalRefused without an address that takes mail, and where there is nothing to do;
    TemplateRefused for a variable in the wording that can't be filled.
    """
    [contact] = standing([contact.id])
    links = list(
        ContactLink.objects.of(contact.organization_id)
        .filter(contact=contact, customer_id__in=customer_ids)
        .order_by("id")
        .select_related("customer__billing_owner")
    )
    newly = [link for link in links if link.portal != PortalAccess.ENABLED]
    login = login_of(contact)
    _refuse_unreachable(contact, links)
    if login and not newly:
        raise PortalRefused(_("%s accepted already and can sign in.") % contact.name)
    ContactLink.objects.of(contact.organization_id).filter(
        id__in=[link.id for link in newly]
    ).update(portal=PortalAccess.ENABLED)
    about = [link.customer for link in links]
    if login is None:
        language = contact.language
        send_ticket(
            contact,
            TicketPurpose.INVITATION,
            about=about,
            wording=wording or invitation(language),
            by=by,
            at=at,
        )
    _record(
        "contact.portal_invited" if login is None else "contact.portal_enabled",
        about,
        contact,
        by=by,
        at=at,
    )


def invite_main_contact(*, customer: Customer, wording: Wording, by: Actor, at: datetime) -> bool:
    """Invites the person to speak to at a customer: of billing, with an address that takes mail.
    False where that person is invited and has accepted already.

    Raises PortalRefused where there is nobody to invite, TemplateRefused as `invite` does.
    """
    reachable = people.contacts_of(customer.id).exclude(contact__email="")
    place = reachable.filter(contact__bounced_at=None).first()
    if place is None:
        raise PortalRefused(_("No contact has an e-mail address that takes mail; add one."))
    if place.portal == PortalAccess.DISABLED:
        raise PortalRefused(
            _("The portal is disabled for %s; enable it there first.") % place.contact.name
        )
    if place.portal == PortalAccess.ENABLED and login_of(place.contact):
        return False
    invite(contact=place.contact, customer_ids=[customer.id], wording=wording, by=by, at=at)
    return True


def send_ticket(
    contact: Contact,
    purpose: TicketPurpose,
    *,
    about: Sequence[Customer],
    by: Actor,
    at: datetime,
    wording: Wording,
) -> None:
    """Sends a new ticket in place of the one that waits. The caller holds the contact locked."""
    organization = Organization.objects.get(id=contact.organization_id)
    tickets = Ticket.objects.of(organization).filter(contact=contact, purpose=purpose)
    tickets.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    ticket = Ticket.objects.create(
        organization=organization,
        contact=contact,
        purpose=purpose,
        asked_at=at,
        expires_at=at + LASTS[purpose],
    )
    said = filled(
        wording,
        purpose=Purpose.INVITATION,
        organization=organization,
        contact=contact,
        customer=about[0],
    )
    with override(contact.language):
        label = (
            _("Choose a password")
            if purpose == TicketPurpose.INVITATION
            else _("Choose a new password")
        )
    communications.queue_messages(
        [
            NewMessage(
                purpose=Purpose.INVITATION,
                to_address=contact.email,
                subject=said.subject,
                blocks=[Paragraph(said.body), SecretButton(label, MAKER, ticket.id)],
                intent_key=f"portal:{ticket.id}",
                contact_id=contact.id,
                customer_ids=[customer.id for customer in about],
                gate=GATE,
                gate_data={"ticket": str(ticket.id)},
                automatic=False,
            )
        ],
        by=by,
        at=at,
    )


def _refuse_unreachable(contact: Contact, links: Sequence[ContactLink]) -> None:
    if not links:
        raise PortalRefused(_("%s is no contact of this customer any more.") % contact.name)
    if not contact.email:
        raise PortalRefused(_("%s has no e-mail address; add one first.") % contact.name)
    if contact.bounced_at:
        raise PortalRefused(_("Mail to %s came back; correct the address first.") % contact.email)
    others = Login.objects.of(contact.organization_id).filter(address=contact.email.lower())
    if others.exclude(contact=contact).exists():
        raise PortalRefused(
            _("Another contact signs in with %s. Merge the two, or give this one its own address.")
            % contact.email
        )


def _record(
    kind: str, about: Sequence[Customer], contact: Contact, *, by: Actor, at: datetime
) -> None:
    history.record_all(
        (
            Happening(kind=kind, customer_id=customer.id, subject_id=contact.id)
            for customer in about
        ),
        by=by,
        at=at,
    )
