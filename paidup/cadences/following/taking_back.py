"""Taking back what waits of another cadence than is meant now, or of a step that is not due any
more: as if it had never been made, so that it comes when its time comes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from paidup.cadences.models import Cadence, Reminder
from paidup.cadences.planning.course import ASSIGNED, OF_INVOICE, OF_PERSON, TRACKS
from paidup.cadences.states import PENDING, ReminderState
from paidup.communications.models import Message
from paidup.communications.operations import withdraw_messages
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.among import among
from paidup.lib.bulk import execute
from paidup.organizations.models import Organization
from paidup.todos import operations as todos

# Where somebody at the customer has an own cadence, it is asked for the people whom a reminder is
# for: those at the message's address, or everybody while it waits for a decision.
_OUTDATED = f"""
WITH {TRACKS}, waiting AS MATERIALIZED (
    SELECT r.*, lower(m.to_address) AS address
    FROM communications_message m
    JOIN cadences_reminder r ON r.organization_id = %(organization)s AND r.message_id = m.id
    WHERE m.organization_id = %(organization)s AND m.purpose = 'reminder'
        AND m.state IN ('awaiting_approval', 'queued')
    UNION ALL
    SELECT r.*, NULL FROM cadences_reminder r
    WHERE organization_id = %(organization)s AND state = 'pending'
)
SELECT r.id, r.enrolment_id, r.message_id, i.customer_id
FROM waiting r
JOIN cadences_enrolment e ON e.organization_id = %(organization)s AND e.id = r.enrolment_id
JOIN cadences_step s ON s.organization_id = %(organization)s AND s.id = r.step_id
JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = r.invoice_id
{ASSIGNED}
WHERE s.removed_at IS NOT NULL OR i.due_on + s.days > %(on)s
    OR NOT coalesce(
        CASE WHEN i.customer_id IN (SELECT customer_id FROM tracks) THEN (
            SELECT bool_or(e.cadence_id IS NOT DISTINCT FROM {OF_PERSON})
            FROM customers_contactlink l
            JOIN customers_contact p ON p.organization_id = %(organization)s
                AND p.id = l.contact_id
            LEFT JOIN cadences_linkassignment o ON o.organization_id = %(organization)s
                AND o.link_id = l.id
            WHERE l.organization_id = %(organization)s AND l.customer_id = i.customer_id
                AND l.gets_reminders
                AND (r.address IS NULL OR lower(p.email) = r.address OR p.id = r.contact_id))
        END,
        e.cadence_id IS NOT DISTINCT FROM {OF_INVOICE})
"""  # noqa: S608  our own text

# How far an invoice has come follows from the reminders that are left.
_REACHED = """
UPDATE cadences_enrolment e
SET reached = (
    SELECT max(s.days)
    FROM cadences_reminder r
    JOIN cadences_step s ON s.organization_id = %(organization)s AND s.id = r.step_id
    WHERE r.organization_id = %(organization)s AND r.enrolment_id = e.id AND r.cycle = e.cycle)
WHERE e.organization_id = %(organization)s AND e.id = ANY(%(enrolments)s)
"""


class _Outdated(NamedTuple):
    id: UUID
    enrolment_id: UUID
    message_id: UUID | None
    customer_id: UUID


def take_turns(organization: Organization | UUID) -> None:
    """Lets no run, and no change of the cadences themselves, begin before this transaction ends."""
    list(Cadence.objects.of(organization).order_by("id").select_for_update(no_key=True))


@transaction.atomic
def take_back(*, on: date, by: Actor, at: datetime) -> int:
    """Takes back reminders that wait to be sent, or for a decision, of a cadence by which nobody
    whom they are for goes now, or of a step that was removed or is not yet due; withdraws the
    messages in which nothing is left, and says how many. The caller has taken turns with the run.
    """
    found = [_Outdated(*row) for row in _read(_OUTDATED, on=on)]
    messages = _still_waiting(one.message_id for one in found if one.message_id)
    taken = [one for one in found if one.message_id is None or one.message_id in messages]
    if not taken:
        return 0
    forget({one.id: one.enrolment_id for one in taken})
    _finish_todos({one.customer_id for one in taken if one.message_id is None}, by=by, at=at)
    remaining = Reminder.objects.of(tenancy.current()).filter(among("message_id", messages))
    filled = set(remaining.values_list("message_id", flat=True))
    return withdraw_messages(
        message_ids=messages - filled, reason=_("The cadence was changed."), by=by, at=at
    )


def forget(taken: Mapping[UUID, UUID]) -> None:
    """Takes reminders, each with its enrolment, as never made."""
    Reminder.objects.of(tenancy.current()).filter(among("id", taken)).delete()
    execute(_REACHED, organization=tenancy.current(), enrolments=list(set(taken.values())))


def _read(statement: str, *, on: date) -> Sequence[tuple[UUID, UUID, UUID | None, UUID]]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"organization": tenancy.current(), "on": on, "customers": None}
        cursor.execute(statement, values)
        rows: Sequence[tuple[UUID, UUID, UUID | None, UUID]] = cursor.fetchall()
        return rows


def _still_waiting(message_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the messages that nobody has sent meanwhile, nor will until this is done."""
    messages = Message.objects.of(tenancy.current()).filter(among("id", set(message_ids)))
    waiting = messages.waiting().order_by("id").select_for_update()
    return set(waiting.values_list("id", flat=True))


def _finish_todos(customer_ids: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """Asks nobody any more about customers of whom no reminder waits for a decision."""
    pending = Reminder.objects.of(tenancy.current()).filter(
        state=ReminderState.PENDING, invoice__customer__in=customer_ids
    )
    settled = set(customer_ids) - set(pending.values_list("invoice__customer_id", flat=True))
    todos.finish_todos_about(kind=PENDING, subject_ids=settled, by=by, at=at)
