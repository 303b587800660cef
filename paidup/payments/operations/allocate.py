"""Putting money to invoices and taking it off again. Rows are added, never edited."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import formatting, money, tenancy
from paidup.payments import queries
from paidup.payments.models import Allocation, Credit, Payment

Source = Payment | Credit


class AllocationRefused(Exception):
    """The money can't be put there; the message says why and what is possible."""


@transaction.atomic
def allocate(
    *,
    source: Source,
    on: date,
    by: Actor,
    at: datetime,
    to: Sequence[tuple[UUID, Decimal]] | None = None,
) -> list[Allocation]:
    """Puts unapplied money of a payment or credit to invoices; oldest first unless told where.

    Raises AllocationRefused when an invoice is not open, belongs to somebody else, or less is left
    of the source or open on the invoice than asked for.
    """
    lock_customers([source.customer_id], [invoice_id for invoice_id, _ in to or ()])
    source.refresh_from_db()
    if to is None:
        to = oldest_first(source)
    invoices = _allocatable(source, [invoice_id for invoice_id, _ in to])
    _refuse_too_much(source, to, invoices)
    return [
        put(source, invoices[invoice_id], amount, on=on, by=by, at=at) for invoice_id, amount in to
    ]


@transaction.atomic
def undo_allocation(*, allocation: Allocation, on: date, by: Actor, at: datetime) -> None:
    """Takes the money off the invoice again; it is unapplied then, and the invoice open.

    Raises AllocationRefused when that was done already, and for money or an invoice of a customer
    who was deleted.
    """
    if _source(allocation).customer_id is None or allocation.invoice.customer_id is None:
        raise AllocationRefused(of_nobody())
    take_off(allocation=allocation, on=on, by=by, at=at)


@transaction.atomic
def take_off(*, allocation: Allocation, on: date, by: Actor, at: datetime) -> None:
    """The same also for customers who were deleted, for whom there is bad debt instead: where the
    bank, or who refunds, has settled already that the money goes."""
    source = _source(allocation)
    lock_customers([source.customer_id], [allocation.invoice_id])
    standing = Allocation.objects.of(allocation.organization_id).standing()
    if not standing.filter(id=allocation.id).exists():
        raise AllocationRefused(_("This allocation was undone already."))
    invoice = Invoice.objects.of(allocation.organization_id).get(id=allocation.invoice_id)
    undoing = Allocation.objects.create(
        organization_id=allocation.organization_id,
        payment_id=allocation.payment_id,
        credit_id=allocation.credit_id,
        invoice=invoice,
        amount=allocation.amount,
        undoes=allocation,
        effective_on=on,
        recorded_at=at,
    )
    invoicing.post(
        [
            Posting(
                debit=AccountKind.RECEIVABLE,
                credit=AccountKind.UNAPPLIED,
                amount=allocation.amount,
                invoice_id=invoice.id,
                customer_id=invoice.customer_id,
                payer_id=source.customer_id,
            )
        ],
        entity_id=invoice.entity_id,
        currency=invoice.currency,
        cause_id=undoing.id,
        effective_on=on,
        at=at,
    )
    _move_unapplied(source, allocation.amount)
    history.record(
        "allocation.undone",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "amount": str(allocation.amount),
            "currency": invoice.currency,
        },
    )


def of_nobody() -> str:
    """What to say of money of a deleted customer."""
    return _("A customer of this was deleted; nothing about it can be changed any more.")


def lock_customers(payer_ids: Iterable[UUID | None], invoice_ids: Iterable[UUID]) -> None:
    """Locks the payers and the customers of these invoices, in id order; of those deleted, none.

    Raises AllocationRefused for one that was merged into another, or deleted, meanwhile.
    """
    organization_id = tenancy.current()
    billed = (
        Invoice.objects.of(organization_id)
        .filter(id__in=list(invoice_ids))
        .values_list("customer_id", flat=True)
    )
    ids = {customer_id for customer_id in (*payer_ids, *billed) if customer_id}
    locked = Customer.objects.of(organization_id).filter(id__in=ids).locked().values_list("id")
    if len(locked) < len(ids):
        raise AllocationRefused(
            _("The customer was merged into another, or deleted, just now; look at the list again.")
        )


def oldest_first(
    source: Source, *, among: Iterable[UUID] | None = None
) -> list[tuple[UUID, Decimal]]:
    """Where this source's unapplied money goes by itself: due date, issue date, number; then late
    fees, and what is disputed last. To its customer's own invoices, unless told among which."""
    left = source.unapplied_amount
    result = []
    open_invoices = Invoice.objects.of(source.organization_id).open()
    open_invoices = (
        open_invoices.filter(customer=source.customer_id)
        if among is None
        else open_invoices.filter(id__in=among)
    )
    ordered = open_invoices.filter(currency=source.currency).oldest_first()
    for invoice in sorted(ordered, key=lambda invoice: invoice.disputed_amount > 0):
        if left <= 0:
            break
        amount = min(left, invoice.open_amount)
        result.append((invoice.id, amount))
        left -= amount
    return result


def _source(allocation: Allocation) -> Source:
    source: Source | None = allocation.payment or allocation.credit
    assert source  # noqa: S101  the database keeps one of the two
    return source


def _allocatable(source: Source, invoice_ids: list[UUID]) -> dict[UUID, Invoice]:
    payable = queries.payable_customers(source.customer_id)
    invoices = {
        invoice.id: invoice
        for invoice in Invoice.objects.of(source.organization_id).filter(
            id__in=invoice_ids,
            customer_id__in=payable,
            entity_id=source.entity_id,
            currency=source.currency,
        )
    }
    if len(invoices) < len(set(invoice_ids)):
        raise AllocationRefused(
            _(
                "Money can only be put to invoices of the customer who paid, or of its "
                "sub-accounts, in %s."
            )
            % source.currency
        )
    return invoices


def _refuse_too_much(
    source: Source, to: Sequence[tuple[UUID, Decimal]], invoices: dict[UUID, Invoice]
) -> None:
    wanted: dict[UUID, Decimal] = {}
    for invoice_id, amount in to:
        money.positive(amount, source.currency)
        wanted[invoice_id] = wanted.get(invoice_id, Decimal(0)) + amount
    for invoice_id, amount in wanted.items():
        invoice = invoices[invoice_id]
        if invoice.state != InvoiceState.OPEN or amount > invoice.open_amount:
            raise AllocationRefused(
                _("Of invoice %(number)s only %(amount)s is open.")
                % {
                    "number": invoice.number,
                    "amount": formatting.money(invoice.open_amount, invoice.currency),
                }
            )
    if sum(wanted.values(), Decimal(0)) > source.unapplied_amount:
        raise AllocationRefused(
            _("Only %s is left to put to invoices.")
            % formatting.money(source.unapplied_amount, source.currency)
        )


def put(
    source: Source, invoice: Invoice, amount: Decimal, *, on: date, by: Actor, at: datetime
) -> Allocation:
    """Puts money to an invoice that can take it, under the lock of the customers concerned."""
    allocation = Allocation.objects.create(
        organization_id=source.organization_id,
        payment=source if isinstance(source, Payment) else None,
        credit=source if isinstance(source, Credit) else None,
        invoice=invoice,
        amount=amount,
        effective_on=on,
        recorded_at=at,
    )
    invoicing.post(
        [
            Posting(
                debit=AccountKind.UNAPPLIED,
                credit=AccountKind.RECEIVABLE,
                amount=amount,
                invoice_id=invoice.id,
                customer_id=invoice.customer_id,
                payer_id=source.customer_id,
            )
        ],
        entity_id=invoice.entity_id,
        currency=invoice.currency,
        cause_id=allocation.id,
        effective_on=on,
        at=at,
    )
    _move_unapplied(source, -amount)
    history.record(
        "allocation.made",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "amount": str(amount),
            "currency": invoice.currency,
            "paid": amount == invoice.open_amount,
        },
    )
    return allocation


def _move_unapplied(source: Source, amount: Decimal) -> None:
    """The database refuses less than nothing and more than the source was."""
    rows = type(source).objects.of(source.organization_id).filter(id=source.id)
    rows.update(unapplied_amount=F("unapplied_amount") + amount)
    source.refresh_from_db(fields=["unapplied_amount"])
