"""Posting transfers, and keeping the customers' balances in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from paidup.customers import operations as customers
from paidup.customers.models import Customer, OtherBalance
from paidup.customers.states import CustomerState
from paidup.lib import money, tenancy
from paidup.lib.ids import new_id

from .models import Account, Transfer
from .states import OF_CUSTOMER, AccountKind


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A transfer about to be posted, in the words of accounting.

    `customer_id` owns what is receivable, `payer_id` what is unapplied: the same customer unless a
    payer pays for another one. None is a customer who was deleted.
    """

    debit: AccountKind
    credit: AccountKind
    amount: Decimal
    customer_id: UUID | None = None
    payer_id: UUID | None = None
    invoice_id: UUID | None = None

    def owner(self, kind: AccountKind) -> UUID | None:
        """Whose account of this kind is meant; None for the entity's own."""
        match kind:
            case AccountKind.RECEIVABLE:
                return self.customer_id
            case AccountKind.UNAPPLIED:
                return self.payer_id
            case _:
                return None

    def without_the_deleted(self) -> "Posting | None":
        """The same with bad debt in place of what a deleted customer would owe or have left; None
        where nothing else would move."""
        debit, credit = (
            AccountKind.BAD_DEBT if kind in OF_CUSTOMER and self.owner(kind) is None else kind
            for kind in (self.debit, self.credit)
        )
        touches = AccountKind.RECEIVABLE in (debit, credit)
        invoice_id = self.invoice_id if touches else None
        if debit == credit:
            return None
        return replace(self, debit=debit, credit=credit, invoice_id=invoice_id)


def post(
    postings: Iterable[Posting],
    *,
    entity_id: UUID,
    currency: str,
    cause_id: UUID,
    effective_on: date,
    at: datetime,
) -> list[Transfer]:
    """Posts transfers and moves the cached balances of the customers concerned.

    The caller holds the customers' rows locked. Raises BadAmount for an amount that is not above
    zero or too fine for the currency.
    """
    organization_id = tenancy.current()
    postings = [one for posting in postings if (one := posting.without_the_deleted())]
    accounts = _accounts(organization_id, entity_id, currency, postings)
    transfers = Transfer.objects.bulk_create(
        Transfer(
            id=new_id(),
            organization_id=organization_id,
            entity_id=entity_id,
            currency=currency,
            debit_id=accounts[posting.debit, posting.owner(posting.debit)],
            credit_id=accounts[posting.credit, posting.owner(posting.credit)],
            amount=money.positive(posting.amount, currency),
            invoice_id=posting.invoice_id,
            cause_id=cause_id,
            effective_on=effective_on,
            recorded_at=at,
        )
        for posting in postings
    )
    _move_balances(organization_id, currency, postings, at=at)
    return transfers


def merge(*, source: Customer, target: Customer) -> None:
    """Gives the source's accounts to the target. No transfer moves, so every past day stays true;
    what comes later goes to the target's own accounts."""
    accounts = Account.objects.of(source.organization_id).filter(customer=source)
    accounts.filter(merged_from=None).update(merged_from=source.id)
    accounts.update(customer=target)


def erase(*, customer: Customer) -> None:
    """Leaves the customer's accounts to nobody. No transfer moves, so totals and every past day
    stay true; nothing is open or left in them."""
    accounts = Account.objects.of(customer.organization_id).filter(customer=customer)
    accounts.filter(merged_from=None).update(merged_from=customer.id)
    accounts.update(customer=None)


_Key = tuple[AccountKind, UUID | None]


def _accounts(
    organization_id: UUID, entity_id: UUID, currency: str, postings: list[Posting]
) -> dict[_Key, UUID]:
    wanted = {(kind, p.owner(kind)) for p in postings for kind in (p.debit, p.credit)}
    kinds = [kind for kind, _ in wanted]
    owners = [customer_id for _, customer_id in wanted]
    with connection.cursor() as cursor:
        # Two who open the same account at once get the same row: the second waits and finds it.
        cursor.execute(
            """
            WITH wanted AS (
                SELECT DISTINCT id, kind, customer_id
                FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(customers)s::uuid[])
                    AS w (id, kind, customer_id)
            ), opened AS (
                INSERT INTO ledger_account
                    (id, organization_id, entity_id, currency, kind, customer_id)
                SELECT w.id, %(organization)s, %(entity)s, %(currency)s, w.kind, w.customer_id
                FROM wanted w
                WHERE NOT EXISTS (
                    SELECT FROM ledger_account a
                    WHERE a.organization_id = %(organization)s AND a.entity_id = %(entity)s
                        AND a.currency = %(currency)s AND a.kind = w.kind
                        AND a.customer_id IS NOT DISTINCT FROM w.customer_id
                        AND a.merged_from IS NULL)
                ON CONFLICT DO NOTHING
            )
            SELECT 1
            """,
            {
                "ids": [new_id() for _ in wanted],
                "kinds": [str(kind) for kind in kinds],
                "customers": owners,
                "organization": organization_id,
                "entity": entity_id,
                "currency": currency,
            },
        )
    rows = Account.objects.of(organization_id).filter(
        entity_id=entity_id, currency=currency, kind__in=kinds, merged_from=None
    )
    own = rows.filter(customer_id__in=[c for c in owners if c]) | rows.filter(customer=None)
    return {
        (AccountKind(kind), customer_id): account_id
        for account_id, kind, customer_id in own.values_list("id", "kind", "customer_id")
    }


def _move_balances(
    organization_id: UUID, currency: str, postings: list[Posting], *, at: datetime
) -> None:
    moves: dict[UUID, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for posting in postings:
        for kind, sign in ((posting.debit, 1), (posting.credit, -1)):
            owner = posting.owner(kind)
            if owner and kind is AccountKind.RECEIVABLE:
                moves[owner][0] += sign * posting.amount
            elif owner:
                moves[owner][1] -= sign * posting.amount
    for customer_id, (opened, unapplied) in sorted(moves.items()):
        if not opened and not unapplied:
            continue
        own = Customer.objects.of(organization_id).filter(id=customer_id, currency=currency)
        if not _add(own.exclude(state=CustomerState.ARCHIVED), opened, unapplied):
            customers.leave_archive(customer_id=customer_id, at=at)
            if _add(own, opened, unapplied):
                continue
            other = OtherBalance.objects.of(organization_id)
            other.bulk_create(
                [
                    OtherBalance(
                        organization_id=organization_id, customer_id=customer_id, currency=currency
                    )
                ],
                ignore_conflicts=True,
            )
            _add(other.filter(customer_id=customer_id, currency=currency), opened, unapplied)


def _add(
    rows: QuerySet[Customer] | QuerySet[OtherBalance], opened: Decimal, unapplied: Decimal
) -> int:
    return rows.update(
        open_amount=F("open_amount") + opened, unapplied_amount=F("unapplied_amount") + unapplied
    )
