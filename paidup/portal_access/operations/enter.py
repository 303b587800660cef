"""Getting in: accepting an invitation, signing in and out, a new password."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Contact
from paidup.history import operations as history
from paidup.history.actors import contact as person
from paidup.history.operations import Happening
from paidup.lib import tenancy
from paidup.portal_access import queries, secret
from paidup.portal_access.models import Login, PortalSession, Ticket
from paidup.portal_access.states import TicketPurpose

from .invite import PortalRefused

LASTS = timedelta(hours=12)


@transaction.atomic
def accept(*, token: str, password: str, at: datetime) -> str:
    """Makes an invited person's login with this password, and signs in: gives the secret that the
    browser keeps.

    Raises PortalRefused where the invitation opens nothing (any more), or the password is too weak.
    """
    ticket = _locked(token, TicketPurpose.INVITATION, at=at)
    contact = ticket.contact
    _judge(password, contact)
    address = contact.email.lower()
    logins = Login.objects.of(contact.organization_id)
    if logins.filter(address=address).exclude(contact=contact).exists():
        raise PortalRefused(
            _("Somebody signs in with %s already. Ask the sender for help.") % address
        )
    PortalSession.objects.of(contact.organization_id).filter(login__contact=contact).delete()
    login, _made = logins.update_or_create(
        organization_id=contact.organization_id,
        contact=contact,
        defaults={
            "address": address,
            "granted_to": contact.email,
            "password": make_password(password),
            "accepted_at": at,
        },
    )
    _use(ticket, at)
    _record("contact.portal_accepted", contact, at=at)
    return _session(login, at)


@transaction.atomic
def choose_password(*, token: str, password: str, at: datetime) -> str:
    """Gives a login another password, ends its sessions everywhere and signs in here. Gives the
    secret that the browser keeps. Raises PortalRefused as `accept` does."""
    ticket = _locked(token, TicketPurpose.PASSWORD, at=at)
    contact = ticket.contact
    login = queries.login_of(contact)
    if login is None:
        raise PortalRefused(_spent())
    _judge(password, contact)
    login.password = make_password(password)
    login.save(update_fields=["password"])
    PortalSession.objects.of(login.organization_id).filter(login=login).delete()
    _use(ticket, at)
    _record("contact.portal_password_changed", contact, at=at)
    return _session(login, at)


@transaction.atomic
def sign_in(*, address: str, password: str, at: datetime) -> str | None:
    """The secret that the browser keeps; None, after the same time, for whoever may not."""
    login = queries.login_at(address)
    if login is None:
        make_password(password)  # takes as long as looking whether it is right
        return None
    if not check_password(password, login.password):
        return None
    return _session(login, at)


@transaction.atomic
def sign_out(*, session_id: UUID) -> None:
    """Ends a session."""
    PortalSession.objects.of(tenancy.current()).filter(id=session_id).delete()


def _locked(token: str, purpose: TicketPurpose, *, at: datetime) -> Ticket:
    """The ticket, once nobody else can use it any more."""
    found = queries.open_ticket(token, purpose, at=at)
    if found is None:
        raise PortalRefused(_spent())
    list(Contact.objects.of(found.organization_id).filter(id=found.contact_id).locked())
    ticket = queries.open_ticket(token, purpose, at=at)
    if ticket is None:
        raise PortalRefused(_spent())
    return ticket


def _spent() -> str:
    return _("This link was used already, replaced by a later one, or has expired.")


def _judge(password: str, contact: Contact) -> None:
    try:
        validate_password(password, contact)  # type: ignore[arg-type]  # it must not be like the e-mail
    except ValidationError as weak:
        raise PortalRefused(" ".join(weak.messages)) from None


def _use(ticket: Ticket, at: datetime) -> None:
    ticket.used_at = at
    ticket.save(update_fields=["used_at"])


def _session(login: Login, at: datetime) -> str:
    kept = secret.new()
    sessions = PortalSession.objects.of(login.organization_id).filter(login=login)
    sessions.filter(expires_at__lte=at).delete()
    PortalSession.objects.create(
        organization_id=login.organization_id,
        login=login,
        digest=secret.digest(kept),
        started_at=at,
        expires_at=at + LASTS,
    )
    login.signed_in_at = at
    login.save(update_fields=["signed_in_at"])
    return kept


def _record(kind: str, contact: Contact, *, at: datetime) -> None:
    history.record_all(
        (
            Happening(kind=kind, customer_id=customer.id, subject_id=contact.id)
            for customer in queries.customers_open_to(contact)
        ),
        by=person(contact.id),
        at=at,
    )
