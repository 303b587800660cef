"""Changing the people at a customer, and which messages they receive."""

from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers import search
from paidup.customers.models import Contact, ContactLink
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening

from .add import CustomerRefused, refuse_partly_seen, standing
from .edit import written


class ContactDetails(TypedDict, total=False):
    """What may be changed of a person, wherever it is a contact."""

    name: str
    email: str
    phone: str
    language: str


class LinkDetails(TypedDict, total=False):
    """What may be changed of a person's place at one customer."""

    role: str
    gets_invoices: bool
    gets_reminders: bool
    gets_statements: bool
    gets_receipts: bool


@transaction.atomic
def edit_contact(
    *,
    contact: Contact,
    details: ContactDetails,
    by: Actor,
    at: datetime,
    link: ContactLink | None = None,
    link_details: LinkDetails | None = None,
) -> None:
    """Changes a person, and with `link` also its place at that customer.

    A new address is not known to bounce. Raises CustomerRefused without a name or an address, for
    one that was merged into another, and where it is a contact of customers that aren't seen.
    """
    standing([contact.id])
    changes = _apply(contact, dict(details))
    if changes:
        refuse_partly_seen([contact.id])
    if not contact.name and not contact.email:
        raise CustomerRefused(_("Give the contact a name or an e-mail address."))
    if changes:
        if "email" in changes:
            contact.bounced_at = None
        contact.name = contact.name or contact.email.split("@", maxsplit=1)[0]
        contact.sort_name = search.fold(contact.name)
        contact.words = search.words_of(contact)
        contact.save(update_fields=[*changes, "name", "bounced_at", "sort_name", "words"])
        _record_everywhere(contact, changes, by=by, at=at)
    link_changes = _apply(link, dict(link_details or {})) if link else {}
    if link and link_changes:
        link.save(update_fields=list(link_changes))
        history.record(
            "contact.place_changed",
            by=by,
            at=at,
            customer_id=link.customer_id,
            subject_id=contact.id,
            data={"changes": written(link_changes, personal=False)},
        )


@transaction.atomic
def unlink_contact(*, link: ContactLink, by: Actor, at: datetime) -> None:
    """The person is no contact of this customer any more; elsewhere it stays one."""
    deleted, _rows = ContactLink.objects.of(link.organization_id).filter(id=link.id).delete()
    if not deleted:
        return
    search.refresh([link.customer_id])
    history.record(
        "contact.unlinked",
        by=by,
        at=at,
        customer_id=link.customer_id,
        subject_id=link.contact_id,
        data={"role": link.role},
    )


def _record_everywhere(
    contact: Contact, changes: dict[str, tuple[Any, Any]], *, by: Actor, at: datetime
) -> None:
    customers = list(
        ContactLink.objects.of(contact.organization_id)
        .filter(contact=contact)
        .values_list("customer_id", flat=True)
    )
    search.refresh(customers)
    personal = {field: [str(before), str(after)] for field, (before, after) in changes.items()}
    history.record_all(
        (
            Happening(
                kind="contact.edited",
                customer_id=customer_id,
                subject_id=contact.id,
                personal={"changes": personal},
            )
            for customer_id in customers
        ),
        by=by,
        at=at,
    )


def _apply(row: Contact | ContactLink, details: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Sets what differs, and gives before and after."""
    changes = {}
    for field, given in details.items():
        after = given.strip() if isinstance(given, str) else given
        before = getattr(row, field)
        if before != after:
            setattr(row, field, after)
            changes[field] = (before, after)
    return changes
