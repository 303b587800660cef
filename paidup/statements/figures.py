"""What a statement says, derived from the ledger alone, so that it ties to the books on any day."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.customers.models import Customer
from paidup.invoicing.models import Dispute, Invoice
from paidup.lib import tenancy
from paidup.payments.models import Claim

from .causes import Cause, causes_of
from .states import StatementKind


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line. Of open items `amount` is what it was over and `balance` what is left of it; of a
    balance forward `amount` is what moved and `balance` what was owed then."""

    label: str
    on: date
    amount: Decimal
    balance: Decimal
    due_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A statement's figures in one currency. Money in the customer's favour is below zero.

    `buckets` are the receivable by days past due: none, 1–30, 31–60, 61–90, more. They and
    `unapplied` add up to `closing`. `disputed` and `processing` are parts of what is open.
    """

    kind: StatementKind
    currency: str
    from_on: date | None
    to_on: date
    opening: Decimal
    items: list[Item] = field(default_factory=list)
    buckets: list[Decimal] = field(default_factory=list)
    unapplied: Decimal = Decimal(0)
    disputed: Decimal = Decimal(0)
    processing: Decimal = Decimal(0)
    closing: Decimal = Decimal(0)

    def to_json(self) -> dict[str, Any]:
        """The figures as they are kept: amounts and days as texts."""
        kept: dict[str, Any] = _plain(asdict(self))
        return kept


@dataclass(frozen=True)
class _Move:
    """What one cause moved on one day, on what is owed or on what is kept, of one invoice."""

    on: date
    cause_id: UUID
    invoice_id: UUID | None
    owed: bool  # on a receivable, not on unapplied money
    amount: Decimal


def figures(
    customer: Customer,
    *,
    kind: StatementKind,
    currency: str,
    from_on: date | None,
    to_on: date,
    on: date,
) -> Figures:
    """The figures at the end of the day `to_on`, of a balance forward since the morning of
    `from_on`. `on` is today: what is being processed is known of today only.
    Its words are in the customer's language."""
    with override(customer.language):
        return _figures(customer, kind=kind, currency=currency, from_on=from_on, to_on=to_on, on=on)


def _figures(
    customer: Customer,
    *,
    kind: StatementKind,
    currency: str,
    from_on: date | None,
    to_on: date,
    on: date,
) -> Figures:
    moves = _moves(customer, currency, to_on)
    causes = causes_of({move.cause_id for move in moves})
    open_by_invoice: dict[UUID, Decimal] = defaultdict(Decimal)
    for move in moves:
        if move.owed and move.invoice_id:
            open_by_invoice[move.invoice_id] += move.amount
    invoices = Invoice.objects.of(customer.organization_id).in_bulk(
        [invoice_id for invoice_id, amount in open_by_invoice.items() if amount]
    )
    disputes = _disputes(list(invoices), to_on)
    begins = from_on if kind is StatementKind.BALANCE_FORWARD else None
    opening = sum((m.amount for m in moves if begins and m.on < begins), Decimal(0))
    return Figures(
        kind=kind,
        currency=currency,
        from_on=begins,
        to_on=to_on,
        opening=opening,
        items=_activity(moves, causes, begins, opening)
        if begins
        else _open_items(moves, causes, invoices, open_by_invoice, disputes),
        buckets=_aged(invoices, open_by_invoice, to_on),
        unapplied=sum((move.amount for move in moves if not move.owed), Decimal(0)),
        disputed=sum(
            (min(amount, open_by_invoice[key]) for key, amount in disputes.items()), Decimal(0)
        ),
        processing=_processing(customer, currency) if to_on >= on else Decimal(0),
        closing=sum((move.amount for move in moves), Decimal(0)),
    )


def _moves(customer: Customer, currency: str, to_on: date) -> list[_Move]:
    """All that moved on the customer's accounts up to the end of the day, in that order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH account AS MATERIALIZED (
                SELECT id, kind FROM ledger_account
                WHERE organization_id = %(organization)s AND customer_id = %(customer)s
                    AND entity_id = %(entity)s AND currency = %(currency)s
            )
            SELECT t.effective_on, t.cause_id, t.invoice_id, a.kind = 'receivable' AS owed,
                sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE -t.amount END) AS amount
            FROM ledger_transfer t
            JOIN account a ON a.id IN (t.debit_id, t.credit_id)
            WHERE t.organization_id = %(organization)s AND t.effective_on <= %(to)s
                AND (t.debit_id IN (SELECT id FROM account)
                    OR t.credit_id IN (SELECT id FROM account))
            GROUP BY 1, 2, 3, 4
            ORDER BY 1, 5 DESC, 2
            """,
            {
                "organization": tenancy.current(),
                "customer": customer.id,
                "entity": customer.entity_id,
                "currency": currency,
                "to": to_on,
            },
        )
        return [_Move(*row) for row in cursor.fetchall()]


def _activity(
    moves: list[_Move], causes: dict[UUID, Cause], begins: date, opening: Decimal
) -> list[Item]:
    """What changed the balance, day by day. Money put to the customer's own invoices doesn't."""
    changed: dict[tuple[date, UUID], Decimal] = defaultdict(Decimal)
    for move in moves:
        if move.on >= begins:
            changed[move.on, move.cause_id] += move.amount
    balance, items = opening, []
    for (day, cause_id), amount in changed.items():
        if not amount:
            continue
        balance += amount
        cause = causes[cause_id]
        items.append(
            Item(
                label=cause.words(amount),
                on=day,
                due_on=cause.due_on,
                amount=amount,
                balance=balance,
            )
        )
    return items


def _open_items(
    moves: list[_Move],
    causes: dict[UUID, Cause],
    invoices: dict[UUID, Invoice],
    open_by_invoice: dict[UUID, Decimal],
    disputes: dict[UUID, Decimal],
) -> list[Item]:
    """Every invoice with what is open of it, the oldest due first, then money not applied."""
    items = [
        Item(
            label=invoice.number,
            on=invoice.issued_on,
            due_on=invoice.due_on,
            amount=invoice.total,
            balance=open_by_invoice[invoice.id],
            remark=_remark(invoice, is_disputed=invoice.id in disputes),
        )
        for invoice in sorted(invoices.values(), key=lambda one: (one.due_on, one.number, one.id))
    ]
    kept: dict[UUID, Decimal] = defaultdict(Decimal)
    for move in moves:
        if not move.owed:
            kept[causes[move.cause_id].source_id] += move.amount
    sources = causes_of({source_id for source_id, amount in kept.items() if amount})
    unapplied = [
        Item(
            label=source.words(-source.amount),
            on=source.on,
            amount=-source.amount,
            balance=kept[source_id],
            remark=_("Not applied yet"),
        )
        for source_id, source in sources.items()
    ]
    return [*items, *sorted(unapplied, key=lambda one: (one.on, one.label))]


def _remark(invoice: Invoice, *, is_disputed: bool) -> str:
    known = [(invoice.is_late_fee, _("Late fee")), (is_disputed, _("Disputed"))]
    return " · ".join(words for holds, words in known if holds)


def _aged(
    invoices: dict[UUID, Invoice], open_by_invoice: dict[UUID, Decimal], to_on: date
) -> list[Decimal]:
    buckets = [Decimal(0)] * 5
    for invoice in invoices.values():
        late = (to_on - invoice.due_on).days
        buckets[min(max(0, (late + 29) // 30), 4)] += open_by_invoice[invoice.id]
    return buckets


def _disputes(invoice_ids: list[UUID], to_on: date) -> dict[UUID, Decimal]:
    """By invoice, what was disputed at the end of the day."""
    rows = Dispute.objects.of(tenancy.current()).filter(
        Q(closed_on=None) | Q(closed_on__gt=to_on), invoice__in=invoice_ids, opened_on__lte=to_on
    )
    return dict(rows.values_list("invoice_id", "amount"))


def _processing(customer: Customer, currency: str) -> Decimal:
    """What charges under way will pay of the customer's invoices."""
    claims = Claim.objects.of(customer.organization_id).filter(
        live=True, invoice__customer=customer, invoice__currency=currency
    )
    amount: Decimal | None = claims.aggregate(sum=Sum("amount"))["sum"]
    return amount or Decimal(0)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case Decimal() | StatementKind():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return value
