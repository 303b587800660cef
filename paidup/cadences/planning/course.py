"""Which cadence is meant, as parts of statements.

A person's own at a customer is for that person. For everybody else an invoice's own wins over its
customer's, and the customer's over the default one. An invoice that was taken out of chasing is
chased by none of them.
"""

# A customer's, whose assignment, if there is one, is `a`.
OF_CUSTOMER = """
CASE
    WHEN a.id IS NOT NULL THEN a.cadence_id
    ELSE (
        SELECT id FROM cadences_cadence
        WHERE organization_id = %(organization)s AND "default")
END
"""

# An invoice's, likewise, whose own assignment, if there is one, is `b`.
OF_INVOICE = f"CASE WHEN b.id IS NOT NULL THEN b.cadence_id ELSE {OF_CUSTOMER} END"

# Somebody's about an invoice, whose own one at the customer, if there is one, is named.
_OF_PERSON = f"""
CASE
    WHEN OWN IS NULL OR (b.id IS NOT NULL AND b.cadence_id IS NULL) THEN {OF_INVOICE}
    ELSE OWN
END
"""
OF_PERSON = _OF_PERSON.replace("OWN", "o.cadence_id")

# The assignments of an invoice `i`.
ASSIGNED = """
LEFT JOIN cadences_assignment a ON a.organization_id = %(organization)s
    AND a.customer_id = i.customer_id
LEFT JOIN cadences_invoiceassignment b ON b.organization_id = %(organization)s
    AND b.invoice_id = i.id
"""

# The cadences that run beside one another at customers where somebody has an own one: those own
# ones, and none for whoever goes by the invoices'. That for whoever goes by
# the invoices' leads, where there is anybody; else one of the own ones does.
TRACKS = """
tracks AS MATERIALIZED (
    SELECT customer_id, cadence_id, row_number() OVER running = 1 AS leads,
        first_value(cadence_id) OVER running IS NOT NULL AS nobody_else
    FROM (
        SELECT DISTINCT l.customer_id, o.cadence_id
        FROM customers_contactlink l
        LEFT JOIN cadences_linkassignment o ON o.organization_id = %(organization)s
            AND o.link_id = l.id
        WHERE l.organization_id = %(organization)s AND l.gets_reminders
            AND l.customer_id IN (
                SELECT p.customer_id
                FROM cadences_linkassignment o
                JOIN customers_contactlink p ON p.organization_id = %(organization)s
                    AND p.id = o.link_id
                WHERE o.organization_id = %(organization)s
                    AND (%(customers)s IS NULL OR p.customer_id = ANY(%(customers)s)))
    ) own
    WINDOW running AS (PARTITION BY customer_id ORDER BY cadence_id NULLS FIRST)
)
"""

# The tracks of an invoice `i`: it is on one, or where somebody has an own cadence on several.
ON_TRACKS = f"{ASSIGNED} LEFT JOIN tracks t ON t.customer_id = i.customer_id"
OF_TRACK = _OF_PERSON.replace("OWN", "t.cadence_id")
LEADS = "coalesce(t.leads, true)"

# An own cadence that is the invoice's as well is one track with it.
ONCE = f"(t.cadence_id IS NULL OR t.nobody_else OR t.cadence_id IS DISTINCT FROM {OF_INVOICE})"
