"""What a customer is found by, folded so that case, accents and width don't matter."""

import unicodedata
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from paidup.lib import tenancy


def fold(text: str) -> str:
    """Lower-case, without accents, single spaces: `Müller  GmbH` becomes `muller gmbh`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.split())


def refresh(customer_ids: Iterable[UUID]) -> None:
    """Writes the search rows of these customers anew, after a name, number or contact changed."""
    organization_id = tenancy.current()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id, c.name, c.number, c.phone,
                array_remove(array_agg(p.name || ' ' || p.email || ' ' || p.phone), NULL)
            FROM customers_customer c
            LEFT JOIN customers_contactlink l
                ON l.organization_id = c.organization_id AND l.customer_id = c.id
            LEFT JOIN customers_contact p
                ON p.organization_id = c.organization_id AND p.id = l.contact_id
            WHERE c.organization_id = %s AND c.id = ANY(%s)
            GROUP BY c.id
            """,
            [organization_id, list(customer_ids)],
        )
        rows = [
            (
                customer_id,
                organization_id,
                fold(name),
                fold(number),
                fold(" ".join([name, number, phone, *people])),
            )
            for customer_id, name, number, phone, people in cursor.fetchall()
        ]
        cursor.executemany(
            """
            INSERT INTO customers_searchrow (customer_id, organization_id, name, number, words)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (customer_id) DO UPDATE
                SET name = excluded.name, number = excluded.number, words = excluded.words
            """,
            rows,
        )
