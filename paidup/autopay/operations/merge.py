"""Auto Pay Schedules when their customer is merged into another: nobody is charged for more than
before until a person says so."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from paidup.autopay.models import Attempt, AttemptState, Schedule
from paidup.customers import operations as customers
from paidup.customers import queries
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.payments.queries import default_method
from paidup.todos import operations as todos


def merge_refusals(source: Customer, target: Customer) -> list[str]:
    """Why the two can't be merged now: a schedule would begin to charge for sub-accounts."""
    payer = _pays_below(_line_after(source, target))
    if payer is None:
        return []
    rows = Customer.objects.of(source.organization_id)
    return [
        _(
            "The Auto Pay Schedule of %(payer)s would begin to charge the invoices of "
            "%(name)s's sub-accounts. Have it charge no sub-accounts first."
        )
        % {"payer": payer.name, "name": customer.name}
        for customer, other in ((source, target), (target, source))
        if rows.filter(parent=customer).exclude(id=other.id).exists()
        and _pays_below([customer, *queries.ancestors(customer)]) != payer
    ]


def waits_for_confirmation(source: Customer, target: Customer) -> bool:
    """Whether a schedule would charge invoices of one of the two that it didn't charge before, or
    by a method that it didn't charge."""
    payer = _payer(_line_after(source, target))
    if payer is None or not target.auto_payments:
        return False
    if payer == target and not default_method(target) and default_method(source):
        return True
    return any(
        customer.open_invoices and _payer([customer, *queries.ancestors(customer)]) != payer
        for customer in (source, target)
    )


def merge(*, source: Customer, target: Customer, by: Actor, at: datetime) -> None:
    """Ends the source's schedule. Where the target's invoices would be charged by another schedule
    than before, its auto payments stop, and a to-do asks to enable them again."""
    if waits_for_confirmation(source, target):
        customers.set_auto_payments(customer=target, allowed=False, by=by, at=at)
        todos.add_todo(
            kind="autopay_merged",
            title=_("Enable auto payments again, now with the invoices of %s") % source.name,
            customer=target,
            by=by,
            at=at,
        )
        target.refresh_from_db(fields=["auto_payments"])
    rows = Schedule.objects.of(source.organization_id).filter(customer=source)
    for schedule in rows.filter(ended=False):
        history.record(
            "autopay.unscheduled", by=by, at=at, customer_id=source.id, subject_id=schedule.id
        )
    # What the ended schedule would have tried again, another one's slots charge afresh.
    Attempt.objects.of(source.organization_id).filter(
        schedule__customer=source, state=AttemptState.RETRY
    ).update(state=AttemptState.RETRIED, retry_on=None)
    rows.filter(merged_from=None).update(ended=True, merged_from=source.id)
    rows.update(customer=target)


def _line_after(source: Customer, target: Customer) -> list[Customer]:
    """The target and those who will stand above it."""
    parent = customers.parent_after(source, target)
    return [target, *([parent, *queries.ancestors(parent)] if parent else [])]


def _payer(line: Sequence[Customer]) -> Customer | None:
    """Who is charged for the invoices of the first of the line: itself, else the nearest above
    whose schedule includes sub-accounts."""
    first, *above = line
    live = Schedule.objects.of(first.organization_id).filter(ended=False)
    return first if live.filter(customer=first).exists() else _pays_below(above)


def _pays_below(line: Sequence[Customer]) -> Customer | None:
    """Who of the line, the nearest first, is charged for what stands below it."""
    if not line:
        return None
    including = set(
        Schedule.objects.of(line[0].organization_id)
        .filter(ended=False, own_invoices_only=False, customer__in=line)
        .values_list("customer_id", flat=True)
    )
    return next((customer for customer in line if customer.id in including), None)
