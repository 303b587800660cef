"""Charging, in three steps: claim (committed), call (no transaction open), record.

A charge is never made twice: the claim is a row with a unique index before the gateway hears of it,
the gateway knows the charge by a key of ours, and a lost answer blocks new attempts until asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor, system
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib import jobs, money, tenancy
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments import queries
from paidup.payments.gateways.interface import ChargeRequest, Outage, Rejected
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import Claim, Intent, PaymentMethod
from paidup.payments.states import IntentState, PaymentKind, Purpose

from .allocate import lock_customers
from .record import close_unpaid, record_facts

# How long we wait before asking about a charge nobody answered for, and how often.
ASK_AFTER = timedelta(minutes=2)
ASK_TIMES = 5


class ChargeRefused(Exception):
    """The invoices can't be charged now; the message says why."""


@transaction.atomic
def claim_charge(
    *,
    customer: Customer,
    amounts: Sequence[tuple[UUID, Decimal]],
    gateway_name: str,
    token: str,
    method_kind: PaymentKind,
    method_label: str,
    purpose: Purpose,
    by: Actor,
    at: datetime,
    method: PaymentMethod | None = None,
) -> Intent:
    """Claims these amounts of these invoices for one charge of the customer.

    Once committed, nobody else can charge them until this charge has ended. Raises ChargeRefused
    when one is being charged already, is not open, or less is open than asked for.
    """
    invoice_ids = [invoice_id for invoice_id, _ in amounts]
    lock_customers(customer.id, invoice_ids)
    invoices = _chargeable(customer, amounts)
    intent = Intent.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        entity_id=customer.entity_id,
        currency=invoices[0].currency,
        amount=sum((amount for _, amount in amounts), Decimal(0)),
        gateway=gateway_name,
        token=token,
        method=method,
        method_kind=method_kind,
        method_label=method_label,
        purpose=purpose,
        created_at=at,
    )
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(
                Claim(
                    organization_id=customer.organization_id,
                    intent=intent,
                    invoice_id=invoice_id,
                    amount=amount,
                )
                for invoice_id, amount in amounts
            )
    except IntegrityError:
        raise ChargeRefused(
            "A payment of this is under way already. Wait until it has gone through before "
            "paying again."
        ) from None
    history.record(
        "charge.started",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=intent.id,
        data={
            "amount": str(intent.amount),
            "currency": intent.currency,
            "method": method_label,
            "purpose": purpose,
        },
    )
    _ask_later(intent, at=at, time=1)
    return intent


def run_charge(*, organization_id: UUID | str, intent_id: UUID | str, at: datetime) -> Intent:
    """Has the gateway make a claimed charge and records the outcome; harmless when repeated.

    Leaves the intent `unknown` when the gateway doesn't answer. Must not be called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id):
        intent = Intent.objects.of(UUID(str(organization_id))).get(id=intent_id)
    if intent.state not in (IntentState.PENDING, IntentState.UNKNOWN):
        return intent
    try:
        facts = gateway(intent.gateway).charge(
            ChargeRequest(
                idempotency_key=queries.idempotency_key(intent),
                token=intent.token,
                amount=intent.amount,
                currency=intent.currency,
                description=f"{intent.amount} {intent.currency}",
                off_session=intent.purpose == Purpose.AUTOPAY,
                at=at,
            )
        )
    except Outage:
        with tenant(organization_id):
            return _mark_unknown(intent, at=at)
    except Rejected as refusal:
        with tenant(organization_id):
            return close_unpaid(
                intent_id=intent.id, state=IntentState.FAILED, reason=str(refusal)[:120], at=at
            )
    with tenant(organization_id):
        return record_facts(intent_id=intent.id, facts=facts, at=at)


def ask_gateway(
    *, organization_id: UUID | str, intent_id: UUID | str, time: int, at: datetime
) -> Intent:
    """Asks what became of a charge that nobody answered for; the n-th time is told by `time`.

    A charge the gateway never saw is made after all when it is autopay's (under the same key), and
    given up when its payer has long gone. Must not be called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id):
        intent = Intent.objects.of(UUID(str(organization_id))).get(id=intent_id)
    if intent.state not in (IntentState.PENDING, IntentState.UNKNOWN):
        return intent
    try:
        facts = gateway(intent.gateway).look_up(queries.idempotency_key(intent))
    except Outage:
        facts = None
    if facts:
        with tenant(organization_id):
            return record_facts(intent_id=intent.id, facts=facts, at=at)
    if facts is not None and intent.purpose == Purpose.AUTOPAY:
        intent = run_charge(organization_id=organization_id, intent_id=intent.id, at=at)
    if intent.state not in (IntentState.PENDING, IntentState.UNKNOWN):
        return intent
    with tenant(organization_id):
        if facts is not None and time >= ASK_TIMES and intent.purpose != Purpose.AUTOPAY:
            return close_unpaid(
                intent_id=intent.id, state=IntentState.CANCELLED, reason="never_received", at=at
            )
        _ask_later(intent, at=at, time=time + 1)
    return intent


def _chargeable(customer: Customer, amounts: Sequence[tuple[UUID, Decimal]]) -> list[Invoice]:
    if not amounts:
        raise ChargeRefused("There is nothing to charge.")
    asked = dict(amounts)
    if len(asked) < len(amounts):
        raise ChargeRefused("An invoice was named twice; name it once with its whole amount.")
    invoices = list(
        Invoice.objects.of(customer.organization_id).filter(
            id__in=asked,
            customer_id__in=queries.payable_customers(customer.id),
            entity_id=customer.entity_id,
        )
    )
    if len(invoices) < len(asked) or len({invoice.currency for invoice in invoices}) > 1:
        raise ChargeRefused("One charge pays invoices of one customer in one currency.")
    for invoice in invoices:
        money.positive(asked[invoice.id], invoice.currency)
        if invoice.state != InvoiceState.OPEN:
            raise ChargeRefused(f"Invoice {invoice.number} is not open any more.")
        if asked[invoice.id] > invoice.open_amount:
            raise ChargeRefused(
                f"Of invoice {invoice.number} only {invoice.open_amount} {invoice.currency} "
                "is open; pay at most that."
            )
    return invoices


def _mark_unknown(intent: Intent, *, at: datetime) -> Intent:
    changed = Intent.objects.of(intent.organization_id).filter(
        id=intent.id, state=IntentState.PENDING
    )
    if changed.update(state=IntentState.UNKNOWN):
        history.record(
            "charge.unanswered",
            by=system("payments"),
            at=at,
            customer_id=intent.customer_id,
            subject_id=intent.id,
            data={"amount": str(intent.amount), "currency": intent.currency},
        )
    intent.refresh_from_db()
    return intent


def _ask_later(intent: Intent, *, at: datetime, time: int) -> None:
    from paidup.payments.jobs import ask_about_charge  # noqa: PLC0415  jobs calls this module

    jobs.enqueue(
        ask_about_charge,
        organization_id=tenancy.current(),
        run_at=at + ASK_AFTER * time,
        intent_id=intent.id,
        time=str(time),
    )
