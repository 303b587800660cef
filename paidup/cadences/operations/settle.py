"""Withdrawing waiting reminders of which nothing is left."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.cadences.planning import judge
from paidup.cadences.planning.judge import Scope
from paidup.cadences.planning.plans import scope_of
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.operations import withdraw_message
from paidup.communications.queries import delivery_hours
from paidup.communications.states import Purpose
from paidup.customers.models import Customer
from paidup.history.actors import Actor

_SETTLED = """
SELECT m.id
FROM communications_message m
WHERE m.organization_id = %(organization)s AND m.purpose = 'reminder'
    AND m.state IN ('awaiting_approval', 'queued')
    AND (%(messages)s IS NULL OR m.id = ANY(%(messages)s))
    AND NOT EXISTS (
        SELECT FROM cadences_reminder r
        JOIN judged j ON j.enrolment_id = r.enrolment_id AND NOT j.paused
        WHERE r.organization_id = %(organization)s AND r.message_id = m.id)
"""

Look = Callable[..., list[tuple[Any, ...]]]


@transaction.atomic
def withdraw_settled(*, customer: Customer, by: Actor, at: datetime) -> int:
    """Withdraws the waiting reminders to this customer's people of which nothing is left.

    Done anyway before each is sent; this way nobody is asked to approve what is paid.
    """
    waiting = Message.objects.of(customer.organization_id).about_customer(customer.id).waiting()
    messages = list(waiting.filter(purpose=Purpose.REMINDER).values_list("id", flat=True))
    if not messages:
        return 0
    about = MessageCustomer.objects.of(customer.organization_id).filter(message_id__in=messages)
    organization = customer.organization
    scope = scope_of(delivery_hours(organization), organization.day(at))
    customers = list(about.values_list("customer_id", flat=True).distinct())
    narrowed = Scope(on=scope.on, shift=scope.shift, customers=customers)
    return withdraw(judge.read, narrowed, messages=messages, by=by, at=at)


def withdraw(
    look: Look, scope: Scope, *, by: Actor, at: datetime, messages: Sequence[UUID] | None = None
) -> int:
    """Withdraws waiting reminders by a judgement, all or these; how many."""
    settled = [message_id for (message_id,) in look(_SETTLED, scope, messages=messages)]
    for message in Message.objects.in_bulk(settled).values():
        withdraw_message(message=message, reason=_("Nothing is left to remind of."), by=by, at=at)
    return len(settled)
