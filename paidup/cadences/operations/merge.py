"""Which cadence a customer has after another one was merged into it."""

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Assignment
from paidup.customers.models import Customer


def merge(*, source: Customer, target: Customer) -> None:
    """The target keeps its own cadence; without one it gets the source's. Where the cadences of one
    of the two were removed, they stay removed."""
    rows = Assignment.objects.of(source.organization_id)
    theirs = rows.filter(customer=source).first()
    own = rows.filter(customer=target).first()
    if theirs and (own is None or theirs.cadence_id is None):
        rows.filter(customer=target).delete()
        rows.filter(customer=source).update(customer=target)
    else:
        rows.filter(customer=source).delete()
    follow_soon()
