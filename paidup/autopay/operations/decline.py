"""What follows an attempt: done, retried by policy, or given up and left to a person."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.autopay.models import Attempt, AttemptState
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.organizations.models import Organization
from paidup.payments.models import Intent
from paidup.payments.operations.charge_gates import NO_LONGER_DUE
from paidup.payments.states import IntentState
from paidup.todos import operations as todos

# Days after the first decline on which a soft one is tried again.
RETRY_DAYS = (3, 5, 7)


@transaction.atomic
def note_outcome(*, intent_id: UUID, on: date, by: Actor, at: datetime) -> None:
    """Notes how the attempts of a charge ended. Repeated, it changes nothing.

    Soft declines of a card are tried again 3, 5 and 7 days after the first; hard ones, returned
    debits and the last soft one are given up, and staff get a to-do. What was called off before the
    gateway heard of it was not declined: it is charged once the gates let it through again.
    """
    organization_id = tenancy.current()
    attempts = list(
        Attempt.objects.of(organization_id)
        .filter(intent_id=intent_id, state=AttemptState.UNDER_WAY)
        .select_for_update()
    )
    intent = Intent.objects.of(organization_id).select_related("customer").get(id=intent_id)
    if not attempts or intent.under_way:
        return
    called_off = intent.state == IntentState.CANCELLED and intent.reason == NO_LONGER_DUE
    for attempt in attempts:
        attempt.retry_on = on if called_off else _retry_day(attempt, intent, on)
        if intent.state == IntentState.SETTLED:
            attempt.state = AttemptState.PAID
        elif attempt.retry_on:
            attempt.state = AttemptState.RETRY
        else:
            attempt.state = AttemptState.GIVEN_UP
    Attempt.objects.bulk_update(attempts, ["state", "retry_on"])
    if called_off or intent.state == IntentState.SETTLED:
        return
    retry_on = max((attempt.retry_on for attempt in attempts if attempt.retry_on), default=None)
    history.record(
        "autopay.declined",
        by=by,
        at=at,
        customer_id=intent.customer_id,
        subject_id=intent.id,
        data={
            "amount": str(intent.amount),
            "currency": intent.currency,
            "reason": intent.reason,
            "retry_on": retry_on.isoformat() if retry_on else None,
        },
    )
    todos.add_todo(
        kind="autopay_declined",
        title=_("Auto payment declined: %s") % intent.method_label,
        customer=intent.customer,
        subject_id=intent.id,
        due_on=on,
        by=by,
        at=at,
    )


def _retry_day(attempt: Attempt, intent: Intent, on: date) -> date | None:
    """The next day of the policy that lies ahead; None when there is none, or no retry helps."""
    if intent.state != IntentState.FAILED or not intent.retryable:
        return None
    declined = list(
        Attempt.objects.of(attempt.organization_id)
        .filter(
            schedule_id=attempt.schedule_id,
            slot_on=attempt.slot_on,
            invoice_id=attempt.invoice_id,
            intent__state=IntentState.FAILED,
            intent__retryable=True,
        )
        .order_by("attempt")
        .select_related("intent")
    )
    if len(declined) > len(RETRY_DAYS):
        return None
    organization = Organization.objects.get(id=attempt.organization_id)
    wait = timedelta(days=RETRY_DAYS[len(declined) - 1])
    first = organization.day(declined[0].intent.created_at)
    return max(first + wait, on + timedelta(days=1))
