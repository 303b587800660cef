"""Which cadences a customer and its people have after another one was merged into it, and a person
after several were made one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Assignment, LinkAssignment
from paidup.customers.models import ContactLink, Customer

from .assign import own_below, remove_below


def takes_over(source: Customer, target: Customer) -> bool:
    """Whether the target gets the source's cadence: where it has none of its own, or where the
    source's were removed, which is the stricter wish."""
    rows = Assignment.objects.of(source.organization_id)
    theirs = rows.filter(customer=source).first()
    if theirs is None:
        return False
    return theirs.cadence_id is None or not rows.filter(customer=target).exists()


def own_ones_go(source: Customer, target: Customer) -> bool:
    """Whether people or invoices of one of them lose their own cadences by a merge."""
    return any(rows.exists() for rows in own_below(_less_strict(source, target)))


def merge(*, source: Customer, target: Customer) -> None:
    """The target keeps its own cadence, unless it takes over the source's. People and invoices keep
    theirs, unless their customer's were not removed and the other's were: then they go as well.

    Who is a contact of both keeps the own one at the target, or takes over that at the source.
    """
    rows = Assignment.objects.of(source.organization_id)
    remove_below(_less_strict(source, target))
    if takes_over(source, target):
        rows.filter(customer=target).delete()
        rows.filter(customer=source).update(customer=target)
    else:
        rows.filter(customer=source).delete()
    places = ContactLink.objects.of(source.organization_id)
    theirs = {link.contact_id: link for link in places.filter(customer=source)}
    both = places.filter(customer=target, contact__in=theirs)
    unite_places((stays, [theirs[stays.contact_id]]) for stays in both)
    follow_soon()


def _less_strict(source: Customer, target: Customer) -> set[UUID]:
    """The one whose cadences were not removed, where the other's were."""
    rows = Assignment.objects.of(source.organization_id)
    removed = rows.filter(customer__in=[source, target], cadence=None)
    strict = set(removed.values_list("customer_id", flat=True))
    return {source.id, target.id} - strict if strict else set()


def unite_places(united: Iterable[tuple[ContactLink, Sequence[ContactLink]]]) -> None:
    """Where places of one person are united, the one that stays keeps its own cadence, or takes
    over the first of those that become part of it."""
    for stays, absorbed in united:
        rows = LinkAssignment.objects.of(stays.organization_id)
        own = rows.filter(link__in=[stays, *absorbed])
        by_link = {one.link_id: one for one in own}
        taken = next((by_link[one.id] for one in absorbed if one.id in by_link), None)
        if taken and stays.id not in by_link:
            rows.filter(id=taken.id).update(link=stays)
