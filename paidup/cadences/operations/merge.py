"""Which cadence a customer has after another one was merged into it."""

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Assignment
from paidup.customers.models import Customer


def takes_over(source: Customer, target: Customer) -> bool:
    """Whether the target gets the source's cadence: where it has none of its own, or where the
    source's were removed, which is the stricter wish."""
    rows = Assignment.objects.of(source.organization_id)
    theirs = rows.filter(customer=source).first()
    if theirs is None:
        return False
    return theirs.cadence_id is None or not rows.filter(customer=target).exists()


def merge(*, source: Customer, target: Customer) -> None:
    """The target keeps its own cadence, unless it takes over the source's."""
    rows = Assignment.objects.of(source.organization_id)
    if takes_over(source, target):
        rows.filter(customer=target).delete()
        rows.filter(customer=source).update(customer=target)
    else:
        rows.filter(customer=source).delete()
    follow_soon()
