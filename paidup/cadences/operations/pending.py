"""Reminders that were not sent in time: a person sends or skips them."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.cadences.models import Reminder
from paidup.cadences.planning import judge
from paidup.cadences.planning.judge import Scope
from paidup.cadences.planning.plans import groups_of, reasons_of, scope_of
from paidup.cadences.states import PENDING, ReminderState
from paidup.communications.queries import delivery_hours
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.organizations.models import TenantQuerySet
from paidup.todos import operations as todos
from paidup.todos.operations import NewTodo

from .make import make
from .store import NewReminder, store

# Who can't be reached by an own cadence is nobody's decision: the others are reminded. Where all
# have own ones it is one as soon as none of them can be.
_LATE = """
SELECT enrolment_id, step_id, cycle, customer_id, customer
FROM judged
WHERE late AND (reason = 'late' OR (leads AND reason IN NOBODY
    AND NOT (nobody_else AND invoice_id IN (
        SELECT invoice_id FROM judged
        WHERE NOT leads AND (reason IS NULL OR reason NOT IN NOBODY)))))
""".replace("NOBODY", "('no_contact', 'no_address', 'unsubscribed', 'bounced')")

_TOO_SOON = "SELECT enrolment_id FROM judged WHERE wanted AND reason IN ('waiting', 'gap')"


class PendingRefused(Exception):
    """The reminders can't be sent; the message says why, and what to do first."""


def leave_to_people(scope: Scope, *, by: Actor, at: datetime) -> int:
    """Takes steps that nobody sent in time out of the run, and asks each customer's owner."""
    late = judge.look(_LATE, scope)
    stored = store(
        [NewReminder(*reminder) for *reminder, _id, _name in late],
        state=ReminderState.PENDING,
        on=scope.on,
    )
    names = Counter((customer_id, name) for *_reminder, customer_id, name in late)
    todos.add_todos(
        [
            NewTodo(
                kind=PENDING,
                title=ngettext(
                    "Send or skip a reminder to %(name)s that was not sent in time",
                    "Send or skip %(count)d reminders to %(name)s that were not sent in time",
                    count,
                )
                % {"name": name, "count": count},
                customer_id=customer_id,
                subject_id=customer_id,
                due_on=scope.on,
            )
            for (customer_id, name), count in names.items()
        ],
        by=by,
        at=at,
    )
    return stored


@transaction.atomic
def send_pending(*, customer: Customer, by: Actor, at: datetime) -> int:
    """Sends the customer's reminders that wait for a person; how many messages that makes.

    Those for people who were reminded a short while ago go on waiting. Raises PendingRefused when
    nobody can be reminded, or nothing is left to remind of.
    """
    organization = customer.organization
    pending = list(_pending(customer).select_for_update())
    on = organization.day(at)
    scope = replace(
        scope_of(delivery_hours(organization), on),
        customers=[customer.id],
        wanted=[reminder.enrolment_id for reminder in pending],
        entered=True,
    )
    groups = groups_of(scope) if pending else ()
    too_soon = [enrolment_id for (enrolment_id,) in judge.read(_TOO_SOON, scope)]
    made = make(groups, organization=organization, on=on, by=by, at=at, decided=True)
    if not made.messages:
        why = ", ".join(str(reason.label) for reason in reasons_of(scope)) if pending else ""
        raise PendingRefused(
            _("Nothing can be sent: %s.") % why if why else _("Nothing is left to remind of.")
        )
    _pending(customer).exclude(enrolment__in=too_soon).delete()
    if not too_soon:
        todos.finish_todos_about(kind=PENDING, subject_ids=[customer.id], by=by, at=at)
    return made.messages


@transaction.atomic
def skip_pending(*, customer: Customer, by: Actor, at: datetime) -> int:
    """Skips the customer's reminders that wait for a person; the next steps come as ever."""
    skipped = _pending(customer).update(state=ReminderState.SKIPPED)
    if skipped:
        todos.finish_todos_about(kind=PENDING, subject_ids=[customer.id], by=by, at=at)
        history.record(
            "reminder.skipped",
            by=by,
            at=at,
            customer_id=customer.id,
            subject_id=customer.id,
            data={"reminders": skipped},
        )
    return skipped


def _pending(customer: Customer) -> TenantQuerySet[Reminder]:
    return Reminder.objects.of(customer.organization_id).filter(
        state=ReminderState.PENDING, invoice__customer_id=customer.id
    )
