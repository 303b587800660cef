"""Which invoices may be charged now, and by whose schedule: every gate in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from paidup.lib import tenancy
from paidup.payments.operations.promises import earliest_in_grace


@dataclass(frozen=True)
class Chargeable:
    """An invoice that a schedule would charge in full."""

    schedule_id: UUID
    payer_id: UUID
    method_id: UUID
    customer_id: UUID
    invoice_id: UUID
    currency: str
    amount: Decimal
    is_allowed: bool  # by a method of this kind


# The payer of an invoice is its customer's own schedule, else the nearest ancestor's that includes
# sub-accounts; the walk down from an including schedule ends where another including one begins.
_PAYERS = """
WITH RECURSIVE scheduled AS (
    SELECT s.id AS schedule_id, s.customer_id AS payer_id, s.due_only, s.own_invoices_only
    FROM autopay_schedule s
    WHERE s.organization_id = %(organization)s AND s.id = ANY(%(schedules)s)
        AND NOT s.ended
), family AS (
    SELECT schedule_id, payer_id, due_only, payer_id AS customer_id
    FROM scheduled WHERE NOT own_invoices_only
    UNION
    SELECT f.schedule_id, f.payer_id, f.due_only, child.id
    FROM family f
    JOIN customers_customer child ON child.organization_id = %(organization)s
        AND child.parent_id = f.customer_id
    WHERE NOT EXISTS (
        SELECT FROM autopay_schedule own
        WHERE own.organization_id = %(organization)s AND own.customer_id = child.id
            AND NOT own.own_invoices_only AND NOT own.ended)
), payers AS (
    SELECT schedule_id, payer_id, due_only, payer_id AS customer_id FROM scheduled
    UNION
    SELECT f.schedule_id, f.payer_id, f.due_only, f.customer_id
    FROM family f
    WHERE NOT EXISTS (
        SELECT FROM autopay_schedule own
        WHERE own.organization_id = %(organization)s AND own.customer_id = f.customer_id
            AND NOT own.ended)
)
"""

_CUSTOMERS = "SELECT DISTINCT customer_id FROM payers"

# A mandate is given for invoices; a late fee nobody has agreed to is left to whoever pays it.
# OFFSET 0 has the claims and attempts of each invoice looked up by index. Joined, all there are
# would be read for each batch, and compared with each invoice where the planner believes in few.
_CHARGEABLE = """
SELECT p.schedule_id, p.payer_id, m.id, c.id, i.id, i.currency, i.open_amount,
    m.kind = ANY(taken.payment_kinds) AND m.kind = ANY(t.payment_kinds)
        AND (payer.payment_kinds = '{}' OR m.kind = ANY(payer.payment_kinds))
FROM payers p
JOIN organizations_organization taken ON taken.id = %(organization)s
JOIN customers_customer payer ON payer.organization_id = %(organization)s
    AND payer.id = p.payer_id AND payer.auto_payments AND payer.state = 'active'
JOIN payments_paymentmethod m ON m.organization_id = %(organization)s
    AND m.customer_id = payer.id AND m.default AND m.removed_at IS NULL
    AND (m.expires_on IS NULL OR m.expires_on >= %(on)s)
JOIN payments_mandate given ON given.organization_id = %(organization)s
    AND given.method_id = m.id AND given.revoked_at IS NULL
JOIN customers_customer c ON c.organization_id = %(organization)s
    AND c.id = p.customer_id AND c.auto_payments AND c.state = 'active'
    AND c.entity_id = payer.entity_id
JOIN invoicing_invoice i ON i.organization_id = %(organization)s
    AND i.customer_id = c.id AND i.state = 'open'
    AND (NOT p.due_only OR i.due_on <= %(on)s)
JOIN organizations_invoicetemplate t ON t.organization_id = %(organization)s
    AND t.id = i.template_id
WHERE i.hold = '' AND i.disputed_amount = 0 AND i.fee_for_id IS NULL
    AND (i.promised_until IS NULL OR i.promised_until < %(earliest_in_grace)s)
    AND NOT EXISTS (
        SELECT FROM payments_claim under_way
        WHERE under_way.organization_id = %(organization)s
            AND under_way.invoice_id = i.id AND under_way.live
            AND under_way.intent_id IS DISTINCT FROM %(claimed_by)s
        OFFSET 0)
    AND NOT EXISTS (
        SELECT FROM autopay_attempt a
        JOIN payments_intent tried ON tried.organization_id = %(organization)s
            AND tried.id = a.intent_id
        WHERE a.organization_id = %(organization)s AND a.invoice_id = i.id
            AND a.intent_id IS DISTINCT FROM %(claimed_by)s
            AND (a.state = 'under_way'
                OR (a.state = 'retry' AND a.retry_on > %(on)s)
                OR (a.state = 'given_up' AND tried.method_id = m.id))
        OFFSET 0)
ORDER BY p.payer_id, i.due_on, i.issued_on, i.number, i.id
"""


def customers_paid_for(schedule_ids: Iterable[UUID]) -> list[UUID]:
    """The payers of these schedules, and the sub-accounts for which they pay."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PAYERS + _CUSTOMERS,
            {"organization": tenancy.current(), "schedules": list(schedule_ids)},
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]


def chargeable(
    schedule_ids: Iterable[UUID], *, on: date, claimed_by: UUID | None = None
) -> list[Chargeable]:
    """What these schedules would charge on this day, the oldest invoice of each payer first.

    The amounts are what is open, before any unapplied money is put to it. What may not be paid by
    a method of this kind is among them, as a person is told of it. What the charge
    `claimed_by` has claimed itself doesn't stand in its own way.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PAYERS + _CHARGEABLE,
            {
                "organization": tenancy.current(),
                "schedules": list(schedule_ids),
                "on": on,
                "earliest_in_grace": earliest_in_grace(on),
                "claimed_by": claimed_by,
            },
        )
        return [Chargeable(*row) for row in cursor.fetchall()]
