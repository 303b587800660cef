"""Taking back the fee for an invoice that turns out to have been paid in time: money that came
before the fee, and was booked after it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.late_fees.models import Fee
from paidup.late_fees.reckoning import reckon
from paidup.late_fees.states import Kind
from paidup.lib import tenancy
from paidup.payments import operations as payments
from paidup.payments.models import Allocation
from paidup.payments.operations.allocate import Source, lock_customers
from paidup.payments.states import CreditReason
from paidup.todos import operations as todos

# A to-do's kind; its subject is the fee's document.
NOT_TAKEN_BACK = "late_fee_not_taken_back"

# Credits by which a fee is forgiven: it was taken back or waived, or what had paid it was refunded
# and credited instead.
_FORGIVEN = (CreditReason.LATE_FEE, CreditReason.REFUND)


def paid_in_time(*, payment_id: UUID | None = None) -> list[UUID]:
    """Fees of which something is to be taken back: the invoice was paid, in full or in part, before
    the day they were charged, by money that was recorded after they were. All of them, or those
    this payment would change."""
    in_time = _in_time(OuterRef("invoice_id"), OuterRef("charged_on"), OuterRef("id"))
    fees = Fee.objects.of(tenancy.current()).filter(
        Exists(in_time.filter(payment_id=payment_id) if payment_id else in_time),
        document__customer__isnull=False,
    )
    forgiven = _sum(_put_to(OuterRef("document_id")).filter(credit__reason__in=_FORGIVEN))
    rows = fees.annotate(received=_sum(in_time), forgiven=forgiven).select_related("document")
    return [
        fee.id
        for fee in rows.filter(forgiven__lt=F("amount"))
        if fee.amount - _as_it_should_be(fee, fee.received) - _forgiven(fee) > 0
    ]


@transaction.atomic
def take_back_fee(*, fee_id: UUID, on: date, by: Actor, at: datetime) -> Decimal:
    """Credits what of a fee would not have been charged, had what was received in time been booked
    by then. Gives that amount, zero where nothing is to be done.

    What had paid the fee already is put to other invoices, or left.
    """
    fee = Fee.objects.of(tenancy.current()).select_related("document").get(id=fee_id)
    paying = _paying(fee)
    lock_customers([source.customer_id for source, _ in paying], [fee.invoice_id, fee.document_id])
    fee = Fee.objects.of(tenancy.current()).select_related("document__customer").get(id=fee_id)
    document = fee.document
    amount = fee.amount - _as_it_should_be(fee, _received(fee)) - _forgiven(fee)
    if amount <= 0 or document.customer is None:
        return Decimal(0)
    freed = _free(fee, amount, on=on, by=by, at=at)
    document.refresh_from_db(fields=["open_amount"])
    amount = min(amount, Decimal(document.open_amount))
    if not amount:
        return amount
    with override(document.customer.language):
        description = _("Late fee %s taken back: paid in time") % document.number
    payments.grant_credit(
        customer=document.customer,
        amount=amount,
        currency=document.currency,
        reason=CreditReason.LATE_FEE,
        description=description,
        to=[(document.id, amount)],
        on=on,
        by=by,
        at=at,
    )
    for source in freed:
        payments.allocate(source=source, on=on, by=by, at=at)
    todos.finish_todos_about(kind=NOT_TAKEN_BACK, subject_ids=[document.id], by=by, at=at)
    history.record(
        "late_fee.taken_back",
        by=by,
        at=at,
        customer_id=document.customer_id,
        subject_id=document.id,
        data={"number": document.number, "amount": str(amount), "currency": document.currency},
    )
    return amount


def _in_time(invoice_id: Any, charged_on: Any, fee_id: Any) -> "QuerySet[Allocation]":
    """What was put to an invoice of money that came before the fee's day and was booked after the
    fee, as ids tell, which follow each other in time also where the clock stands still. That day
    may be long after the period's: when a promise ended, a hold, or the rule was switched on."""
    return (
        Allocation.objects.of(tenancy.current())
        .standing()
        .filter(
            invoice=invoice_id,
            payment__received_on__lt=charged_on,
            payment__gt=fee_id,
        )
    )


def _received(fee: Fee) -> Decimal:
    rows = _in_time(fee.invoice_id, fee.charged_on, fee.id)
    received: Decimal = rows.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    return received


def _as_it_should_be(fee: Fee, received: Decimal) -> Decimal:
    """The fee by the same terms, for what would have been late."""
    return reckon(
        Kind(fee.kind),
        base=fee.base - received,
        currency=fee.document.currency,
        flat=fee.amount,
        rate=fee.rate,
        days=fee.days,
        most=fee.amount,
    )


def _forgiven(fee: Fee) -> Decimal:
    """What was credited for the fee, also where somebody put a credit elsewhere since: its customer
    has it, and is not given it again."""
    credited = (
        Allocation.objects.of(tenancy.current())
        .filter(invoice=fee.document_id, undoes=None, credit__reason__in=_FORGIVEN)
        .values("credit")
        .annotate(given=Least("credit__amount", Sum("amount")))
    )
    return sum((row["given"] for row in credited), Decimal(0))


def _sum(rows: "QuerySet[Allocation]") -> Coalesce:
    """The sum of what was put to one invoice, within a query."""
    sums = rows.values("invoice").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), Decimal(0))


def _put_to(document_id: Any) -> "QuerySet[Allocation]":
    return Allocation.objects.of(tenancy.current()).standing().filter(invoice=document_id)


def _paying(fee: Fee) -> list[tuple[Source, Allocation]]:
    """What has paid the fee, the latest first, but for money of somebody who was deleted since;
    what forgave it is none of it."""
    rows = _put_to(fee.document_id).exclude(credit__reason__in=_FORGIVEN)
    rows = rows.select_related("payment", "credit").order_by("-recorded_at", "-id")
    sources = ((row.payment or row.credit, row) for row in rows)
    return [(source, row) for source, row in sources if source.customer_id]


def _free(fee: Fee, amount: Decimal, *, on: date, by: Actor, at: datetime) -> list[Source]:
    """Opens the fee again until so much of it is open, if it can be; gives the money that had paid
    it."""
    freed = []
    missing = amount - fee.document.open_amount
    for source, allocation in _paying(fee):
        if missing <= 0:
            break
        payments.undo_allocation(allocation=allocation, on=on, by=by, at=at)
        if (rest := allocation.amount - missing) > 0:
            payments.allocate(source=source, to=[(fee.document_id, rest)], on=on, by=by, at=at)
        missing -= allocation.amount
        freed.append(source)
    return freed
