"""Making several contacts one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers import merging, search
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.lib import tenancy

from .add import CustomerRefused, refuse_partly_seen, standing


@transaction.atomic
def unite_contacts(
    *, into: UUID, others: Iterable[UUID], by: Actor, at: datetime
) -> tuple[Contact, list[Contact]]:
    """Makes the others part of the contact `into`, with their places at customers; gives both.

    The others stay, empty, and lead to it. Of `lifecycle`, which takes the messages along.
    Raises CustomerRefused where no other is named, one was merged already, or one is a contact of
    customers that aren't seen.
    """
    everybody = {contact.id: contact for contact in standing({into, *others})}
    kept = everybody.pop(into)
    merged = list(everybody.values())
    if not merged:
        raise CustomerRefused(_("Choose at least two contacts to merge."))
    refuse_partly_seen([kept.id, *(one.id for one in merged)])
    places = _united_places(kept, merged)
    merging.unite(kept, merged)
    _empty(merged, into=kept)
    kept.words = search.words_of(kept)
    kept.save(update_fields=[*merging.FILLED, "reminders_refused_at", "bounced_at", "words"])
    search.refresh({customer_id for ids in places.values() for customer_id in ids if customer_id})
    history.record_all(
        (
            Happening(
                kind="contact.merged",
                customer_id=customer_id,
                subject_id=contact.id,
                data={"into_id": str(kept.id)},
                personal={"into": kept.name},
            )
            for contact in merged
            for customer_id in places[contact.id]
        ),
        by=by,
        at=at,
    )
    return kept, merged


def lock_places(contacts: Iterable[Contact]) -> list[ContactLink]:
    """Their places at customers, for nobody else to change until the transaction ends."""
    links = ContactLink.objects.of(tenancy.current()).filter(contact__in=contacts).order_by("id")
    # Whoever merges customers moves places too, and locks the customers first.
    customers = Customer.objects.of(tenancy.current())
    list(customers.filter(id__in=list(links.values_list("customer_id", flat=True))).locked())
    return list(links.select_for_update())


def _united_places(kept: Contact, merged: list[Contact]) -> dict[UUID, list[UUID | None]]:
    """Unites the places at customers; by contact, the customers where it had one, else None."""
    found = lock_places([kept, *merged])
    found_at = [(link.contact_id, link.customer_id) for link in found]
    united = merging.unite_links(kept, found)
    absorbed = [link.id for one in united for link in one.absorbed]
    ContactLink.objects.of(tenancy.current()).filter(id__in=absorbed).delete()
    ContactLink.objects.bulk_update(
        [one.link for one in united if one.changes],
        ["contact", *merging.UNITED],
        batch_size=1000,
    )
    return {
        contact.id: [customer_id for one, customer_id in found_at if one == contact.id] or [None]
        for contact in [kept, *merged]
    }


def _empty(merged: list[Contact], *, into: Contact) -> None:
    """What is merged is found no more by a search; its address keeps its refusal and its bounce.

    Where that is the address of the one that stays, they stand there and can be lifted there.
    """
    Contact.objects.of(tenancy.current()).filter(merged_into__in=merged).update(merged_into=into)
    for contact in merged:
        contact.merged_into, contact.words = into, ""
        if contact.email.lower() == into.email.lower():
            contact.reminders_refused_at = contact.bounced_at = None
    Contact.objects.bulk_update(
        merged, ["merged_into", "words", "reminders_refused_at", "bounced_at"], batch_size=1000
    )
