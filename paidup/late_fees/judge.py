"""Judging every overdue invoice for a day, in one statement: what is charged for it, or why not.

An invoice goes by the rule of its currency, else by the rule of all others. Its periods follow from
its due date and the rule alone, so a run that comes late, or twice, finds the same one. A period
that nobody could charge (the invoice was held, say, or nothing ran) is not charged later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from paidup.autopay import gates
from paidup.autopay.models import Schedule
from paidup.customers.visibility import condition
from paidup.lib import tenancy
from paidup.payments.operations.promises import earliest_in_grace

from .reckoning import reckon
from .states import Kind, Reason

# What is open, not disputed, and not being charged at this moment.
_LEFT_OVER = "greatest(i.open_amount - i.disputed_amount - coalesce(k.amount, 0), 0)"

# Unapplied money stands for invoices in the order in which it is applied: its customer's own, and
# what it leaves over for those of each sub-account, for which its owner may pay.
_MONEY = """
claimed AS MATERIALIZED (
    SELECT invoice_id, amount FROM payments_claim
    WHERE organization_id = %(organization)s AND live
), purse AS MATERIALIZED (
    SELECT id AS customer_id, entity_id, currency, unapplied_amount AS amount
    FROM customers_customer
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
    UNION ALL
    SELECT o.customer_id, c.entity_id, o.currency, o.unapplied_amount
    FROM customers_otherbalance o
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = o.customer_id
    WHERE o.organization_id = %(organization)s AND o.unapplied_amount > 0
), spare AS MATERIALIZED (
    SELECT p.customer_id, p.entity_id, p.currency,
        p.amount - coalesce(sum(LEFT_OVER) FILTER (WHERE i.id IS NOT NULL), 0) AS amount
    FROM purse p
    LEFT JOIN invoicing_invoice i ON i.organization_id = %(organization)s
        AND i.customer_id = p.customer_id AND i.currency = p.currency AND i.state = 'open'
    LEFT JOIN claimed k ON k.invoice_id = i.id
    GROUP BY p.customer_id, p.entity_id, p.currency, p.amount
), below AS (
    SELECT DISTINCT customer_id AS payer_id, customer_id, entity_id FROM spare WHERE amount > 0
    UNION
    SELECT b.payer_id, child.id, child.entity_id
    FROM below b
    JOIN customers_customer child ON child.organization_id = %(organization)s
        AND child.parent_id = b.customer_id AND child.entity_id = b.entity_id
), at_hand AS MATERIALIZED (
    SELECT customer_id, currency, sum(amount) AS amount
    FROM (
        SELECT customer_id, currency, amount FROM purse
        UNION ALL
        SELECT b.customer_id, s.currency, s.amount
        FROM below b
        JOIN spare s ON s.customer_id = b.payer_id AND s.amount > 0
        WHERE b.customer_id <> b.payer_id
    ) every
    GROUP BY customer_id, currency
), covered AS MATERIALIZED (
    SELECT invoice_id, least(needed, amount - before) AS amount
    FROM (
        SELECT i.id AS invoice_id, h.amount, LEFT_OVER AS needed,
            sum(LEFT_OVER) OVER (
                PARTITION BY i.customer_id, i.currency
                ORDER BY i.disputed_amount > 0, i.fee_for_id IS NOT NULL,
                    i.due_on, i.issued_on, i.number, i.id
                ROWS UNBOUNDED PRECEDING) - LEFT_OVER AS before
        FROM at_hand h
        JOIN invoicing_invoice i ON i.organization_id = %(organization)s
            AND i.customer_id = h.customer_id AND i.currency = h.currency AND i.state = 'open'
        LEFT JOIN claimed k ON k.invoice_id = i.id
    ) needs
    WHERE amount > before
)
""".replace("LEFT_OVER", _LEFT_OVER)

# Of a promise as much counts as was not received since.
_JUDGED = """
rule AS MATERIALIZED (
    SELECT * FROM late_fees_rule WHERE organization_id = %(organization)s AND NOT removed
), overdue AS (
    SELECT i.id AS invoice_id, i.customer_id, i.number, i.currency, i.due_on, i.open_amount,
        i.disputed_amount, LEFT_OVER AS left_over, i.hold <> '' AS held,
        c.name AS customer, c.late_fees, c.state AS customer_state, c.language,
        r.id AS rule_id, r.kind, r.amount AS flat, r.rate, r.most, r.grace_days, r.every_days,
        r.starts_on, r.switched_on, f.last_on, f.total,
        coalesce(greatest(least(
            p.amount, p.amount - p.open_before + i.open_amount), 0), 0) AS promised,
        coalesce(v.amount, 0) AS covered,
        i.due_on + r.grace_days + 1
            + CASE WHEN r.kind = 'per_annum' THEN r.every_days ELSE 0 END AS first_on
    FROM invoicing_invoice i
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = i.customer_id
    LEFT JOIN rule r ON r.id = coalesce(
        (SELECT id FROM rule WHERE currency = i.currency),
        (SELECT id FROM rule WHERE currency = ''))
    LEFT JOIN claimed k ON k.invoice_id = i.id
    LEFT JOIN covered v ON v.invoice_id = i.id
    LEFT JOIN invoicing_promise p ON p.organization_id = %(organization)s
        AND p.invoice_id = i.id AND p.state = 'open' AND i.promised_until IS NOT NULL
        AND p.promised_for >= %(earliest_in_grace)s
    LEFT JOIN LATERAL (
        SELECT max(period_on) AS last_on, sum(amount) AS total
        FROM late_fees_fee
        WHERE organization_id = %(organization)s AND invoice_id = i.id) f ON true
    WHERE i.organization_id = %(organization)s AND i.state = 'open' AND i.fee_for_id IS NULL
        AND i.due_on < %(on)s AND (%(customers)s IS NULL OR i.customer_id = ANY(%(customers)s))
        SEEN
    OFFSET 0  -- so that each figure is computed once
), timed AS (
    SELECT overdue.*, left_over - promised - covered AS base,
        coalesce((%(on)s - first_on) / every_days, 0) AS period,
        first_on + coalesce((%(on)s - first_on) / every_days * every_days, 0) AS period_on
    FROM overdue
    OFFSET 0
), judged AS (
    SELECT timed.*,
        CASE
            WHEN kind <> 'per_annum' THEN %(on)s - due_on
            ELSE least(every_days + CASE WHEN period = 0 THEN grace_days ELSE 0 END,
                period_on - last_on)
        END AS days,
        CASE
            WHEN rule_id IS NULL THEN 'no_rule'
            WHEN due_on < starts_on THEN 'before'
            WHEN NOT late_fees THEN 'switched_off'
            WHEN customer_state <> 'active' THEN 'inactive'
            WHEN %(on)s < first_on THEN 'grace'
            WHEN last_on IS NOT NULL AND (every_days IS NULL OR period_on < last_on + every_days)
                THEN 'already'
            WHEN total >= most THEN 'capped'
            WHEN held THEN 'held'
            WHEN invoice_id = ANY(%(autopay)s) THEN 'autopay'
            WHEN base > 0 THEN NULL
            WHEN disputed_amount >= open_amount THEN 'disputed'
            WHEN promised > 0 AND promised >= open_amount - disputed_amount THEN 'promised'
            WHEN left_over - promised <= 0 THEN 'under_way'
            ELSE 'covered'
        END AS reason
    FROM timed
)
""".replace("LEFT_OVER", _LEFT_OVER)

_DUE = """
SELECT invoice_id, customer_id, customer, language, number, currency, due_on, rule_id, kind, flat,
    rate, most - coalesce(total, 0), period_on, days, base
FROM judged
WHERE reason IS NULL AND (switched_on OR %(rehearsed)s)
ORDER BY customer_id, due_on, number, invoice_id
"""

_WHY_NOT = """
SELECT reason, currency, count(*), sum(open_amount) FROM judged
WHERE reason IS NOT NULL GROUP BY reason, currency ORDER BY currency
"""

_NOT_CHARGED = """
SELECT invoice_id, number, customer_id, customer, currency, due_on, open_amount FROM judged
WHERE reason = %(reason)s ORDER BY due_on, invoice_id LIMIT %(limit)s
"""

# The payers above these customers, who may have a schedule for them.
_SCHEDULES = """
WITH RECURSIVE line AS (
    SELECT id, parent_id FROM customers_customer
    WHERE organization_id = %(organization)s AND id = ANY(%(customers)s)
    UNION
    SELECT above.id, above.parent_id
    FROM line
    JOIN customers_customer above ON above.organization_id = %(organization)s
        AND above.id = line.parent_id
)
SELECT id FROM line
"""


@dataclass(frozen=True)
class Due:
    """An invoice for which a fee is charged on the day, and how it is reckoned."""

    invoice_id: UUID
    customer_id: UUID
    customer: str
    language: str
    number: str
    currency: str
    due_on: date
    rule_id: UUID
    kind: Kind
    flat: Decimal | None
    rate: Decimal | None
    most: Decimal | None  # what the cap leaves
    period_on: date
    days: int
    base: Decimal

    @cached_property
    def amount(self) -> Decimal:
        """The fee. Nothing where it is less than the smallest coin."""
        return reckon(
            Kind(self.kind),
            base=self.base,
            currency=self.currency,
            flat=self.flat,
            rate=self.rate,
            days=self.days,
            most=self.most,
        )


@dataclass(frozen=True)
class NotCharged:
    """An overdue invoice for which no fee is charged."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    customer: str
    currency: str
    due_on: date
    open_amount: Decimal


@dataclass(frozen=True)
class Scope:
    """Which day is judged, and whose invoices; None for everybody's. Rehearsed, rules that are
    switched off count as well."""

    on: date
    customers: Sequence[UUID] | None = None
    rehearsed: bool = False


def due(scope: Scope) -> list[Due]:
    """What is charged, by customer; what would come to nothing among it."""
    return [Due(*row) for row in _rows(_DUE, scope)]


def why_not(scope: Scope) -> dict[Reason, dict[str, tuple[int, Decimal]]]:
    """By reason and currency, for how many invoices no fee is charged, and what is open of them."""
    found: dict[Reason, dict[str, tuple[int, Decimal]]] = {}
    for reason, currency, invoices, amount in _rows(_WHY_NOT, scope):
        found.setdefault(Reason(reason), {})[currency] = (invoices, amount)
    return found


def not_charged(scope: Scope, reason: Reason, *, limit: int) -> list[NotCharged]:
    """The invoices of one reason, those due first."""
    return [NotCharged(*row) for row in _rows(_NOT_CHARGED, scope, reason=reason, limit=limit)]


def _rows(statement: str, scope: Scope, **values: Any) -> list[tuple[Any, ...]]:
    judged = _JUDGED.replace("SEEN", condition("i.customer_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {_MONEY}, {judged} {statement}",
            {
                "organization": tenancy.current(),
                "limited_to": tenancy.limited_to(),
                "on": scope.on,
                "earliest_in_grace": earliest_in_grace(scope.on),
                "customers": None if scope.customers is None else list(scope.customers),
                "autopay": _left_to_autopay(scope),
                "rehearsed": scope.rehearsed,
                **values,
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _left_to_autopay(scope: Scope) -> list[UUID]:
    """Invoices that a schedule charges by itself, so that who is late is the schedule; not those
    that it was refused, or may not charge, which wait for their payer."""
    schedules = (
        Schedule.objects.of(tenancy.current())
        .filter(ended=False)
        .exclude(ends_on__lt=scope.on)
        .select_related("customer")
    )
    if scope.customers is not None:
        schedules = schedules.filter(customer_id__in=_payers(scope.customers))
    known = {schedule.id: schedule for schedule in schedules}
    return [
        row.invoice_id
        for row in gates.chargeable(known, on=scope.on)
        if row.is_allowed and _takes(known[row.schedule_id], row)
    ]


def _takes(schedule: Schedule, row: gates.Chargeable) -> bool:
    """Whether its maximum, which is in its customer's currency, lets the invoice through."""
    if schedule.maximum is None:
        return True
    return row.currency == schedule.customer.currency and row.amount <= schedule.maximum


def _payers(customer_ids: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            _SCHEDULES, {"organization": tenancy.current(), "customers": list(customer_ids)}
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]
