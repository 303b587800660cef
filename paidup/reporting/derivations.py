"""What each cached figure has to be, as SQL. Every statement yields (what, which, stored, derived)
of the figures that differ, so that the books agree when none yields any."""

# One pass over all transfers: what moved from each account to each other one. So few rows tell the
# customers' balances by currency, which stand beside what Customer or OtherBalance keeps; and
# whether a transfer names an invoice exactly when it touches a receivable.
_ACCOUNTS = """
WITH flow AS MATERIALIZED (
    SELECT debit_id, credit_id, invoice_id IS NOT NULL AS of_invoice, sum(amount) AS amount
    FROM ledger_transfer
    WHERE organization_id = %(organization)s
    GROUP BY debit_id, credit_id, invoice_id IS NOT NULL
), wrong AS (
    SELECT f.debit_id, f.credit_id, f.of_invoice
    FROM flow f
    JOIN ledger_account d ON d.organization_id = %(organization)s AND d.id = f.debit_id
    JOIN ledger_account c ON c.organization_id = %(organization)s AND c.id = f.credit_id
    WHERE f.of_invoice <> ('receivable' IN (d.kind, c.kind))
), moved AS (
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
), figure AS (
    SELECT coalesce(s.customer_id, d.customer_id) AS customer_id,
        coalesce(s.currency, d.currency) AS currency, f.*
    FROM stored s
    FULL JOIN derived d ON d.customer_id = s.customer_id AND d.currency = s.currency
    CROSS JOIN LATERAL (VALUES
        ('customer balance', s.open_amount, d.open_amount),
        ('customer unapplied amount', s.unapplied_amount, d.unapplied_amount)
    ) f (what, stored, derived)
    WHERE coalesce(f.stored, 0) <> coalesce(f.derived, 0)
)
SELECT f.what, coalesce(c.number, f.customer_id::text) || ' ' || f.currency,
    f.stored::text, f.derived::text
FROM figure f
LEFT JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = f.customer_id
UNION ALL
-- Nothing is owed by, or kept for, customers who were deleted.
SELECT 'balance of deleted customers', a.kind || ' ' || a.currency, '0', sum(m.amount)::text
FROM moved m
JOIN ledger_account a ON a.organization_id = %(organization)s AND a.id = m.account_id
WHERE a.customer_id IS NULL AND a.kind IN ('receivable', 'unapplied')
GROUP BY a.kind, a.currency
HAVING sum(m.amount) <> 0
UNION ALL
SELECT 'transfer''s invoice', t.id::text, t.invoice_id::text,
    'an invoice exactly when a receivable is touched'
FROM ledger_transfer t
WHERE t.organization_id = %(organization)s
    AND (t.debit_id, t.credit_id, t.invoice_id IS NOT NULL) IN (SELECT * FROM wrong)
"""

# What is open of each invoice: what the ledger's transfers debited less what they credited.
_INVOICES = """
SELECT 'invoice open amount', coalesce(i.number, l.invoice_id::text), i.open_amount, l.amount
FROM (
    SELECT id, number, open_amount FROM invoicing_invoice
    WHERE organization_id = %(organization)s
) i
FULL JOIN (
    SELECT invoice_id, sum(
        CASE WHEN debit_id IN (
            SELECT id FROM ledger_account
            WHERE organization_id = %(organization)s AND kind = 'receivable'
        ) THEN amount ELSE -amount END) AS amount
    FROM ledger_transfer
    WHERE organization_id = %(organization)s AND invoice_id IS NOT NULL
    GROUP BY invoice_id
) l ON l.invoice_id = i.id
WHERE i.open_amount IS DISTINCT FROM coalesce(l.amount, 0)
"""

_OPEN_INVOICES = """
SELECT f.what, c.number, f.stored, f.derived
FROM customers_customer c
LEFT JOIN (
    SELECT customer_id, count(*) AS count, min(due_on) AS oldest FROM invoicing_invoice
    WHERE organization_id = %(organization)s AND state = 'open'
    GROUP BY customer_id
) i ON i.customer_id = c.id
CROSS JOIN LATERAL (VALUES
    ('customer''s number of open invoices', c.open_invoices::text, coalesce(i.count, 0)::text),
    ('customer''s oldest due date', c.oldest_due_on::text, i.oldest::text)
) f (what, stored, derived)
WHERE c.organization_id = %(organization)s AND f.stored IS DISTINCT FROM f.derived
"""

# What was overdue on some day is what is open of the invoices due before it: none, the oldest, the
# two oldest, and so on. Which day, the books don't know.
_OVERDUE = """
SELECT 'customer''s overdue amount', c.number, (c.overdue_units / 10000.0)::text,
    'what is due up to a day'
FROM customers_customer c
LEFT JOIN (
    SELECT customer_id, currency,
        10000 * sum(sum(open_amount)) OVER (
            PARTITION BY customer_id, currency ORDER BY due_on
        ) AS units
    FROM invoicing_invoice
    WHERE organization_id = %(organization)s AND state = 'open'
    GROUP BY customer_id, currency, due_on
) i ON i.customer_id = c.id AND i.currency = c.currency AND i.units = c.overdue_units
WHERE c.organization_id = %(organization)s AND c.overdue_units <> 0 AND i.units IS NULL
"""

# Of an invoice's open dispute as much as is open.
_DISPUTES = """
SELECT 'invoice disputed amount', i.number, i.disputed_amount,
    least(coalesce(d.amount, 0), i.open_amount)
FROM invoicing_invoice i
LEFT JOIN invoicing_dispute d ON d.organization_id = %(organization)s
    AND d.invoice_id = i.id AND d.state = 'open'
WHERE i.organization_id = %(organization)s
    AND i.disputed_amount <> least(coalesce(d.amount, 0), i.open_amount)
"""

# What is left of a payment or credit: all of it, less what was put to invoices and not undone,
# less what was given back, and nothing once reversed.
_PAYMENTS = """
SELECT 'payment unapplied amount', p.id, p.unapplied_amount, f.derived
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
CROSS JOIN LATERAL (
    SELECT CASE WHEN p.reversed_on IS NULL THEN p.amount - coalesce(r.amount, 0) ELSE 0 END
        - coalesce(a.amount, 0) AS derived
) f
WHERE p.organization_id = %(organization)s AND p.unapplied_amount <> f.derived
"""

_CREDITS = """
SELECT 'credit unapplied amount', c.number, c.unapplied_amount, c.amount - coalesce(a.amount, 0)
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
SELECT 'customer''s payments and credits left', c.number, s.unapplied_amount, d.amount
FROM stored s
FULL JOIN derived d ON d.customer_id = s.customer_id AND d.currency = s.currency
JOIN customers_customer c ON c.organization_id = %(organization)s
    AND c.id = coalesce(s.customer_id, d.customer_id)
WHERE s.unapplied_amount IS DISTINCT FROM d.amount
"""

_CLAIMS = """
SELECT 'claim of a charge', n.id, c.live, n.state
FROM payments_claim c
JOIN payments_intent n ON n.organization_id = %(organization)s AND n.id = c.intent_id
WHERE c.organization_id = %(organization)s
    AND c.live <> (n.state IN ('pending', 'unknown', 'authorized'))
"""

# By hash: the groups are few, or the tables small.
BY_HASH = (_ACCOUNTS, _OPEN_INVOICES, _OVERDUE, _DISPUTES, _CREDITS, _UNAPPLIED, _CLAIMS)

# In the order of an index on both sides: millions of groups need no memory so.
IN_ORDER = (_INVOICES, _PAYMENTS)
