"""Money that came in, and money that turns out not to have."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing import operations as invoicing
from paidup.invoicing.operations.hold import RELEASE
from paidup.invoicing.states import Hold
from paidup.ledger import operations as ledger
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import cards, formatting, money
from paidup.payments.models import Allocation, Intent, Payment
from paidup.payments.states import PaymentKind
from paidup.todos import operations as todos

from . import receipts
from .allocate import allocate, lock_customers, of_nobody, put, take_off


class PaymentRefused(Exception):
    """The payment can't be recorded or reversed; the message says what to change."""


@transaction.atomic
def record_payment(
    *,
    customer: Customer,
    amount: Decimal,
    currency: str,
    kind: PaymentKind,
    received_on: date,
    on: date,
    by: Actor,
    at: datetime,
    reference: str = "",
    to: Sequence[tuple[UUID, Decimal]] | None = None,
    intent: Intent | None = None,
) -> Payment:
    """Records money received and puts it to invoices: those named, else the oldest first.

    What no invoice needs stays unapplied. Raises PaymentRefused for a day yet to come, BadAmount,
    and AllocationRefused when an invoice can't take what is put to it.
    """
    if received_on > on:
        raise PaymentRefused(_("A payment can't have been received on a day yet to come."))
    amount = money.positive(amount, currency)
    lock_customers([customer.id], [invoice_id for invoice_id, _ in to or ()])
    payment = Payment.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        entity_id=customer.entity_id,
        currency=currency,
        amount=amount,
        unapplied_amount=amount,
        kind=kind,
        reference=cards.masked(reference.strip()),
        received_on=received_on,
        settled_on=received_on if intent else None,
        intent=intent,
        recorded_at=at,
    )
    _post(payment, AccountKind.CLEARING, AccountKind.UNAPPLIED, amount, on=received_on, at=at)
    _remember_last_payment(customer, payment)
    history.record(
        "payment.received",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=payment.id,
        data={"amount": str(amount), "currency": currency, "kind": kind},
    )
    allocate(source=payment, to=to, on=received_on, by=by, at=at)
    receipts.send_receipt(payment=payment, by=by, at=at)
    return payment


@transaction.atomic
def reverse_payment(
    *, payment: Payment, reason: str, hold: Hold, on: date, by: Actor, at: datetime
) -> None:
    """Takes back a payment of which a person says that it bounced or was never meant so.

    Its invoices come open again and are held until a person releases them. Raises PaymentRefused
    when that was done already, for a charge (the gateway has its money), and for a payment of a
    customer who was deleted.
    """
    if payment.customer_id is None:
        raise PaymentRefused(of_nobody())
    if payment.intent_id:
        raise PaymentRefused(
            _(
                "This payment was charged through the gateway, which keeps the money; "
                "give it back by a refund instead."
            )
        )
    take_back(payment=payment, reason=reason, hold=hold, on=on, by=by, at=at)


@transaction.atomic
def take_back(
    *, payment: Payment, reason: str, hold: Hold, on: date, by: Actor, at: datetime
) -> None:
    """Reverses a payment, also a charge that the payer's bank has taken back.

    What a deleted customer would owe again is bad debt, of which a person is told.
    """
    lock_payment(payment)
    payment = Payment.objects.of(payment.organization_id).get(id=payment.id)
    if payment.reversed_on:
        raise PaymentRefused(_("This payment was reversed already."))
    reopened = take_off_invoices(payment=payment, hold=hold, on=on, by=by, at=at)
    payment.refresh_from_db(fields=["unapplied_amount"])
    if payment.unapplied_amount:
        _post(
            payment,
            AccountKind.UNAPPLIED,
            AccountKind.CLEARING,
            payment.unapplied_amount,
            on=on,
            at=at,
        )
    payment.unapplied_amount = Decimal(0)
    payment.reversed_on = on
    payment.reversal_reason = reason if payment.customer_id else ""
    payment.save(update_fields=["unapplied_amount", "reversed_on", "reversal_reason"])
    history.record(
        "payment.reversed",
        by=by,
        at=at,
        customer_id=payment.customer_id,
        subject_id=payment.id,
        data={
            "amount": str(payment.amount),
            "currency": payment.currency,
            "invoices": len(reopened),
        },
        personal={"reason": reason} if payment.customer_id else None,
    )
    if payment.customer_id is None:
        todos.add_todo(
            kind="payment_of_nobody",
            title=_("%s that a deleted customer had paid was taken back; it is bad debt now")
            % formatting.money(payment.amount, payment.currency),
            subject_id=payment.id,
            due_on=on,
            by=by,
            at=at,
        )


def take_off_invoices(
    *,
    payment: Payment,
    hold: Hold,
    on: date,
    by: Actor,
    at: datetime,
    most: Decimal | None = None,
) -> list[tuple[UUID, Decimal]]:
    """Undoes the payment's allocations, the latest first, until `most` is free (all by default).

    What an undone allocation frees beyond that is put back. The invoices are held and a to-do says
    so, unless the hold is NONE. Gives what came open again, and of which invoice: none of a deleted
    customer's, for which there is bad debt instead.
    """
    left = payment.amount if most is None else most
    standing = Allocation.objects.of(payment.organization_id).standing().filter(payment=payment)
    freed: list[tuple[UUID, Decimal]] = []
    for allocation in standing.order_by("-recorded_at", "-id").select_related("invoice"):
        if left <= 0:
            break
        take_off(allocation=allocation, on=on, by=by, at=at)
        if allocation.amount > left:
            allocation.invoice.refresh_from_db(fields=["open_amount"])
            put(payment, allocation.invoice, allocation.amount - left, on=on, by=by, at=at)
        if allocation.invoice.customer_id:
            freed.append((allocation.invoice_id, min(allocation.amount, left)))
        left -= allocation.amount
    if hold is not Hold.NONE:
        hold_reopened(
            invoice_ids=[invoice_id for invoice_id, _ in freed], hold=hold, on=on, by=by, at=at
        )
    return freed


def lock_payment(payment: Payment) -> None:
    """Locks the payer and every customer for whom the payment paid, at once and in id order."""
    allocations = Allocation.objects.of(payment.organization_id).filter(payment=payment)
    lock_customers([payment.customer_id], allocations.values_list("invoice_id", flat=True))


def hold_reopened(
    *, invoice_ids: Iterable[UUID], hold: Hold, on: date, by: Actor, at: datetime
) -> None:
    """Holds invoices that came open again, and asks a person to release each."""
    for invoice in invoicing.hold_invoices(invoice_ids=invoice_ids, reason=hold, by=by, at=at):
        todos.add_todo(
            kind=RELEASE,
            title=_("Release invoice %(number)s: %(reason)s")
            % {"number": invoice.number, "reason": hold.label},
            customer=invoice.customer,
            subject_id=invoice.id,
            due_on=on,
            by=by,
            at=at,
        )


def post_refund(*, payment: Payment, amount: Decimal, on: date, at: datetime) -> None:
    """Moves money out of the payment's unapplied part, on its way back to the payer."""
    _post(payment, AccountKind.UNAPPLIED, AccountKind.CLEARING, amount, on=on, at=at)


def post_failed_refund(*, payment: Payment, amount: Decimal, on: date, at: datetime) -> None:
    """Moves it back when the gateway would not give it."""
    _post(payment, AccountKind.CLEARING, AccountKind.UNAPPLIED, amount, on=on, at=at)


def _post(
    payment: Payment,
    debit: AccountKind,
    credit: AccountKind,
    amount: Decimal,
    *,
    on: date,
    at: datetime,
) -> None:
    ledger.post(
        [Posting(debit=debit, credit=credit, amount=amount, payer_id=payment.customer_id)],
        entity_id=payment.entity_id,
        currency=payment.currency,
        cause_id=payment.id,
        effective_on=on,
        at=at,
    )


def _remember_last_payment(customer: Customer, payment: Payment) -> None:
    Customer.objects.of(payment.organization_id).filter(id=customer.id).exclude(
        last_payment_on__gt=payment.received_on
    ).update(last_payment_on=payment.received_on, last_payment_amount=payment.amount)
