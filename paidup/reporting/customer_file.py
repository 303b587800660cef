"""What is on file about one customer beside its own row, in one query."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from django.db import connection

from paidup.customers.visibility import condition
from paidup.lib import tenancy

MANY = 1000
MOST_OWN = 20  # invoices with own cadences that are named


@dataclass(frozen=True, slots=True)
class OwnCadence:
    """A contact (`id` is that of its place) or an open invoice with an own cadence; an invoice
    without one was taken out of chasing."""

    of: str  # "contact" or "invoice"
    id: UUID
    label: str
    cadence: str | None


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """Counts for the tabs, the saved methods and the one that is charged, the schedule, the cadence
    (also the default one), the last payment, and whether others belong to it.

    From `MANY` on a count may be less than there are: nobody reads it, and counting takes its time.
    """

    notes: int
    messages: int
    open_todos: int
    transactions: int
    attachments: int
    methods: int  # all that are saved
    method_brand: str | None
    method_last4: str | None
    method_expires_on: date | None
    method_mandated: bool | None
    schedule_interval: str | None
    schedule_days: list[int] | None
    cadence: str | None
    last_payment_on: date | None
    last_payment_amount: Decimal | None
    last_payment_currency: str | None
    has_sub_accounts: bool
    merged_ids: list[UUID]  # of the customers that were merged into it
    own_cadences: list[OwnCadence]  # beside the customer's; of its oldest invoices at most some


def customer_file(customer_id: UUID) -> CustomerFile:
    """Reads it all."""
    values = {
        "organization": tenancy.current(),
        "limited_to": tenancy.limited_to(),
        "customer": customer_id,
        "many": MANY,
        "most_own": MOST_OWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILE.replace("AND_OF_NO_OTHERS", _and_of_no_others()), values)
        row = cursor.fetchone()
    assert row  # noqa: S101  a SELECT of values always gives one row
    *figures, own = row
    figures.append([OwnCadence(**one | {"id": UUID(one["id"])}) for one in own])
    return CustomerFile(*figures)


def _and_of_no_others() -> LiteralString:
    """Not the messages that are also about customers who aren't seen."""
    seen = condition("other.customer_id")
    if not seen:
        return ""
    return f"""
        AND (
            SELECT count(*) = count(*) FILTER (WHERE true {seen})
            FROM communications_messagecustomer other
            WHERE other.organization_id = %(organization)s
                AND other.message_id = communications_messagecustomer.message_id)
    """  # noqa: S608  our own text


_FILE: LiteralString = """
    SELECT
        (SELECT count(*) FROM customers_note
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s),
        (SELECT count(*) FROM communications_messagecustomer
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            AND_OF_NO_OTHERS),
        (SELECT count(*) FROM todos_todo
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
                AND state = 'open'),
        (SELECT count(*) FROM (SELECT FROM invoicing_invoice
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            LIMIT %(many)s) AS counted)
        + (SELECT count(*) FROM (SELECT FROM payments_payment
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            LIMIT %(many)s) AS counted)
        + (SELECT count(*) FROM payments_credit
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s)
        + (SELECT count(*) FROM payments_refund r
            JOIN payments_payment p
                ON p.organization_id = %(organization)s AND p.id = r.payment_id
            WHERE r.organization_id = %(organization)s AND p.customer_id = %(customer)s)
        + (SELECT count(*) FROM statements_statement
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s),
        (SELECT count(*) FROM attachments_attachment
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
                AND note_id IS NULL),
        (SELECT count(*) FROM payments_paymentmethod
            WHERE organization_id = %(organization)s AND customer_id = %(customer)s
                AND removed_at IS NULL),
        method.brand, method.last4, method.expires_on, method.mandated,
        schedule.interval, schedule.days,
        cadence.name,
        payment.received_on, payment.amount, payment.currency,
        EXISTS (SELECT FROM customers_customer
            WHERE organization_id = %(organization)s AND parent_id = %(customer)s),
        ARRAY(SELECT id FROM customers_mergedcustomer
            WHERE organization_id = %(organization)s AND into_id = %(customer)s),
        (SELECT coalesce(json_agg(own), '[]') FROM (
            (SELECT 'contact' AS of, l.id, p.name AS label, k.name AS cadence
            FROM customers_contactlink l
            JOIN customers_contact p
                ON p.organization_id = %(organization)s AND p.id = l.contact_id
            JOIN cadences_linkassignment o
                ON o.organization_id = %(organization)s AND o.link_id = l.id
            JOIN cadences_cadence k
                ON k.organization_id = %(organization)s AND k.id = o.cadence_id
            WHERE l.organization_id = %(organization)s AND l.customer_id = %(customer)s
            ORDER BY p.sort_name, l.id)
            UNION ALL
            (SELECT 'invoice', i.id, i.number, k.name
            FROM invoicing_invoice i
            JOIN cadences_invoiceassignment b
                ON b.organization_id = %(organization)s AND b.invoice_id = i.id
            LEFT JOIN cadences_cadence k
                ON k.organization_id = %(organization)s AND k.id = b.cadence_id
            WHERE i.organization_id = %(organization)s AND i.customer_id = %(customer)s
                AND i.state = 'open'
            ORDER BY i.due_on, i.issued_on, i.number, i.id
            LIMIT %(most_own)s)
        ) AS own)
    FROM (VALUES (1)) AS one
    LEFT JOIN LATERAL (
        SELECT brand, last4, expires_on, EXISTS (
            SELECT FROM payments_mandate
            WHERE organization_id = %(organization)s AND method_id = m.id AND revoked_at IS NULL
        ) AS mandated
        FROM payments_paymentmethod m
        WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            AND "default" AND removed_at IS NULL
    ) AS method ON true
    LEFT JOIN LATERAL (
        SELECT interval, days FROM autopay_schedule
        WHERE organization_id = %(organization)s AND customer_id = %(customer)s AND NOT ended
    ) AS schedule ON true
    LEFT JOIN cadences_assignment a
        ON a.organization_id = %(organization)s AND a.customer_id = %(customer)s
    LEFT JOIN cadences_cadence cadence
        ON cadence.organization_id = %(organization)s
        AND CASE WHEN a.id IS NULL THEN cadence."default" ELSE cadence.id = a.cadence_id END
    LEFT JOIN LATERAL (
        SELECT received_on, amount, currency FROM payments_payment
        WHERE organization_id = %(organization)s AND customer_id = %(customer)s
            AND reversed_on IS NULL
        ORDER BY received_on DESC, id DESC
        LIMIT 1
    ) AS payment ON true
"""
