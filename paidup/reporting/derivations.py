"""What each cached figure has to be, as SQL. Every statement yields (which, stored, derived) of the
rows that differ, so that the books agree when none yields any."""

# Receivables by invoice, from the ledger: what its transfers debited less what they credited.
_INVOICES = """
SELECT coalesce(i.number, l.invoice_id::text), i.open_amount, coalesce(l.amount, 0)
FROM (
    SELECT id, number, open_amount FROM invoicing_invoice
    WHERE organization_id = %(organization)s
) i
FULL JOIN (
    SELECT invoice_id,
        sum(CASE WHEN debit_id IN (
            SELECT id FROM ledger_account
            WHERE organization_id = %(organization)s AND kind = 'receivable'
        ) THEN amount ELSE -amount END) AS amount
    FROM ledger_transfer
    WHERE organization_id = %(organization)s AND invoice_id IS NOT NULL
    GROUP BY invoice_id
) l ON l.invoice_id = i.id
WHERE i.open_amount IS DISTINCT FROM coalesce(l.amount, 0)
"""

# One pass over all transfers: what moved from each account to each other one. Few rows then say
# all about accounts.
FLOWS = """
CREATE TEMPORARY TABLE flow ON COMMIT DROP AS
SELECT debit_id, credit_id, invoice_id IS NOT NULL AS of_invoice, sum(amount) AS amount
FROM ledger_transfer
WHERE organization_id = %(organization)s
GROUP BY debit_id, credit_id, invoice_id IS NOT NULL
"""

_RECEIVABLES_NAME_THEIR_INVOICE = """
SELECT t.id, t.invoice_id, 'an invoice exactly when a receivable is touched'
FROM ledger_transfer t
WHERE t.organization_id = %(organization)s
    AND (t.debit_id, t.credit_id, t.invoice_id IS NOT NULL) IN (
        SELECT f.debit_id, f.credit_id, f.of_invoice
        FROM flow f
        JOIN ledger_account d ON d.organization_id = %(organization)s AND d.id = f.debit_id
        JOIN ledger_account c ON c.organization_id = %(organization)s AND c.id = f.credit_id
        WHERE f.of_invoice <> ('receivable' IN (d.kind, c.kind)))
"""

# A customer's balances by currency, from the ledger, beside what its row or OtherBalance keeps.
BALANCES = """
CREATE TEMPORARY TABLE ledger_balance ON COMMIT DROP AS
WITH moved AS (
    SELECT debit_id AS account_id, amount FROM flow
    UNION ALL
    SELECT credit_id, -amount FROM flow
), derived AS (
    SELECT a.customer_id, a.currency,
        coalesce(sum(m.amount) FILTER (WHERE a.kind = 'receivable'), 0) AS open_amount,
        coalesce(-sum(m.amount) FILTER (WHERE a.kind = 'unapplied'), 0) AS unapplied_amount
    FROM moved m
    JOIN ledger_account a ON a.organization_id = %(organization)s AND a.id = m.account_id
    WHERE a.customer_id IS NOT NULL
    GROUP BY a.customer_id, a.currency
), stored AS (
    SELECT id AS customer_id, currency, open_amount, unapplied_amount FROM customers_customer
    WHERE organization_id = %(organization)s
    UNION ALL
    SELECT customer_id, currency, open_amount, unapplied_amount FROM customers_otherbalance
    WHERE organization_id = %(organization)s
)
SELECT coalesce(s.customer_id, d.customer_id) AS customer_id,
    coalesce(s.currency, d.currency) AS currency,
    s.open_amount AS stored_open, coalesce(d.open_amount, 0) AS derived_open,
    s.unapplied_amount AS stored_unapplied, coalesce(d.unapplied_amount, 0) AS derived_unapplied
FROM stored s
FULL JOIN derived d ON d.customer_id = s.customer_id AND d.currency = s.currency
"""

_CUSTOMERS = """
SELECT coalesce(c.number, b.customer_id::text) || ' ' || b.currency, b.stored_{which},
    b.derived_{which}
FROM ledger_balance b
LEFT JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = b.customer_id
WHERE coalesce(b.stored_{which}, 0) <> b.derived_{which}
"""

_OPEN_INVOICES = """
SELECT c.number, c.{column}, i.{derived}
FROM customers_customer c
LEFT JOIN (
    SELECT customer_id, count(*) AS count, min(due_on) AS oldest FROM invoicing_invoice
    WHERE organization_id = %(organization)s AND state = 'open'
    GROUP BY customer_id
) i ON i.customer_id = c.id
WHERE c.organization_id = %(organization)s AND c.{column} IS DISTINCT FROM {expected}
"""

# What is left of a payment or credit: all of it, less what was put to invoices and not undone,
# less what was given back, and nothing once reversed.
_PAYMENTS = """
SELECT p.id, p.unapplied_amount,
    CASE WHEN p.reversed_on IS NULL
        THEN p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0)
        ELSE coalesce(-a.amount, 0) END
FROM payments_payment p
LEFT JOIN (
    SELECT payment_id, sum(CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM payments_allocation
    WHERE organization_id = %(organization)s AND payment_id IS NOT NULL
    GROUP BY payment_id
) a ON a.payment_id = p.id
LEFT JOIN (
    SELECT payment_id, sum(amount) AS amount FROM payments_refund
    WHERE organization_id = %(organization)s AND state <> 'failed'
    GROUP BY payment_id
) r ON r.payment_id = p.id
WHERE p.organization_id = %(organization)s AND p.unapplied_amount <>
    CASE WHEN p.reversed_on IS NULL
        THEN p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0)
        ELSE coalesce(-a.amount, 0) END
"""

_CREDITS = """
SELECT c.number, c.unapplied_amount, c.amount - coalesce(a.amount, 0)
FROM payments_credit c
LEFT JOIN (
    SELECT credit_id, sum(CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM payments_allocation
    WHERE organization_id = %(organization)s AND credit_id IS NOT NULL
    GROUP BY credit_id
) a ON a.credit_id = c.id
WHERE c.organization_id = %(organization)s
    AND c.unapplied_amount <> c.amount - coalesce(a.amount, 0)
"""

# The unapplied money of a customer is what is left of its payments and credits.
_UNAPPLIED = """
WITH sources AS (
    SELECT customer_id, currency, unapplied_amount FROM payments_payment
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
    UNION ALL
    SELECT customer_id, currency, unapplied_amount FROM payments_credit
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
), derived AS (
    SELECT customer_id, currency, sum(unapplied_amount) AS amount FROM sources
    GROUP BY customer_id, currency
), stored AS (
    SELECT id AS customer_id, currency, unapplied_amount FROM customers_customer
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
    UNION ALL
    SELECT customer_id, currency, unapplied_amount FROM customers_otherbalance
    WHERE organization_id = %(organization)s AND unapplied_amount > 0
)
SELECT coalesce(s.customer_id, d.customer_id), s.unapplied_amount, d.amount
FROM stored s
FULL JOIN derived d ON d.customer_id = s.customer_id AND d.currency = s.currency
WHERE s.unapplied_amount IS DISTINCT FROM d.amount
"""

_DISPUTES = """
SELECT i.number, i.disputed_amount, least(coalesce(d.amount, 0), i.open_amount)
FROM invoicing_invoice i
LEFT JOIN invoicing_dispute d ON d.organization_id = %(organization)s
    AND d.invoice_id = i.id AND d.state = 'open'
WHERE i.organization_id = %(organization)s
    AND i.disputed_amount <> least(coalesce(d.amount, 0), i.open_amount)
"""

_CLAIMS = """
SELECT n.id, c.live, n.state
FROM payments_claim c
JOIN payments_intent n ON n.organization_id = %(organization)s AND n.id = c.intent_id
WHERE c.organization_id = %(organization)s
    AND c.live <> (n.state IN ('pending', 'unknown', 'authorized'))
"""

# By hash: the groups are few, or the tables small.
HASHED = {
    "transfer's invoice": _RECEIVABLES_NAME_THEIR_INVOICE,
    "customer balance": _CUSTOMERS.replace("{which}", "open"),
    "customer unapplied amount": _CUSTOMERS.replace("{which}", "unapplied"),
    "customer's number of open invoices": _OPEN_INVOICES.replace("{column}", "open_invoices")
    .replace("{derived}", "count")
    .replace("{expected}", "coalesce(i.count, 0)"),
    "customer's oldest due date": _OPEN_INVOICES.replace("{column}", "oldest_due_on")
    .replace("{derived}", "oldest")
    .replace("{expected}", "i.oldest"),
    "credit unapplied amount": _CREDITS,
    "customer's payments and credits left": _UNAPPLIED,
    "invoice disputed amount": _DISPUTES,
    "claim of a charge": _CLAIMS,
}

# In the order of an index on both sides: millions of groups need no memory so.
IN_ORDER = {
    "invoice open amount": _INVOICES,
    "payment unapplied amount": _PAYMENTS,
}
