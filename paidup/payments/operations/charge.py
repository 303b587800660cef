"""Charging, in three steps: claim (committed), call (no transaction open), record.

A charge is never made twice: the claim is a row with a unique index before the gateway hears of it,
the gateway knows the charge by a key of ours, and a lost answer blocks new attempts until asked.
"""

from datetime import datetime
from uuid import UUID

from paidup.history import operations as history
from paidup.history.actors import system
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments import queries
from paidup.payments.gateways.interface import ChargeRequest, Fact, Outage, Rejected
from paidup.payments.gateways.registry import gateway
from paidup.payments.models import Intent
from paidup.payments.states import IntentState, Purpose

from .charge_gates import NO_LONGER_DUE, may_still_be_charged
from .claim import ask_later
from .record import close_unpaid, locked, record_facts

# How often we ask about a charge whose payer has left before giving it up.
ASK_TIMES = 5


def run_charge(*, organization_id: UUID | str, intent_id: UUID | str, at: datetime) -> Intent:
    """Has the gateway make a claimed charge and records the outcome; harmless when repeated.

    A charge that its gates no longer let through is not made: what the gateway knows of it by now
    is recorded, else it is cancelled. Leaves the intent `unknown` when the gateway doesn't answer.
    Never called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id):
        intent = locked(UUID(str(intent_id)))
        if intent.state not in (IntentState.PENDING, IntentState.UNKNOWN):
            return intent
        is_wanted = may_still_be_charged(intent, at=at)
    try:
        facts = call_gateway(intent, at=at) if is_wanted else look_up(intent)
    except Outage:
        with tenant(organization_id):
            return _mark_unknown(intent, at=at)
    except Rejected as refusal:
        with tenant(organization_id):
            return close_unpaid(
                intent_id=intent.id, state=IntentState.FAILED, reason=str(refusal)[:120], at=at
            )
    with tenant(organization_id):
        if not is_wanted and not facts:
            return close_unpaid(
                intent_id=intent.id, state=IntentState.CANCELLED, reason=NO_LONGER_DUE, at=at
            )
        return record_facts(intent_id=intent.id, facts=facts, at=at)


def ask_gateway(
    *, organization_id: UUID | str, intent_id: UUID | str, time: int, at: datetime
) -> Intent:
    """Asks what became of a charge that nobody answered for; the n-th time is told by `time`.

    A charge the gateway never saw is made after all when it is autopay's and still due (under the
    same key), and given up when its payer has long gone. Must not be called in a transaction.
    """
    refuse_open_transaction()
    with tenant(organization_id):
        intent = Intent.objects.of(UUID(str(organization_id))).get(id=intent_id)
    if intent.state not in (IntentState.PENDING, IntentState.UNKNOWN):
        return intent
    try:
        facts = look_up(intent)
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
        ask_later(intent, at=at, time=time + 1)
    return intent


def call_gateway(intent: Intent, *, at: datetime) -> list[Fact]:
    """The middle step: has the gateway make the charge. Raises Outage or Rejected."""
    return gateway(intent.gateway).charge(
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


def look_up(intent: Intent) -> list[Fact]:
    """What the gateway knows of the charge; empty when it never saw it. Raises Outage."""
    return gateway(intent.gateway).look_up(queries.idempotency_key(intent))


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
        if intent.purpose == Purpose.AUTOPAY:
            ask_later(intent, at=at, time=1)
    intent.refresh_from_db()
    return intent
