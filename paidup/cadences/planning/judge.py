"""Judging every open invoice for a day, in one statement, so that a large book is judged fast.

`person` says of each customer's contacts, for each cadence that they may go by, what stands in the
way of reminding them. `judged` says of each open invoice what is still to be asked for, and why
nobody is reminded of it; without a reason it is to be reminded of. Where somebody at the customer
has an own cadence it does so for each cadence that runs there, and one of them leads. A person goes
by the rows of its cadence that lead or that are its own (`GOES_BY`). For one look both are parts of
a statement (`read`), for a run that looks several times they are tables (`tables`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from paidup.lib import tenancy
from paidup.payments.operations.promises import earliest_in_grace

from .course import LEADS, OF_CUSTOMER, OF_TRACK, ON_TRACKS, ONCE, TRACKS

# Whether a row of `person`, which is `p`, goes by a row of `judged`, which is `j`.
GOES_BY = """
p.customer_id = j.customer_id AND p.cadence_id = j.cadence_id AND (p.own OR j.leads)
"""

# Whether an invoice of `judged` is to be reminded of by a cadence other than the one that leads.
REMINDED = """
invoice_id IN (SELECT invoice_id FROM judged WHERE reason IS NULL AND NOT leads)
"""

# The steps of each cadence, in their order.
_LADDER = """
ladder AS MATERIALIZED (
    SELECT c.id AS cadence_id, c.gap_days::int AS gap_days,
        array_agg(s.days::int ORDER BY s.days) AS days, array_agg(s.id ORDER BY s.days) AS steps
    FROM cadences_cadence c
    JOIN cadences_step s ON s.organization_id = c.organization_id AND s.cadence_id = c.id
        AND s.removed_at IS NULL
    WHERE c.organization_id = %(organization)s AND c.removed_at IS NULL
    GROUP BY c.id
)
"""

# Whoever refuses reminders or whose mail bounced does so for everyone with the same address.
_PERSON = """
spoken AS MATERIALIZED (
    SELECT lower(m.to_address) AS address, max(m.reminder_on) AS last_on,
        bool_or(m.state IN ('awaiting_approval', 'queued', 'sending')) AS waiting
    FROM communications_message m
    WHERE m.organization_id = %(organization)s AND m.purpose = 'reminder'
        AND m.state NOT IN ('failed', 'withdrawn')
        AND (m.reminder_on > %(on)s - 40
            OR m.state IN ('awaiting_approval', 'queued', 'sending'))
        AND m.id IS DISTINCT FROM %(message)s
    GROUP BY 1
), unwilling AS MATERIALIZED (
    SELECT lower(p.email) AS address, bool_or(p.bounced_at IS NOT NULL) AS bounced
    FROM customers_contact p
    WHERE p.organization_id = %(organization)s
        AND (p.bounced_at IS NOT NULL OR p.reminders_refused_at IS NOT NULL)
    GROUP BY 1
), apart AS MATERIALIZED (
    SELECT DISTINCT i.customer_id, b.cadence_id
    FROM cadences_invoiceassignment b
    JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = b.invoice_id
        AND i.state = 'open'
    LEFT JOIN cadences_assignment a ON a.organization_id = %(organization)s
        AND a.customer_id = i.customer_id
    WHERE b.organization_id = %(organization)s AND b.cadence_id IS NOT NULL
        AND b.cadence_id IS DISTINCT FROM OF_CUSTOMER
        AND (%(customers)s IS NULL OR i.customer_id = ANY(%(customers)s))
), person AS MATERIALIZED (
    SELECT l.customer_id, l.cadence_id, l.own, p.id AS contact_id, p.name, p.language,
        lower(p.email) AS address,
        CASE
            WHEN p.email NOT LIKE '_%%@_%%' THEN 5
            WHEN NOT u.bounced THEN 4
            WHEN u.bounced THEN 3
            WHEN s.waiting THEN 1
            WHEN %(message)s IS NULL AND s.last_on > %(on)s - k.gap_days THEN 2
            ELSE 0
        END AS obstacle,
        s.last_on + k.gap_days AS free_on
    FROM (
        SELECT l.customer_id, l.contact_id, coalesce(o.cadence_id, OF_CUSTOMER) AS cadence_id,
            o.id IS NOT NULL AS own
        FROM customers_contactlink l
        LEFT JOIN cadences_linkassignment o ON o.organization_id = %(organization)s
            AND o.link_id = l.id
        LEFT JOIN cadences_assignment a ON a.organization_id = %(organization)s
            AND a.customer_id = l.customer_id
        WHERE l.organization_id = %(organization)s AND l.gets_reminders
            AND (%(customers)s IS NULL OR l.customer_id = ANY(%(customers)s))
        UNION ALL
        SELECT l.customer_id, l.contact_id, b.cadence_id, false
        FROM apart b
        JOIN customers_contactlink l ON l.organization_id = %(organization)s
            AND l.customer_id = b.customer_id
        WHERE l.gets_reminders AND NOT EXISTS (
            SELECT FROM cadences_linkassignment o
            WHERE o.organization_id = %(organization)s AND o.link_id = l.id)
    ) l
    JOIN customers_contact p ON p.organization_id = %(organization)s AND p.id = l.contact_id
    LEFT JOIN spoken s ON s.address = lower(p.email)
    LEFT JOIN unwilling u ON u.address = lower(p.email)
    LEFT JOIN ladder k ON k.cadence_id = l.cadence_id
    WHERE %(address)s IS NULL OR lower(p.email) = %(address)s
)
""".replace("OF_CUSTOMER", OF_CUSTOMER)
_OBSTACLES = "'{waiting,gap,bounced,unsubscribed,no_address}'::text[]"

# Days after the first possible one, after which a step that was not sent waits for a person.
_PATIENCE = "3"

# What is open, not disputed, and not being charged at this moment.
_LEFT_OVER = "greatest(i.open_amount - i.disputed_amount - coalesce(k.amount, 0), 0)"

# Unapplied money stands for a customer's oldest invoices first, then for late fees. A fee sets
# nothing off while its invoice is open: it is told of beside that, or of neither. An invoice that
# reopened begins a new cycle; one that was paused or is new enters on this day.
_JUDGED = (
    """
claimed AS MATERIALIZED (
    SELECT invoice_id, amount FROM payments_claim
    WHERE organization_id = %(organization)s AND live
), purse AS MATERIALIZED (
    SELECT id AS customer_id, currency, unapplied_amount AS amount FROM customers_customer
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
    UNION ALL
    SELECT customer_id, currency, unapplied_amount FROM customers_otherbalance
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
), covered AS MATERIALIZED (
    SELECT invoice_id, least(needed, amount - before) AS amount
    FROM (
        SELECT i.id AS invoice_id, p.amount, LEFT_OVER AS needed,
            sum(LEFT_OVER) OVER (
                PARTITION BY i.customer_id, i.currency
                ORDER BY i.fee_for_id IS NOT NULL, i.due_on, i.issued_on, i.number, i.id
                ROWS UNBOUNDED PRECEDING) - LEFT_OVER AS before
        FROM purse p
        JOIN invoicing_invoice i ON i.organization_id = %(organization)s
            AND i.customer_id = p.customer_id AND i.currency = p.currency AND i.state = 'open'
        LEFT JOIN claimed k ON k.invoice_id = i.id
    ) needs
    WHERE amount > before
), reach AS MATERIALIZED (
    SELECT customer_id, cadence_id, true AS leads, min(obstacle) AS obstacle,
        min(free_on) FILTER (WHERE obstacle = 0) AS free_on
    FROM person
    GROUP BY customer_id, cadence_id
    UNION ALL
    SELECT customer_id, cadence_id, false, min(obstacle),
        min(free_on) FILTER (WHERE obstacle = 0)
    FROM person
    WHERE own
    GROUP BY customer_id, cadence_id
), TRACKS, owed AS (
    SELECT i.id AS invoice_id, i.customer_id, i.entity_id, i.currency, i.number, i.due_on,
        LEFT_OVER AS left_over, i.disputed_amount >= i.open_amount AS disputed,
        i.fee_for_id IS NOT NULL AS late_fee, i.fee_for_id IS NOT NULL AND EXISTS (
            SELECT FROM invoicing_invoice late
            WHERE late.organization_id = %(organization)s AND late.id = i.fee_for_id
                AND late.state = 'open') AS beside,
        i.fee_for_id IS NOT NULL AND EXISTS (
            SELECT FROM cadences_invoiceassignment late
            WHERE late.organization_id = %(organization)s AND late.invoice_id = i.fee_for_id
                AND late.cadence_id IS NULL) AS unsaid,
        i.hold <> '' AS held, i.promised_until >= %(earliest_in_grace)s AS promised,
        c.name AS customer, c.number AS customer_number, c.state <> 'active' AS inactive,
        e.id AS enrolment_id, e.state AS enrolment_state, e.reached, e.entered_on, e.cycle,
        coalesce(e.id = ANY(%(wanted)s), false) AS wanted,
        r.obstacle, r.free_on, LEADS AS leads, coalesce(t.nobody_else, false) AS nobody_else,
        l.cadence_id, l.days, l.steps,
        v.amount AS covered, width_bucket(%(on)s - i.due_on, l.days) AS rung
    FROM invoicing_invoice i
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = i.customer_id
    LEFT JOIN claimed k ON k.invoice_id = i.id
    LEFT JOIN covered v ON v.invoice_id = i.id
    ON_TRACKS
    LEFT JOIN ladder l ON l.cadence_id = OF_TRACK
    LEFT JOIN cadences_enrolment e ON e.organization_id = %(organization)s
        AND e.invoice_id = i.id AND e.cadence_id = l.cadence_id
    LEFT JOIN reach r ON r.customer_id = i.customer_id AND r.cadence_id = l.cadence_id
        AND r.leads = LEADS
    WHERE i.organization_id = %(organization)s AND i.state = 'open' AND ONCE
        AND (%(customers)s IS NULL OR i.customer_id = ANY(%(customers)s))
    OFFSET 0  -- so that each figure is computed once
), timed AS (
    SELECT owed.*, coalesce(left_over - covered, left_over) AS amount,
        CASE
            WHEN inactive THEN 'inactive'
            WHEN held THEN 'held'
            WHEN promised THEN 'promised'
            WHEN disputed THEN 'disputed'
            WHEN left_over = 0 THEN 'under_way'
            WHEN covered >= left_over THEN 'covered'
            WHEN beside THEN 'beside'
        END AS pause,
        steps[rung] AS step_id, days[rung] AS step_days,
        reached >= days[rung] AND enrolment_state <> 'stopped' AND NOT wanted AS done,
        greatest(
            due_on + days[rung],
            CASE WHEN enrolment_state = 'running' THEN entered_on ELSE %(on)s END,
            free_on) AS fell_due_on
    FROM owed
    OFFSET 0
), judged AS MATERIALIZED (
    SELECT invoice_id, customer_id, entity_id, currency, number, due_on, amount, customer,
        customer_number, enrolment_id, enrolment_state, cadence_id, leads, nobody_else, step_id,
        step_days, wanted,
        CASE WHEN enrolment_state = 'stopped' THEN cycle + 1 ELSE coalesce(cycle, 1) END AS cycle,
        pause IS NOT NULL AS paused, late, late_fee,
        CASE
            WHEN cadence_id IS NULL OR (beside AND unsaid) THEN 'no_cadence'
            WHEN pause IS NOT NULL THEN pause
            WHEN rung = 0 THEN 'not_due'
            WHEN done THEN 'already'
            WHEN obstacle IS NULL THEN 'no_contact'
            WHEN obstacle > 0 THEN (OBSTACLES)[obstacle]
            WHEN late THEN 'late'
        END AS reason
    FROM timed
    CROSS JOIN LATERAL (
        SELECT NOT wanted AND %(on)s > fell_due_on + PATIENCE
            + (%(shift)s)[extract(isodow FROM fell_due_on)::int] AS late
        OFFSET 0) aged
)
""".replace("LEFT_OVER", _LEFT_OVER)
    .replace("TRACKS, owed", f"{TRACKS}, owed")
    .replace("ON_TRACKS", ON_TRACKS)
    .replace("OF_TRACK", OF_TRACK)
    .replace("LEADS", LEADS)
    .replace("ONCE", ONCE)
    .replace("OBSTACLES", _OBSTACLES)
    .replace("PATIENCE", _PATIENCE)
)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is judged: a day; and for the look at one message, its person and invoices only.

    `shift` tells for Monday to Sunday how many days later messages leave; `wanted` are enrolments
    whose step is to be reminded of though it is done or late. Where something is said by it, only
    of what has `entered` its cadence: else nobody would know afterwards that it was said. Steps
    that nobody was `unasked` about come another time, unless they are wanted.
    """

    on: date
    shift: Sequence[int]
    customers: Sequence[UUID] | None = None
    address: str | None = None
    message: UUID | None = None
    wanted: Sequence[UUID] = ()
    entered: bool = False
    unasked: Sequence[UUID] = ()


def read(statement: str, scope: Scope, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement over `person` and `judged`, judged for this once."""
    return _rows(f"WITH {_LADDER}, {_PERSON}, {_JUDGED} {statement}", scope, values)


@contextmanager
def tables(scope: Scope) -> Iterator[None]:
    """Makes `person` and `judged` tables of this transaction, for `look` to read."""
    make = "CREATE TEMPORARY TABLE {0} ON COMMIT DROP AS WITH {1} SELECT * FROM {0}"
    # A savepoint, so that an error takes the tables with it.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, parts in (("person", (_LADDER, _PERSON)), ("judged", (_LADDER, _JUDGED))):
            cursor.execute(make.format(table, ",".join(parts)), _values(scope))
            cursor.execute(f"ANALYZE {table}")
        yield
        cursor.execute("DROP TABLE person, judged")


def look(statement: str, scope: Scope, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement over the tables `person` and `judged`."""
    return _rows(statement, scope, values)


def _rows(statement: str, scope: Scope, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(scope), **values})
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows


def _values(scope: Scope) -> dict[str, Any]:
    return {
        "organization": tenancy.current(),
        "on": scope.on,
        "earliest_in_grace": earliest_in_grace(scope.on),
        "shift": list(scope.shift),
        "customers": None if scope.customers is None else list(scope.customers),
        "address": scope.address.lower() if scope.address else None,
        "message": scope.message,
        "wanted": list(scope.wanted),
        "entered": scope.entered,
        "unasked": list(scope.unasked),
    }
