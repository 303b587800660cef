"""Which cadences a customer and its people have after another one was merged into it, and a person
after several were made one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from paidup.cadences.models import Assignment, LinkAssignment
from paidup.customers.models import ContactLink, Customer
from paidup.lib import tenancy

from .assign import own_below, remove_below

United = tuple[ContactLink, Sequence[ContactLink]]  # a place that stays, and those made part of it


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
    unite_places(_of_both(source, target))


def given_up(source: Customer, target: Customer) -> list[tuple[LinkAssignment, LinkAssignment]]:
    """Of people who are contacts of both: own cadences at the source that end by a merge, each with
    the one at the target that stays. Where all own ones of one of the two go, none."""
    if _less_strict(source, target):
        return []
    return [
        (own, stays)
        for _place, (stays, *others) in own_at_places(_of_both(source, target))
        for own in others
        if own.cadence_id != stays.cadence_id
    ]


def _of_both(source: Customer, target: Customer) -> list[United]:
    places = ContactLink.objects.of(source.organization_id)
    theirs = {link.contact_id: link for link in places.filter(customer=source)}
    both = places.filter(customer=target, contact__in=theirs).order_by("id")
    return [(stays, [theirs[stays.contact_id]]) for stays in both]


def _less_strict(source: Customer, target: Customer) -> set[UUID]:
    """The one whose cadences were not removed, where the other's were."""
    rows = Assignment.objects.of(source.organization_id)
    removed = rows.filter(customer__in=[source, target], cadence=None)
    strict = set(removed.values_list("customer_id", flat=True))
    return {source.id, target.id} - strict if strict else set()


def unite_places(united: Iterable[United]) -> None:
    """Where places of one person are united, the one that stays keeps its own cadence, or takes
    over the first of those that become part of it."""
    for stays, (own, *_given_up) in own_at_places(united):
        if own.link_id != stays.id:
            LinkAssignment.objects.of(own.organization_id).filter(id=own.id).update(link=stays)


def own_at_places(united: Iterable[United]) -> list[tuple[ContactLink, list[LinkAssignment]]]:
    """The places that will stay where there are own cadences: the one that stays there, and then
    those that are given up for it."""
    united = list(united)
    places = [place.id for stays, absorbed in united for place in (stays, *absorbed)]
    rows = LinkAssignment.objects.of(tenancy.current()).filter(link__in=places)
    by_place = {own.link_id: own for own in rows.select_related("cadence", "link__contact")}
    found = []
    for stays, absorbed in united:
        if own := [by_place[one.id] for one in (stays, *absorbed) if one.id in by_place]:
            found.append((stays, own))
    return found
