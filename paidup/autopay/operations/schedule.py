"""Setting a customer's Auto Pay Schedule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.autopay.models import Attempt, AttemptState, Interval, Schedule
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import money

_DAYS = {
    Interval.WEEKLY: (0, 6, gettext_lazy("Choose at least one weekday.")),
    Interval.MONTHLY: (1, 31, gettext_lazy("Choose days of the month from 1 to 31.")),
    Interval.EVERY_N_DAYS: (1, 366, gettext_lazy("Say every how many days, from 1 to 366.")),
}


class ScheduleRefused(Exception):
    """The schedule can't be so; the message says what to change."""


@transaction.atomic
def set_schedule(
    *,
    customer: Customer,
    interval: Interval,
    starts_on: date,
    by: Actor,
    at: datetime,
    days: Sequence[int] = (),
    ends_on: date | None = None,
    due_only: bool = True,
    own_invoices_only: bool = True,
    maximum: Decimal | None = None,
) -> Schedule:
    """Gives the customer an Auto Pay Schedule, in place of one it has.

    Raises ScheduleRefused for days the interval doesn't have, an end before the start, or a
    maximum that isn't above zero.
    """
    days = sorted(set(days)) if interval in _DAYS else []
    _refuse_bad_days(interval, days)
    if ends_on and ends_on < starts_on:
        raise ScheduleRefused(_("The end date lies before the start date; choose a later one."))
    if maximum is not None and maximum <= 0:
        raise ScheduleRefused(_("The maximum per charge must be above zero; or leave it empty."))
    Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    # What a schedule that has ended would have tried again, the new one's slots charge afresh.
    Attempt.objects.of(customer.organization_id).filter(
        schedule__customer=customer, schedule__ended=True, state=AttemptState.RETRY
    ).update(state=AttemptState.RETRIED, retry_on=None)
    schedule, _created = Schedule.objects.update_or_create(
        organization_id=customer.organization_id,
        customer=customer,
        merged_from=None,
        defaults={
            "interval": interval,
            "days": days,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "due_only": due_only,
            "own_invoices_only": own_invoices_only,
            "maximum": maximum and money.exact(maximum, customer.currency),
            "ended": False,
            # A slot of today is still to be served; earlier ones are none of this schedule's.
            "served_through": customer.organization.day(at) - timedelta(days=1),
        },
    )
    history.record(
        "autopay.scheduled",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=schedule.id,
        data={
            "interval": interval,
            "days": list(days),
            "starts_on": starts_on.isoformat(),
            "due_only": due_only,
        },
    )
    return schedule


@transaction.atomic
def remove_schedule(*, customer: Customer, by: Actor, at: datetime) -> None:
    """Ends the customer's Auto Pay Schedule, from now on. Without one nothing happens."""
    Customer.objects.of(customer.organization_id).locked().get(id=customer.id)
    schedule = (
        Schedule.objects.of(customer.organization_id).filter(customer=customer, ended=False).first()
    )
    if schedule is None:
        return
    schedule.ended = True
    schedule.save(update_fields=["ended"])
    history.record(
        "autopay.unscheduled",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=schedule.id,
    )


def _refuse_bad_days(interval: Interval, days: Sequence[int]) -> None:
    if interval not in _DAYS:
        return
    least, most, sentence = _DAYS[interval]
    if not days or days[0] < least or days[-1] > most:
        raise ScheduleRefused(sentence)
    if interval is Interval.EVERY_N_DAYS and len(days) > 1:
        raise ScheduleRefused(sentence)
