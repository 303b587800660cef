"""Keeping each open invoice's place in its cadence: entering, pausing, going on, stopping."""

from paidup.cadences.planning import judge
from paidup.cadences.planning.course import OF_TRACK, ON_TRACKS, ONCE, TRACKS
from paidup.cadences.planning.judge import Scope
from paidup.lib import bulk, tenancy
from paidup.lib.ids import new_id

_ENTERING = f"""
WITH {TRACKS}
SELECT invoice_id, cadence_id
FROM (
    SELECT i.id AS invoice_id, {OF_TRACK} AS cadence_id
    FROM invoicing_invoice i
    {ON_TRACKS}
    WHERE i.organization_id = %(organization)s AND i.state = 'open' AND {ONCE}
) meant
WHERE cadence_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM cadences_enrolment e
    WHERE e.organization_id = %(organization)s AND e.invoice_id = meant.invoice_id
        AND e.cadence_id = meant.cadence_id)
"""  # noqa: S608  our own text


def enter(scope: Scope) -> None:
    """Every open invoice that isn't in a cadence yet that is meant for it enters it on this day."""
    entering = judge.look(_ENTERING, scope)
    if not entering:
        return
    rows = ((new_id(), invoice_id, cadence_id) for invoice_id, cadence_id in entering)
    columns = {"id": "uuid", "invoice_id": "uuid", "cadence_id": "uuid"}
    with bulk.staged("entering", columns, rows):
        bulk.execute(
            """
            INSERT INTO cadences_enrolment
                (id, organization_id, invoice_id, cadence_id, state, entered_on, cycle)
            SELECT id, %(organization)s, invoice_id, cadence_id, 'running', %(on)s, 1
            FROM entering
            """,
            organization=tenancy.current(),
            on=scope.on,
        )


def keep_pace(scope: Scope) -> None:
    """Pauses, continues, leaves and stops what was judged so; on reopening a new cycle begins."""
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
            AND NOT EXISTS (SELECT FROM judged j WHERE j.invoice_id = e.invoice_id)
        """,
        """
        UPDATE cadences_enrolment e SET state = 'left'
        WHERE e.organization_id = %(organization)s AND e.state NOT IN ('stopped', 'left')
            AND NOT EXISTS (SELECT FROM judged j WHERE j.enrolment_id = e.id)
        """,
    ):
        judge.look(statement, scope)
