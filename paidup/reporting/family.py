"""A customer's sub-accounts, and what all of them owe together with it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from paidup.customers.visibility import condition
from paidup.lib import tenancy

from .aging import Aging

MOST_SHOWN = 10


@dataclass(frozen=True)
class SubAccount:
    """A customer right below another one, with what it owes in its own currency."""

    id: UUID
    name: str
    currency: str
    open_amount: Decimal


@dataclass(frozen=True)
class Family:
    """The sub-accounts right below by name, the first of them, and how many more there are.

    `rolled_up` is what is open by currency: the customer's own and that of all below it.
    """

    shown: Sequence[SubAccount]
    more: int
    rolled_up: Sequence[tuple[str, Decimal]]


def family(customer_id: UUID, own: Sequence[Aging]) -> Family | None:
    """The customer's family, as far as whoever looks sees it; None where nobody is below it.

    Who is below a customer that isn't seen isn't counted either: nothing tells of that one.
    """
    seen = condition("c.id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE below AS (
                SELECT c.id, c.name, c.currency, c.open_amount, true AS child
                FROM customers_customer c
                WHERE c.organization_id = %(organization)s AND c.parent_id = %(customer)s {seen}
                UNION
                SELECT c.id, c.name, c.currency, c.open_amount, false
                FROM customers_customer c
                JOIN below ON below.id = c.parent_id
                WHERE c.organization_id = %(organization)s {seen}
            )
            SELECT child, id, name, currency, open_amount FROM below
            UNION ALL
            SELECT false, b.id, b.name, o.currency, o.open_amount
            FROM customers_otherbalance o
            JOIN below b ON b.id = o.customer_id
            WHERE o.organization_id = %(organization)s
            ORDER BY name, id
            """,  # noqa: S608  our own text
            {
                "organization": tenancy.current(),
                "limited_to": tenancy.limited_to(),
                "customer": customer_id,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    children = [SubAccount(*row) for child, *row in rows if child]
    sums = defaultdict(Decimal, {one.currency: one.receivable for one in own})
    for _child, _id, _name, currency, open_amount in rows:
        sums[currency] += open_amount
    return Family(
        shown=children[:MOST_SHOWN],
        more=max(0, len(children) - MOST_SHOWN),
        rolled_up=[(currency, amount) for currency, amount in sums.items() if amount]
        or [(own[0].currency, Decimal(0))],
    )
