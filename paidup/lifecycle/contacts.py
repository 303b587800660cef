"""Merging contacts: what would happen, and doing it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from paidup.cadences.operations import (
    follow_soon,
    own_at_places,
    unite_places,
    unite_reminders,
)
from paidup.communications.models import Message
from paidup.communications.operations import redirect_messages
from paidup.communications.states import WAITING, MessageState, Purpose
from paidup.customers import merging
from paidup.customers import operations as customers
from paidup.customers.merging import UnitedLink
from paidup.customers.models import Contact, ContactLink
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.portal_access import operations as portal_access


@dataclass(frozen=True)
class OwnCadence:
    """A person's own cadence at a customer as it will be: its name, whose it was, and the names of
    those that are given up for it."""

    name: str
    taken_over_from: str  # empty where the one that stays has it already
    instead_of: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ContactMerge:
    """What merging would make of some contacts: the one that stays as it will be, and counts."""

    kept: Contact
    merged: Sequence[Contact]
    links: Sequence[UnitedLink]
    cadences: Mapping[UUID, OwnCadence]  # by the link's id, where there is an own one
    filled: Sequence[str]  # what the one that stays takes over, having none: email, phone
    sent: int  # messages to the merged, that stay in the history
    waiting: int  # messages that wait, and go to the one that stays
    withdrawn: int  # reminders that wait, and are not sent

    @property
    def absorbed(self) -> int:
        """Places at a customer that become part of another one there."""
        return sum(len(one.absorbed) for one in self.links)

    @property
    def old_addresses(self) -> list[str]:
        """Where nothing is sent any more."""
        addresses = dict.fromkeys(one.email.lower() for one in self.merged if one.email)
        return [address for address in addresses if address != self.kept.email.lower()]


def preview_merge(*, into: Contact, others: Sequence[Contact]) -> ContactMerge:
    """What `merge_contacts` would do now; changes nothing."""
    into = copy(into)
    empty = [name for name in ("email", "phone") if not getattr(into, name)]
    merging.unite(into, others)
    links = (
        ContactLink.objects.visible(tenancy.current())
        .filter(contact__in=[into, *others])
        .order_by("customer__sort_name", "id")
        .select_related("customer")
    )
    waits = Q(state__in=WAITING)
    reminds, theirs = Q(purpose=Purpose.REMINDER), Q(contact__in=others)
    counts = (
        Message.objects.visible(tenancy.current())
        .filter(contact__in=[into, *others])
        .aggregate(
            sent=Count("id", filter=theirs & Q(state=MessageState.SENT)),
            reminders=Count("id", filter=waits & reminds),
            waiting=Count("id", filter=waits & theirs & ~reminds),
            redirected=Count("id", filter=waits & reminds & theirs),
        )
    )
    remains = 1 if counts["reminders"] and not into.reminders_refused_at else 0
    own = counts["reminders"] > counts["redirected"]  # then that is the one which remains
    united = merging.unite_links(into, links)
    return ContactMerge(
        kept=into,
        merged=others,
        links=united,
        cadences=_own_cadences(into, united),
        filled=[name for name in empty if getattr(into, name)],
        sent=counts["sent"],
        waiting=counts["waiting"] + (0 if own else remains),
        withdrawn=counts["reminders"] - remains,
    )


def _own_cadences(into: Contact, united: Iterable[UnitedLink]) -> dict[UUID, OwnCadence]:
    found = own_at_places((one.link, one.absorbed) for one in united)
    return {
        place.id: OwnCadence(
            name=stays.cadence.name,
            taken_over_from="" if stays.link.contact_id == into.id else stays.link.contact.name,
            instead_of=[own.cadence.name for own in given_up if own.cadence_id != stays.cadence_id],
        )
        for place, (stays, *given_up) in found
    }


@transaction.atomic
def merge_contacts(*, into: UUID, others: Collection[UUID], by: Actor, at: datetime) -> Contact:
    """Makes the others part of the contact `into`, for good; gives it.

    Its places at customers are united with theirs, with the own cadences there; what waits for
    them goes to it, and what was said before stays with whom it was said to, who leads to it.
    Raises CustomerRefused where no other is named, or one was merged already.
    """
    _unite_cadences(into, others)
    kept, merged = customers.unite_contacts(into=into, others=others, by=by, at=at)
    portal_access.merge(into=kept, merged=merged, at=at)
    redirected = redirect_messages(merged=merged, into=kept, by=by, at=at)
    if redirected.reminder:
        unite_reminders(into=redirected.reminder, absorbed=redirected.absorbed)
    # Last: until this is committed, whoever changes cadences waits for it to be.
    follow_soon()
    return kept


def _unite_cadences(into: UUID, others: Collection[UUID]) -> None:
    """Before places at customers become part of another, which keeps or takes over a cadence."""
    people = Contact.objects.of(tenancy.current()).filter(id__in={into, *others}).locked()
    kept = next((one for one in people if one.id == into), None)
    if kept:
        united = merging.unite_links(kept, customers.lock_places(people))
        unite_places((one.link, one.absorbed) for one in united if one.absorbed)
