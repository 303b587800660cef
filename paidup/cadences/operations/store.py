"""Storing reminders, and how far their invoices have come."""

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from paidup.cadences.states import ReminderState
from paidup.lib import tenancy
from paidup.lib.ids import new_id

_STORE = """
WITH made AS (
    SELECT r.id::uuid, enrolment_id::uuid, step_id::uuid, s.days, cycle::int, contact_id::uuid,
        message_id::uuid
    FROM json_to_recordset(%(rows)s::json) AS r (
        id text, enrolment_id text, step_id text, cycle text, contact_id text, message_id text)
    JOIN cadences_step s ON s.organization_id = %(organization)s AND s.id = r.step_id::uuid
), reached AS (
    UPDATE cadences_enrolment e SET reached = greatest(e.reached, m.days)
    FROM (SELECT enrolment_id, max(days) AS days FROM made GROUP BY 1) m
    WHERE e.organization_id = %(organization)s AND e.id = m.enrolment_id
)
INSERT INTO cadences_reminder
    (id, organization_id, enrolment_id, step_id, invoice_id, contact_id, cycle, state, message_id,
        made_on)
SELECT m.id, %(organization)s, e.id, m.step_id, e.invoice_id, m.contact_id, m.cycle, %(state)s,
    m.message_id, %(on)s
FROM made m
JOIN cadences_enrolment e ON e.organization_id = %(organization)s AND e.id = m.enrolment_id
ON CONFLICT DO NOTHING
"""


class NewReminder(NamedTuple):
    """A step of an enrolment; for a person when a message is made of it."""

    enrolment_id: UUID
    step_id: UUID
    cycle: int
    contact_id: UUID | None = None
    message_id: UUID | None = None


def store(reminders: Sequence[NewReminder], *, state: ReminderState, on: date) -> int:
    """Stores reminders that don't stand yet and moves their enrolments on; how many there were."""
    if not reminders:
        return 0
    rows = [{"id": new_id(), **reminder._asdict()} for reminder in reminders]
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "rows": json.dumps(rows, default=str),
                "organization": tenancy.current(),
                "state": state,
                "on": on,
            },
        )
        return int(cursor.rowcount)
