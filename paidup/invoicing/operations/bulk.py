"""Adding the many invoices of a load, and their disputes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from paidup.history import bulk as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.invoicing.queries import default_status_id
from paidup.ledger import bulk as ledger
from paidup.lib import tenancy
from paidup.lib.bulk import analyze, execute, row_id, staged
from paidup.organizations.operations import step_past
from paidup.organizations.queries import default_template

ZERO = Decimal(0)


class NewInvoice(NamedTuple):
    """An invoice to be loaded. Its event is dated `issued_at`, which may lie in the past."""

    id: UUID
    customer_id: UUID
    number: str
    currency: str
    issued_on: date
    due_on: date
    total: Decimal
    issued_at: datetime
    description: str  # of its one line
    po_number: str = ""


class NewDispute(NamedTuple):
    """A dispute to be loaded: open, or resolved already when it has a day of closing."""

    id: UUID
    invoice_id: UUID
    amount: Decimal
    reason: str
    opened_on: date
    opened_at: datetime
    closed_on: date | None = None
    closed_at: datetime | None = None


class Closing(NamedTuple):
    """The end of whatever dispute an invoice has."""

    invoice_id: UUID
    closed_on: date
    closed_at: datetime


@transaction.atomic
def add_invoices(
    *,
    invoices: Sequence[NewInvoice],
    paid: Mapping[UUID, Decimal],
    entity_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    """Adds invoices with their transfers and one event each, untaxed, of one line.

    `paid` says what is paid of which: payments.operations.bulk, which adds that money in the same
    transaction, is the one to call. The caller holds the customers' rows locked. IntegrityError
    when a number is in use.
    """
    organization_id = tenancy.current()
    rows = (
        (*row, row.total - paid.get(row.id, ZERO), row_id(), row_id(), row_id()) for row in invoices
    )
    with staged("new_invoice", _INVOICE, rows):
        status_id = default_status_id()
        execute(
            _INVOICES,
            organization=organization_id,
            entity=entity_id,
            at=at,
            status=status_id,
            template=default_template(organization_id).id,
        )
        analyze(Invoice, loaded=len(invoices))
        execute(_LINES, organization=organization_id)
        ledger.post_selected(_POSTINGS, entity_id=entity_id, at=at)
        history.record_selected(_IMPORTED, by=by)
    step_past(
        organization_id=organization_id,
        entity_id=entity_id,
        kind="invoice",
        numbers=(row.number for row in invoices),
    )


@transaction.atomic
def add_disputes(*, disputes: Sequence[NewDispute], by: Actor) -> None:
    """Adds disputes of invoices that have none open, with an event for opening and for closing."""
    organization_id = tenancy.current()
    with staged("new_dispute", _DISPUTE, ((*row, row_id(), row_id()) for row in disputes)):
        execute(_DISPUTES, organization=organization_id)
        execute(_MARK_DISPUTED, organization=organization_id)
        history.record_selected(_OPENED, by=by)
        history.record_selected(_RESOLVED, by=by)


@transaction.atomic
def resolve_disputes(*, closings: Sequence[Closing], by: Actor) -> None:
    """Ends the open disputes of these invoices, with an event each; those without are passed by."""
    organization_id = tenancy.current()
    with staged("closing", _CLOSING, ((*row, row_id()) for row in closings)):
        execute(_LEAVE_UNDISPUTED, organization=organization_id)
        execute(_CLOSE, organization=organization_id)
        execute(_MARK_UNDISPUTED, organization=organization_id)
        history.record_selected(_CLOSED, by=by)


_INVOICE = {
    "id": "uuid",
    "customer_id": "uuid",
    "number": "text",
    "currency": "text",
    "issued_on": "date",
    "due_on": "date",
    "total": "numeric",
    "issued_at": "timestamptz",
    "description": "text",
    "po_number": "text",
    "open_amount": "numeric",
    "line_id": "uuid",
    "transfer_id": "uuid",
    "event_id": "uuid",
}

_INVOICES = """
    INSERT INTO invoicing_invoice
        (id, organization_id, entity_id, customer_id, number, po_number, currency, state, hold,
        issued_on, due_on, total, open_amount, disputed_amount, bill_to, note, created_at,
        collection_status_id, template_id, heading, footer)
    SELECT n.id, %(organization)s, %(entity)s, n.customer_id, n.number, n.po_number, n.currency,
        CASE WHEN n.open_amount > 0 THEN 'open' ELSE 'paid' END, '',
        n.issued_on, n.due_on, n.total, n.open_amount, 0,
        concat_ws(chr(10), c.name, nullif(c.billing_address, '')), '', %(at)s,
        CASE WHEN n.open_amount > 0 THEN %(status)s::uuid END, t.id, t.heading, t.footer
    FROM new_invoice n
    JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = n.customer_id
    JOIN organizations_invoicetemplate t ON t.organization_id = %(organization)s
        AND t.id = coalesce(c.invoice_template_id, %(template)s)
"""

_LINES = """
    INSERT INTO invoicing_invoiceline
        (id, organization_id, invoice_id, position, description,
        quantity, unit_price, tax_rate, amount, tax)
    SELECT line_id, %(organization)s, id, 1, description, 1, total, 0, total, 0
    FROM new_invoice
"""

_POSTINGS = """
    SELECT transfer_id, 'receivable', 'revenue', currency, total, customer_id, id, id, issued_on
    FROM new_invoice
"""

_IMPORTED = """
    SELECT event_id, 'invoice.imported', customer_id, id, issued_at, jsonb_build_object(
        'number', number, 'total', total::text, 'currency', currency, 'due_on', due_on)
    FROM new_invoice
"""

_DISPUTE = {
    "id": "uuid",
    "invoice_id": "uuid",
    "amount": "numeric",
    "reason": "text",
    "opened_on": "date",
    "opened_at": "timestamptz",
    "closed_on": "date",
    "closed_at": "timestamptz",
    "opening_id": "uuid",
    "closing_id": "uuid",
}

_DISPUTES = """
    INSERT INTO invoicing_dispute
        (id, organization_id, invoice_id, amount, reason, state, opened_on, closed_on)
    SELECT id, %(organization)s, invoice_id, amount, reason,
        CASE WHEN closed_on IS NULL THEN 'open' ELSE 'resolved' END, opened_on, closed_on
    FROM new_dispute
"""

_MARK_DISPUTED = """
    UPDATE invoicing_invoice i SET disputed_amount = least(d.amount, i.open_amount)
    FROM new_dispute d
    WHERE i.organization_id = %(organization)s AND i.id = d.invoice_id AND d.closed_on IS NULL
"""

_OPENED = """
    SELECT d.opening_id, 'dispute.opened', i.customer_id, i.id, d.opened_at, jsonb_build_object(
        'number', i.number, 'amount', d.amount::text, 'currency', i.currency)
    FROM new_dispute d
    JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = d.invoice_id
"""

_RESOLVED = """
    SELECT d.closing_id, 'dispute.resolved', i.customer_id, i.id, d.closed_at,
        jsonb_build_object('number', i.number)
    FROM new_dispute d
    JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = d.invoice_id
    WHERE d.closed_on IS NOT NULL
"""

_CLOSING = {
    "invoice_id": "uuid",
    "closed_on": "date",
    "closed_at": "timestamptz",
    "event_id": "uuid",
}

_LEAVE_UNDISPUTED = """
    DELETE FROM closing c
    WHERE NOT EXISTS (
        SELECT FROM invoicing_dispute d
        WHERE d.organization_id = %(organization)s AND d.invoice_id = c.invoice_id
            AND d.state = 'open')
"""

_CLOSE = """
    UPDATE invoicing_dispute d SET state = 'resolved', closed_on = c.closed_on
    FROM closing c
    WHERE d.organization_id = %(organization)s AND d.invoice_id = c.invoice_id AND d.state = 'open'
"""

_MARK_UNDISPUTED = """
    UPDATE invoicing_invoice i SET disputed_amount = 0
    FROM closing c
    WHERE i.organization_id = %(organization)s AND i.id = c.invoice_id
"""

_CLOSED = """
    SELECT c.event_id, 'dispute.resolved', i.customer_id, i.id, c.closed_at,
        jsonb_build_object('number', i.number)
    FROM closing c
    JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = c.invoice_id
"""
