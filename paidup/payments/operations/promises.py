"""Judging promises to pay: by what was received up to their day and the grace after it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Promise
from paidup.invoicing.states import PromiseState
from paidup.lib import tenancy
from paidup.payments.models import Allocation, Claim
from paidup.todos import operations as todos

GRACE = 2  # business days


def judge_due_promises(*, on: date, by: Actor, at: datetime) -> dict[PromiseState, int]:
    """Judges every promise whose day and grace have passed; how many of each verdict.

    While a debit for the invoice is on its way the promise waits. A broken one becomes a to-do.
    """
    verdicts: dict[PromiseState, int] = {}
    for promise in _due(on):
        verdict = invoicing.judge_promise(
            promise=promise, received=_received(promise), by=by, at=at
        )
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
        if verdict is not PromiseState.KEPT:
            todos.add_todo(
                kind="promise_broken",
                title=_("Promise on invoice %(number)s: %(verdict)s")
                % {"number": promise.invoice.number, "verdict": verdict.label},
                customer=promise.invoice.customer,
                subject_id=promise.id,
                due_on=on,
                by=by,
                at=at,
            )
    return verdicts


def last_day(promised_for: date) -> date:
    """The last day on which money still keeps the promise: two business days after it."""
    day, left = promised_for, GRACE
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def earliest_in_grace(on: date) -> date:
    """Promises for this day and later ones can still be kept."""
    day = on
    while last_day(day - timedelta(days=1)) >= on:
        day -= timedelta(days=1)
    return day


def _due(on: date) -> Iterator[Promise]:
    organization_id = tenancy.current()
    for promise in (
        Promise.objects.of(organization_id)
        .filter(state=PromiseState.OPEN, promised_for__lt=earliest_in_grace(on))
        .select_related("invoice__customer")
        .order_by("promised_for", "id")
    ):
        under_way = Claim.objects.of(organization_id).filter(invoice=promise.invoice, live=True)
        if not under_way.exists():
            yield promise


def _received(promise: Promise) -> Decimal:
    """What came off the invoice since the promise, but for payments that were received too late.

    The day on which money was put to the invoice says nothing of the payer; and of what was
    credited nothing was left to pay.
    """
    late = (
        Allocation.objects.of(promise.organization_id)
        .standing()
        .filter(
            invoice=promise.invoice,
            payment__received_on__gt=last_day(promise.promised_for),
        )
        .aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    )
    in_time: Decimal = promise.open_before - promise.invoice.open_amount - late
    return max(in_time, Decimal(0))
