"""Asking to be let in, by whoever knows an address."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.states import PortalAccess
from paidup.history import operations as history
from paidup.history.actors import contact as person
from paidup.lib import tenancy
from paidup.lib.ids import new_id
from paidup.lib.jobs import enqueue
from paidup.portal_access.models import Login
from paidup.portal_access.queries import login_of
from paidup.portal_access.states import TicketPurpose
from paidup.portal_access.wording import new_password

from .invite import PortalRefused, invite, send_ticket


@transaction.atomic
def request_access(*, address: str, only_logins: bool = False) -> None:
    """Has a worker see whether this address may come in, and write to it. The same is done here
    for every address, so that neither the answer nor its time tells who is known; nothing of the
    address is kept. With `only_logins` for those who have a password, and forgot it."""
    from paidup.portal_access.jobs import answer  # noqa: PLC0415  which calls `answer_request`

    written = address.strip()
    logins = Login.objects.of(tenancy.current())
    by_login = logins.filter(address=written.lower()).values("contact_id")
    people = Contact.objects.of(tenancy.current()).standing()
    people = people.filter(Q(email__iexact=written) | Q(id__in=by_login))
    if only_logins:
        people = people.filter(id__in=logins.values("contact_id"))
    # Of several with one address, the one who signs in with it.
    signs_in = Exists(logins.filter(contact=OuterRef("id")))
    found = people.order_by(signs_in.desc(), "id").values_list("id", flat=True).first()
    enqueue(answer, organization_id=tenancy.current(), contact_id=found or new_id())


@transaction.atomic
def answer_request(*, contact_id: UUID, at: datetime) -> None:
    """Writes to a contact who asked: an invitation, or the way to a new password for one who has
    accepted. Nothing to a stranger, nor where the portal is switched off at every customer."""
    contact = Contact.objects.of(tenancy.current()).standing().filter(id=contact_id).first()
    if contact is None:
        return
    places = ContactLink.objects.of(contact.organization_id).filter(contact=contact)
    customer_ids = list(
        places.exclude(portal=PortalAccess.DISABLED).values_list("customer_id", flat=True)
    )
    if not customer_ids:
        return
    by = person(contact.id)
    for customer_id in customer_ids:
        history.record(
            "contact.portal_requested",
            by=by,
            at=at,
            customer_id=customer_id,
            subject_id=contact.id,
        )
    try:
        with transaction.atomic():
            _let_in(contact, customer_ids, at=at)
    except PortalRefused:
        return  # the address bounces, or is another login's: nobody is told, as with a stranger


def _let_in(contact: Contact, customer_ids: list[UUID], *, at: datetime) -> None:
    login = login_of(contact)
    places = ContactLink.objects.of(contact.organization_id).filter(contact=contact)
    if login is None or places.filter(portal=PortalAccess.UNSET).exists():
        invite(contact=contact, customer_ids=customer_ids, by=person(contact.id), at=at)
    if login:
        _send_new_password(contact, customer_ids, at=at)


def _send_new_password(contact: Contact, customer_ids: list[UUID], *, at: datetime) -> None:
    locked = Contact.objects.of(contact.organization_id).filter(id=contact.id).locked()
    about = Customer.objects.of(contact.organization_id).filter(id__in=customer_ids)
    send_ticket(
        locked.get(),
        TicketPurpose.PASSWORD,
        about=list(about.select_related("billing_owner").order_by("id")),
        wording=new_password(contact.language),
        by=person(contact.id),
        at=at,
    )
