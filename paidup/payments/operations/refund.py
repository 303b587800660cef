"""Giving money back, in three steps like a charge; never more than was received."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import Actor, system
from paidup.invoicing.states import Hold
from paidup.lib import formatting, jobs, money
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.organizations.states import LimitedAction
from paidup.payments import queries
from paidup.payments.gateways.interface import Rejected
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import Payment, Refund
from paidup.payments.states import CreditReason, RefundState
from paidup.todos import operations as todos

from .allocate import of_nobody
from .credit import grant_credit
from .limits import refuse_over_limit
from .receive import lock_payment, post_failed_refund, post_refund, take_off_invoices

GATEWAY = system("gateway")


class RefundRefused(Exception):
    """The money can't be given back so; the message says what is possible."""


@transaction.atomic
def refund_payment(
    *,
    payment: Payment,
    amount: Decimal,
    credit_invoices: bool,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Refund:
    """Gives back part or all of a payment; what is unapplied of it first.

    What had been put to invoices reopens and holds them, or, with `credit_invoices`, is credited so
    that they stay paid. A payment that came through a gateway goes back by a job, at once after
    this is committed. Raises RefundRefused when more is asked for than is left of the payment, and
    for one of a customer who was deleted; OverLimit where it needs somebody's approval, see
    `refund_or_propose`.
    """
    if payment.customer_id is None:
        raise RefundRefused(of_nobody())
    amount = money.positive(amount, payment.currency)
    refuse_over_limit(action=LimitedAction.REFUND, amount=amount, currency=payment.currency, by=by)
    lock_payment(payment)
    payment = Payment.objects.of(payment.organization_id).get(id=payment.id)
    left = refundable(payment)
    if amount > left:
        raise RefundRefused(
            _("Only %s of this payment can still be given back.")
            % formatting.money(left, payment.currency)
        )
    refund = _take_out(
        payment, amount, credit_invoices=credit_invoices, reason=reason, on=on, by=by, at=at
    )
    if payment.intent_id:
        from paidup.payments.jobs import send_refund  # noqa: PLC0415  jobs calls this module

        jobs.enqueue(send_refund, organization_id=payment.organization_id, refund_id=refund.id)
    else:
        finish(refund, by=by, at=at)
    return refund


def refundable(payment: Payment) -> Decimal:
    """What of the payment has neither been given back, nor is on its way, nor was reversed."""
    if payment.reversed_on:
        return Decimal(0)
    gone = (
        Refund.objects.of(payment.organization_id)
        .filter(payment=payment)
        .exclude(state=RefundState.FAILED)
        .aggregate(sum=Sum("amount"))["sum"]
    )
    return payment.amount - (gone or Decimal(0))


def run_refund(*, organization_id: UUID | str, refund_id: UUID | str, at: datetime) -> Refund:
    """Has the gateway give the money back and records it; harmless when repeated.

    Raises Outage when the gateway doesn't answer: the job that calls this tries again, under the
    same key. Must not be called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id):
        refund = (
            Refund.objects.of(UUID(str(organization_id)))
            .select_related("payment__intent")
            .get(id=refund_id)
        )
    if refund.state != RefundState.PENDING:
        return refund
    intent = refund.payment.intent
    assert intent  # noqa: S101  only refunds of charges are sent
    refused = ""
    try:
        gateway(intent.gateway).refund(
            idempotency_key=refund.id.hex,
            charge_key=queries.idempotency_key(intent),
            amount=refund.amount,
            at=at,
        )
    except Rejected as refusal:
        refused = str(refusal)
    with tenant(organization_id):
        if refused:
            _give_up(refund, refused, at=at)
        else:
            finish(refund, by=GATEWAY, at=at)
    return refund


@transaction.atomic
def note_refund_elsewhere(*, payment: Payment, amount: Decimal, on: date, at: datetime) -> None:
    """Records money that was given back at the gateway itself, not by us."""
    left = min(amount, refundable(payment))
    if left > 0:
        refund = _take_out(
            payment,
            left,
            credit_invoices=False,
            reason=_("Refunded at the gateway"),
            on=on,
            by=GATEWAY,
            at=at,
        )
        finish(refund, by=GATEWAY, at=at)


@transaction.atomic
def finish(refund: Refund, *, by: Actor, at: datetime) -> None:
    """Notes that the money has gone back. Done already is quietly done."""
    pending = Refund.objects.of(refund.organization_id).filter(
        id=refund.id, state=RefundState.PENDING
    )
    if pending.update(state=RefundState.DONE):
        _record("refund.made", refund, by=by, at=at)
    refund.refresh_from_db(fields=["state"])


def _take_out(
    payment: Payment,
    amount: Decimal,
    *,
    credit_invoices: bool,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Refund:
    missing = amount - payment.unapplied_amount
    if missing > 0:
        hold = Hold.NONE if credit_invoices else Hold.REFUNDED
        freed = take_off_invoices(payment=payment, hold=hold, most=missing, on=on, by=by, at=at)
        if credit_invoices and freed:
            grant_credit(
                customer=payment.customer,
                amount=sum((amount for _, amount in freed), Decimal(0)),
                currency=payment.currency,
                reason=CreditReason.REFUND,
                description=reason,
                to=freed,
                on=on,
                by=by,
                at=at,
            )
    refund = Refund.objects.create(
        organization_id=payment.organization_id,
        payment=payment,
        amount=amount,
        reason=reason,
        refunded_on=on,
        recorded_at=at,
    )
    _move_unapplied(payment, -amount)
    post_refund(payment=payment, amount=amount, on=on, at=at)
    _record("refund.started", refund, by=by, at=at)
    return refund


@transaction.atomic
def _give_up(refund: Refund, refused: str, *, at: datetime) -> None:
    payment = refund.payment
    lock_payment(payment)
    pending = Refund.objects.of(refund.organization_id).filter(
        id=refund.id, state=RefundState.PENDING
    )
    if not pending.update(state=RefundState.FAILED):
        return
    payment.refresh_from_db(fields=["reversed_on"])
    # The payer's bank has taken a reversed payment back whole, this amount with it.
    if payment.reversed_on is None:
        _move_unapplied(payment, refund.amount)
        post_failed_refund(payment=payment, amount=refund.amount, on=refund.refunded_on, at=at)
    _record("refund.failed", refund, by=GATEWAY, at=at)
    todos.add_todo(
        kind="refund_failed",
        title=(_("The gateway refused a refund: %s") % refused)[:200],
        customer=payment.customer,
        subject_id=refund.id,
        due_on=refund.refunded_on,
        by=GATEWAY,
        at=at,
    )
    refund.refresh_from_db(fields=["state"])


def _move_unapplied(payment: Payment, amount: Decimal) -> None:
    Payment.objects.of(payment.organization_id).filter(id=payment.id).update(
        unapplied_amount=F("unapplied_amount") + amount
    )


def _record(kind: str, refund: Refund, *, by: Actor, at: datetime) -> None:
    history.record(
        kind,
        by=by,
        at=at,
        customer_id=refund.payment.customer_id,
        subject_id=refund.id,
        data={"amount": str(refund.amount), "currency": refund.payment.currency},
    )
