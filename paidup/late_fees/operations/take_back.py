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


def paid_in_time(*, payment_id: UUID | None = None) -> list[UUID]:
    """Fees for which the invoice was paid, in full or in part, before the day they were charged, by
    money that was recorded after they were: all of them, or those this payment would change."""
    in_time = _in_time(OuterRef("invoice_id"), OuterRef("charged_on"), OuterRef("id"))
    if payment_id:
        in_time = in_time.filter(payment_id=payment_id)
    taken_back = (
        Allocation.objects.of(tenancy.current())
        .standing()
        .filter(invoice=OuterRef("document_id"), credit__reason=CreditReason.LATE_FEE)
        .values("invoice")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    fees = Fee.objects.of(tenancy.current()).filter(
        Exists(in_time), document__customer__isnull=False
    )
    not_all = fees.annotate(taken_back=Coalesce(Subquery(taken_back), Decimal(0)))
    return list(not_all.filter(taken_back__lt=F("amount")).values_list("id", flat=True))


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
    amount = fee.amount - _as_it_should_be(fee) - _taken_back(fee)
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


def _as_it_should_be(fee: Fee) -> Decimal:
    """The fee by the same terms, for what would have been late."""
    received = _total(_in_time(fee.invoice_id, fee.charged_on, fee.id))
    return reckon(
        Kind(fee.kind),
        base=fee.base - received,
        currency=fee.document.currency,
        flat=fee.amount,
        rate=fee.rate,
        days=fee.days,
        most=fee.amount,
    )


def _taken_back(fee: Fee) -> Decimal:
    """What was credited for the fee, also where somebody put a credit elsewhere since: its customer
    has it, and is not given it again."""
    credited = (
        Allocation.objects.of(tenancy.current())
        .filter(invoice=fee.document_id, undoes=None, credit__reason=CreditReason.LATE_FEE)
        .values("credit")
        .annotate(given=Least("credit__amount", Sum("amount")))
    )
    return sum((row["given"] for row in credited), Decimal(0))


def _total(rows: "QuerySet[Allocation]") -> Decimal:
    total: Decimal = rows.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    return total


def _put_to(fee: Fee) -> "QuerySet[Allocation]":
    return Allocation.objects.of(tenancy.current()).standing().filter(invoice=fee.document_id)


def _paying(fee: Fee) -> list[tuple[Source, Allocation]]:
    """What has paid the fee, the latest first, but for money of somebody who was deleted since;
    what took it back is none of it."""
    rows = _put_to(fee).exclude(credit__reason=CreditReason.LATE_FEE)
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
