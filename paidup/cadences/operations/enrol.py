"""Keeping each open invoice's place in the cadence: entering, pausing, going on, stopping."""

from paidup.cadences.models import Cadence
from paidup.cadences.planning import judge
from paidup.cadences.planning.judge import Scope
from paidup.lib import bulk, tenancy
from paidup.lib.ids import new_id


def enter(cadence: Cadence, scope: Scope) -> None:
    """Every open invoice that isn't in the cadence yet enters it on this day."""
    rows = judge.look(
        """
        SELECT i.id FROM invoicing_invoice i
        WHERE i.organization_id = %(organization)s AND i.state = 'open'
            AND NOT EXISTS (
                SELECT FROM cadences_enrolment e
                WHERE e.organization_id = %(organization)s AND e.invoice_id = i.id
                    AND e.cadence_id = %(cadence)s)
        """,
        scope,
        cadence=cadence.id,
    )
    if not rows:
        return
    entering = ((new_id(), invoice_id) for (invoice_id,) in rows)
    with bulk.staged("entering", {"id": "uuid", "invoice_id": "uuid"}, entering):
        bulk.execute(
            """
            INSERT INTO cadences_enrolment
                (id, organization_id, invoice_id, cadence_id, state, entered_on, cycle)
            SELECT id, %(organization)s, invoice_id, %(cadence)s, 'running', %(on)s, 1
            FROM entering
            """,
            organization=tenancy.current(),
            cadence=cadence.id,
            on=scope.on,
        )


def keep_pace(scope: Scope) -> None:
    """Pauses, continues and stops what was judged so; on reopening a new cycle begins."""
    for statement in (
        """
        UPDATE cadences_enrolment e SET state = 'paused', cycle = j.cycle,
            reached = CASE WHEN e.state = 'stopped' THEN NULL ELSE e.reached END
        FROM judged j
        WHERE e.organization_id = %(organization)s AND e.id = j.enrolment_id
            AND j.paused AND e.state <> 'paused'
        """,
        """
        UPDATE cadences_enrolment e SET state = 'running', cycle = j.cycle, entered_on = %(on)s,
            reached = CASE WHEN e.state = 'stopped' THEN NULL ELSE e.reached END
        FROM judged j
        WHERE e.organization_id = %(organization)s AND e.id = j.enrolment_id
            AND NOT j.paused AND e.state <> 'running'
        """,
        """
        UPDATE cadences_enrolment e SET state = 'stopped'
        WHERE e.organization_id = %(organization)s AND e.state <> 'stopped'
            AND NOT EXISTS (SELECT FROM judged j WHERE j.enrolment_id = e.id)
        """,
    ):
        judge.look(statement, scope)
