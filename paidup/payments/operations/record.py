"""Recording what the gateway says: facts are kept, folded, and acted on once."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from paidup.history import operations as history
from paidup.history.actors import system
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.lib import tenancy
from paidup.organizations.models import Organization
from paidup.payments import queries
from paidup.payments.gateways.folding import ChargeState, Standing, fold
from paidup.payments.gateways.interface import Fact, FactKind
from paidup.payments.models import Claim, GatewayFact, Intent, Payment, Refund
from paidup.payments.states import IntentState, PaymentKind, Purpose, RefundState

from . import receipts
from .allocate import lock_customers
from .charge_gates import NO_LONGER_DUE
from .methods import prove_method
from .receive import hold_reopened, record_payment, take_back
from .refund import note_refund_elsewhere

GATEWAY = system("gateway")


@transaction.atomic
def record_facts(*, intent_id: UUID, facts: Iterable[Fact], at: datetime) -> Intent:
    """Keeps the gateway's facts of a charge and does what all of them together ask for.

    Repeats, races and any order come to the same: what is done follows from the fold of all facts
    and from what was done before, under the lock of the customers concerned.
    """
    intent = locked(intent_id)
    keep(intent, facts)
    standing = fold(_facts(intent))
    on = Organization.objects.get(id=intent.organization_id).day(at)
    payment = Payment.objects.of(intent.organization_id).filter(intent=intent).first()
    if standing.captured and payment is None:
        payment = _receive(intent, standing, on=on, at=at)
    if payment and standing.refunded:
        elsewhere = standing.refunded - _refunded_here(payment)
        note_refund_elsewhere(payment=payment, amount=elsewhere, on=on, at=at)
    match standing.state:
        case ChargeState.AUTHORIZED:
            _move(intent, IntentState.AUTHORIZED, standing, event="charge.authorized", at=at)
        case ChargeState.SETTLED:
            _move(intent, IntentState.SETTLED, standing, event="charge.settled", at=at)
        case ChargeState.FAILED | ChargeState.CANCELLED:
            _fail(intent, IntentState(standing.state), standing, at=at)
        case ChargeState.RETURNED | ChargeState.CHARGED_BACK:
            _take_back(intent, payment, standing, on=on, at=at)
        case ChargeState.PENDING:
            pass
    return intent


@transaction.atomic
def close_unpaid(*, intent_id: UUID, state: IntentState, reason: str, at: datetime) -> Intent:
    """Ends a charge that the gateway refused or never saw, and lets its invoices go."""
    intent = locked(intent_id)
    if intent.state in (IntentState.PENDING, IntentState.UNKNOWN):
        _fail(intent, state, Standing(reason=reason), at=at)
    return intent


def locked(intent_id: UUID) -> Intent:
    """The intent, with the customers concerned, locked until the transaction ends."""
    organization_id = tenancy.current()
    intent = Intent.objects.of(organization_id).get(id=intent_id)
    claimed = Claim.objects.of(organization_id).filter(intent=intent)
    lock_customers([intent.customer_id], claimed.values_list("invoice_id", flat=True))
    return Intent.objects.of(organization_id).select_for_update().get(id=intent_id)


def keep(intent: Intent, facts: Iterable[Fact]) -> None:
    """Stores the facts of this very charge that are new; others are not for us."""
    key = queries.idempotency_key(intent)
    GatewayFact.objects.bulk_create(
        [
            GatewayFact(
                organization_id=intent.organization_id,
                intent=intent,
                fact_id=fact.id,
                kind=fact.kind,
                amount=fact.amount,
                reference=fact.reference,
                reason=fact.reason[:120],
                retryable=fact.retryable,
                at=fact.at,
            )
            for fact in facts
            if fact.idempotency_key == key and fact.currency == intent.currency
        ],
        ignore_conflicts=True,
    )


def _facts(intent: Intent) -> list[Fact]:
    key = queries.idempotency_key(intent)
    return [
        Fact(
            id=row.fact_id,
            kind=FactKind(row.kind),
            idempotency_key=key,
            reference=row.reference,
            amount=row.amount,
            currency=intent.currency,
            at=row.at,
            reason=row.reason,
            retryable=row.retryable,
        )
        for row in GatewayFact.objects.of(intent.organization_id).filter(intent=intent)
    ]


def _receive(intent: Intent, standing: Standing, *, on: date, at: datetime) -> Payment:
    """The money is there, so it is recorded, even where an invoice was paid otherwise meanwhile or
    has become another payer's: what that leaves over stays unapplied for a person to decide."""
    claims = Claim.objects.of(intent.organization_id).filter(intent=intent)
    amounts = dict(claims.values_list("invoice_id", "amount"))
    claims.update(live=False)
    left = standing.captured
    to = []
    payable = Invoice.objects.of(intent.organization_id).filter(
        id__in=amounts, customer_id__in=queries.payable_customers(intent.customer_id)
    )
    for invoice in payable.open().oldest_first():
        amount = min(amounts[invoice.id], invoice.open_amount, left)
        if amount > 0:
            to.append((invoice.id, amount))
            left -= amount
    return record_payment(
        customer=intent.customer,
        amount=standing.captured,
        currency=intent.currency,
        kind=PaymentKind(intent.method_kind),
        received_on=on,
        on=on,
        by=GATEWAY,
        at=at,
        reference=intent.method_label,
        to=to,
        intent=intent,
    )


def _refunded_here(payment: Payment) -> Decimal:
    """What we asked the gateway to give back: our row stands before the gateway hears of it."""
    known = Refund.objects.of(payment.organization_id).filter(payment=payment)
    total = known.exclude(state=RefundState.FAILED).aggregate(sum=Sum("amount"))["sum"]
    return total or Decimal(0)


def _fail(intent: Intent, state: IntentState, standing: Standing, *, at: datetime) -> None:
    Claim.objects.of(intent.organization_id).filter(intent=intent, live=True).update(live=False)
    # Who pays by a link sees a decline on the page at once.
    is_seen = (
        intent.purpose == Purpose.PAY_LINK
        and intent.state == IntentState.PENDING
        and state == IntentState.FAILED
    )
    was_declined = standing.reason != NO_LONGER_DUE
    moved = _move(intent, state, standing, event=f"charge.{state}", at=at)
    if moved and was_declined and not is_seen:
        receipts.tell_of_failure(intent=intent, by=GATEWAY, at=at)


def _take_back(
    intent: Intent, payment: Payment | None, standing: Standing, *, on: date, at: datetime
) -> None:
    hold = Hold.CHARGED_BACK if standing.state is ChargeState.CHARGED_BACK else Hold.RETURNED
    claims = Claim.objects.of(intent.organization_id).filter(intent=intent)
    claims.filter(live=True).update(live=False)
    state = IntentState(standing.state)
    if not _move(intent, state, standing, event=f"charge.{state}", at=at):
        return
    if payment is None:
        hold_reopened(
            invoice_ids=claims.values_list("invoice_id", flat=True),
            hold=hold,
            on=on,
            by=GATEWAY,
            at=at,
        )
    elif payment.reversed_on is None:
        take_back(payment=payment, reason=standing.reason, hold=hold, on=on, by=GATEWAY, at=at)
    receipts.tell_of_failure(intent=intent, by=GATEWAY, at=at)


def _move(
    intent: Intent, state: IntentState, standing: Standing, *, event: str, at: datetime
) -> bool:
    """Moves the intent's state; false when it stood there already."""
    if intent.state == state:
        return False
    is_first = intent.state in (IntentState.PENDING, IntentState.UNKNOWN)
    intent.state = state
    intent.reason = standing.reason
    intent.retryable = standing.retryable
    intent.reference = standing.reference or intent.reference
    intent.save(update_fields=["state", "reason", "retryable", "reference"])
    history.record(
        event,
        by=GATEWAY,
        at=at,
        customer_id=intent.customer_id,
        subject_id=intent.id,
        data={
            "amount": str(intent.amount),
            "currency": intent.currency,
            "purpose": intent.purpose,
            "reason": intent.reason,
        },
        personal={"method": intent.method_label} if intent.method_label else None,
    )
    if is_first and intent.method and intent.purpose == Purpose.PAY_LINK:
        works = state not in (IntentState.FAILED, IntentState.CANCELLED)
        prove_method(method=intent.method, works=works, by=GATEWAY, at=at)
    return True
