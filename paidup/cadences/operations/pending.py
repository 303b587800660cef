"""Reminders that were not sent in time: a person sends or skips them."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.cadences.models import Reminder
from paidup.cadences.planning import judge
from paidup.cadences.planning.judge import Scope
from paidup.cadences.planning.plan import groups_of, reasons_of, scope_of
from paidup.cadences.states import ReminderState
from paidup.communications.queries import delivery_hours
from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.ids import new_id
from paidup.organizations.models import TenantQuerySet
from paidup.todos import operations as todos
from paidup.todos.operations import NewTodo

from .make import make, reach

PENDING = "reminders_pending"  # the to-do's kind; its subject is the customer

_LATE = """
SELECT j.invoice_id, j.enrolment_id, j.cycle, j.step_id, j.step_days, j.customer_id, c.name
FROM judged j
JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = j.customer_id
WHERE j.late AND j.reason IN ('late', 'no_contact', 'no_address', 'unsubscribed', 'bounced')
"""


class PendingRefused(Exception):
    """The reminders can't be sent; the message says why, and what to do first."""


def leave_to_people(scope: Scope, *, by: Actor, at: datetime) -> int:
    """Takes steps that nobody sent in time out of the run, and asks each customer's owner."""
    organization_id = tenancy.current()
    reminders, reached, names = [], [], Counter[tuple[UUID, str]]()
    for invoice_id, enrolment_id, cycle, step_id, days, customer_id, name in judge.look(
        _LATE, scope
    ):
        reminders.append(
            Reminder(
                id=new_id(),
                organization_id=organization_id,
                enrolment_id=enrolment_id,
                step_id=step_id,
                invoice_id=invoice_id,
                cycle=cycle,
                state=ReminderState.PENDING,
                made_on=scope.on,
            )
        )
        reached.append((enrolment_id, days))
        names[customer_id, name] += 1
    Reminder.objects.bulk_create(reminders, batch_size=2000, ignore_conflicts=True)
    reach(reached)
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
    return len(reminders)


@transaction.atomic
def send_pending(*, customer: Customer, by: Actor, at: datetime) -> int:
    """Sends the customer's reminders that wait for a person; how many messages that makes.

    Raises PendingRefused when nobody can be reminded, or nothing is left to remind of.
    """
    organization = customer.organization
    pending = list(_pending(customer).select_for_update())
    on = organization.day(at)
    scope = replace(
        scope_of(delivery_hours(organization), on),
        customers=[customer.id],
        wanted=[reminder.enrolment_id for reminder in pending],
    )
    groups = groups_of(scope) if pending else ()
    made = make(groups, organization=organization, on=on, by=by, at=at, decided=True)
    if not made.messages:
        why = ", ".join(str(reason.label) for reason in reasons_of(scope)) if pending else ""
        raise PendingRefused(
            _("Nothing can be sent: %s.") % why if why else _("Nothing is left to remind of.")
        )
    _pending(customer).delete()
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
