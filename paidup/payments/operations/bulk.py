"""Loading a ledger's past: many invoices together with the money that came for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from paidup.history import bulk as history
from paidup.history.actors import Actor
from paidup.invoicing.operations.balance import summarize
from paidup.invoicing.operations.bulk import NewInvoice, add_invoices
from paidup.ledger import bulk as ledger
from paidup.lib import tenancy
from paidup.lib.bulk import analyze, execute, joined_by_hash, row_id, staged
from paidup.payments.models import Payment


class NewPayment(NamedTuple):
    """A payment to be loaded. Its event is dated `received_at`, which may lie in the past."""

    id: UUID
    customer_id: UUID
    currency: str
    amount: Decimal
    kind: str
    reference: str
    received_on: date
    received_at: datetime


class NewAllocation(NamedTuple):
    """An amount of a payment of the same load, put to an invoice of the same customer."""

    payment_id: UUID
    invoice_id: UUID
    amount: Decimal
    effective_on: date


@transaction.atomic
def load(
    *,
    invoices: Sequence[NewInvoice],
    payments: Sequence[NewPayment],
    allocations: Sequence[NewAllocation],
    entity_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Adds invoices, payments and what the payments paid, of new invoices and of earlier ones.

    Ledger, cached balances and one event per invoice and payment included; no receipts are sent.
    What a payment's allocations leave over stays unapplied. The caller holds the customers' rows
    locked and has seen to it that no invoice gets more than is open; the database refuses it.
    """
    to_invoice: dict[UUID, Decimal] = defaultdict(Decimal)
    of_payment: dict[UUID, Decimal] = defaultdict(Decimal)
    for allocation in allocations:
        to_invoice[allocation.invoice_id] += allocation.amount
        of_payment[allocation.payment_id] += allocation.amount
    add_invoices(invoices=invoices, paid=to_invoice, entity_id=entity_id, by=by, at=at)
    added = {invoice.id for invoice in invoices}
    _pay_earlier_invoices(
        [(invoice, paid) for invoice, paid in to_invoice.items() if invoice not in added]
    )
    payment_rows = ((*row, row.amount - of_payment[row.id], row_id(), row_id()) for row in payments)
    allocation_rows = ((*row, row_id(), row_id()) for row in allocations)
    organization_id = tenancy.current()
    with (
        staged("new_payment", _PAYMENT, payment_rows),
        staged("new_allocation", _ALLOCATION, allocation_rows),
    ):
        execute(_PAYMENTS, organization=organization_id, entity=entity_id, at=at)
        analyze(Payment, loaded=len(payments))
        execute(_ALLOCATIONS, organization=organization_id, at=at)
        ledger.post_selected(_POSTINGS, entity_id=entity_id, at=at)
        history.record_selected(_RECORDED, by=by)
        execute(_LAST_PAYMENTS, organization=organization_id)
    with joined_by_hash(rows=len(invoices) + len(payments)):
        customer_ids = {row.customer_id for row in invoices} | {row.customer_id for row in payments}
        summarize(customer_ids, at=at)


def _pay_earlier_invoices(moves: Iterable[tuple[UUID, Decimal]]) -> None:
    with staged("paid_earlier", {"invoice_id": "uuid", "amount": "numeric"}, moves) as count:
        if count:
            execute(_PAY_EARLIER_INVOICES, organization=tenancy.current())


_PAYMENT = {
    "id": "uuid",
    "customer_id": "uuid",
    "currency": "text",
    "amount": "numeric",
    "kind": "text",
    "reference": "text",
    "received_on": "date",
    "received_at": "timestamptz",
    "unapplied_amount": "numeric",
    "transfer_id": "uuid",
    "event_id": "uuid",
}

_ALLOCATION = {
    "payment_id": "uuid",
    "invoice_id": "uuid",
    "amount": "numeric",
    "effective_on": "date",
    "id": "uuid",
    "transfer_id": "uuid",
}

_PAY_EARLIER_INVOICES = """
    UPDATE invoicing_invoice i
    SET open_amount = i.open_amount - p.amount,
        state = CASE WHEN i.open_amount = p.amount THEN 'paid' ELSE i.state END,
        disputed_amount = least(i.disputed_amount, i.open_amount - p.amount)
    FROM paid_earlier p
    WHERE i.organization_id = %(organization)s AND i.id = p.invoice_id
"""

_PAYMENTS = """
    INSERT INTO payments_payment
        (id, organization_id, entity_id, customer_id, currency, amount, unapplied_amount, kind,
        reference, received_on, reversal_reason, recorded_at)
    SELECT id, %(organization)s, %(entity)s, customer_id, currency, amount, unapplied_amount, kind,
        reference, received_on, '', %(at)s
    FROM new_payment
"""

_ALLOCATIONS = """
    INSERT INTO payments_allocation
        (id, organization_id, payment_id, invoice_id, amount, effective_on, recorded_at)
    SELECT id, %(organization)s, payment_id, invoice_id, amount, effective_on, %(at)s
    FROM new_allocation
"""

_POSTINGS = """
    SELECT transfer_id, 'clearing', 'unapplied', currency, amount,
        customer_id, NULL::uuid, id, received_on
    FROM new_payment
    UNION ALL
    SELECT a.transfer_id, 'unapplied', 'receivable', p.currency, a.amount,
        p.customer_id, a.invoice_id, a.id, a.effective_on
    FROM new_allocation a JOIN new_payment p ON p.id = a.payment_id
"""

_RECORDED = """
    SELECT event_id, 'payment.recorded', customer_id, id, received_at, jsonb_build_object(
        'amount', amount::text, 'currency', currency, 'kind', kind, 'reference', reference)
    FROM new_payment
"""

_LAST_PAYMENTS = """
    UPDATE customers_customer c
    SET last_payment_on = l.received_on, last_payment_amount = l.amount
    FROM (
        SELECT DISTINCT ON (customer_id) customer_id, received_on, amount FROM new_payment
        ORDER BY customer_id, received_on DESC, id DESC
    ) l
    WHERE c.organization_id = %(organization)s AND c.id = l.customer_id
        AND (c.last_payment_on IS NULL OR c.last_payment_on <= l.received_on)
"""
