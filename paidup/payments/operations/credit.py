"""Credits: an amount the organization no longer wants, put to invoices or left unapplied."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.ledger import operations as ledger
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import cards, money
from paidup.organizations.operations import take_number
from paidup.organizations.states import LimitedAction
from paidup.payments.models import Credit
from paidup.payments.states import CreditReason

from .allocate import allocate, lock_customers
from .limits import refuse_over_limit


@transaction.atomic
def grant_credit(
    *,
    customer: Customer,
    amount: Decimal,
    currency: str,
    reason: CreditReason,
    description: str,
    on: date,
    by: Actor,
    at: datetime,
    to: Sequence[tuple[UUID, Decimal]] | None = None,
    leave_unapplied: bool = False,
) -> Credit:
    """Grants a credit; at once it pays the chosen invoices, else the oldest, unless left unapplied.

    Raises BadAmount, AllocationRefused when a chosen invoice can't take it, and OverLimit where it
    needs somebody's approval; see `credit_or_propose`.
    """
    amount = money.positive(amount, currency)
    if reason != CreditReason.REFUND:  # which is a refund's, and has its own limit
        refuse_over_limit(action=LimitedAction.CREDIT, amount=amount, currency=currency, by=by)
    lock_customers([customer.id], [invoice_id for invoice_id, _ in to or ()])
    credit = Credit.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        entity_id=customer.entity_id,
        number=take_number(
            organization_id=customer.organization_id, entity_id=customer.entity_id, kind="credit"
        ),
        currency=currency,
        amount=amount,
        unapplied_amount=amount,
        reason=reason,
        description=cards.masked(description.strip()),
        granted_on=on,
        recorded_at=at,
    )
    ledger.post(
        [
            Posting(
                debit=AccountKind.CREDITS_GRANTED,
                credit=AccountKind.UNAPPLIED,
                amount=amount,
                payer_id=customer.id,
            )
        ],
        entity_id=customer.entity_id,
        currency=currency,
        cause_id=credit.id,
        effective_on=on,
        at=at,
    )
    history.record(
        "credit.granted",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=credit.id,
        data={
            "number": credit.number,
            "amount": str(amount),
            "currency": currency,
            "reason": reason,
        },
    )
    if not leave_unapplied:
        allocate(source=credit, to=to, on=on, by=by, at=at)
    return credit
