"""Credits and refunds over a role's limit: they wait as a to-do for somebody who may grant them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.customers.visibility import colleagues
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import formatting, money, tenancy
from paidup.organizations.models import Member
from paidup.organizations.states import LimitedAction, Module
from paidup.payments.models import Credit, Payment, Proposal, Refund
from paidup.payments.states import CreditReason, ProposalState
from paidup.todos import operations as todos

from .credit import grant_credit
from .limits import is_over_limit
from .refund import RefundRefused, refund_payment, refundable

APPROVAL = "payment_approval"
REFUSED = "payment_refused"


class ProposalRefused(Exception):
    """The proposal can't be made or decided so; the message says why."""


@dataclass(frozen=True, kw_only=True)
class NewCredit:
    """A credit as somebody wants it."""

    amount: Decimal
    currency: str
    reason: CreditReason
    description: str
    to: Sequence[tuple[UUID, Decimal]] | None = None
    leave_unapplied: bool = False


@dataclass(frozen=True, kw_only=True)
class NewRefund:
    """A refund as somebody wants it."""

    amount: Decimal
    credit_invoices: bool
    reason: str


@transaction.atomic
def credit_or_propose(
    *, customer: Customer, new: NewCredit, on: date, by: Actor, at: datetime
) -> Credit | Proposal:
    """Grants the credit; over the limit of who asks it waits for somebody else.

    Raises what `grant_credit` raises, and ProposalRefused where nobody else may grant it.
    """
    amount = money.positive(new.amount, new.currency)
    if not is_over_limit(action=LimitedAction.CREDIT, amount=amount, currency=new.currency, by=by):
        return _grant(customer, new, on=on, by=by, at=at)
    details = {
        "reason": new.reason,
        "description": new.description,
        "to": None if new.to is None else [[str(one), str(part)] for one, part in new.to],
        "leave_unapplied": new.leave_unapplied,
    }
    proposal = Proposal(
        customer=customer,
        action=LimitedAction.CREDIT,
        amount=amount,
        currency=new.currency,
        details=details,
    )
    return _propose(proposal, by=by, at=at)


@transaction.atomic
def refund_or_propose(
    *, payment: Payment, new: NewRefund, on: date, by: Actor, at: datetime
) -> Refund | Proposal:
    """Gives the money back; over the limit of who asks it waits for somebody else.

    Raises what `refund_payment` raises, and ProposalRefused where nobody else may grant it.
    """
    amount, currency = money.positive(new.amount, payment.currency), payment.currency
    if not is_over_limit(action=LimitedAction.REFUND, amount=amount, currency=currency, by=by):
        return _give_back(payment, new, on=on, by=by, at=at)
    if amount > (left := refundable(payment)):
        raise RefundRefused(
            _("Only %s of this payment can still be given back.") % formatting.money(left, currency)
        )
    proposal = Proposal(
        customer=payment.customer,
        payment=payment,
        action=LimitedAction.REFUND,
        amount=amount,
        currency=currency,
        details={"credit_invoices": new.credit_invoices, "reason": new.reason},
    )
    return _propose(proposal, by=by, at=at)


@transaction.atomic
def grant_proposal(*, proposal: Proposal, on: date, by: Actor, at: datetime) -> None:
    """Does what was proposed, now, in the name of who grants it.

    Raises ProposalRefused for one's own, one over one's own limit, or one that was decided; and
    what granting it raises, such as where the invoice was paid meanwhile: then it goes on to wait.
    """
    proposal = _to_decide(proposal, by)
    asked: dict[str, Any] = proposal.details
    if proposal.action == LimitedAction.CREDIT:
        to = asked["to"]
        new = NewCredit(
            amount=proposal.amount,
            currency=proposal.currency,
            reason=CreditReason(asked["reason"]),
            description=asked["description"],
            to=None if to is None else [(UUID(one), Decimal(part)) for one, part in to],
            leave_unapplied=asked["leave_unapplied"],
        )
        _grant(proposal.customer, new, on=on, by=by, at=at)
    else:
        _give_back(
            proposal.payment, NewRefund(amount=proposal.amount, **asked), on=on, by=by, at=at
        )
    _decide(proposal, ProposalState.GRANTED, by=by, at=at)


@transaction.atomic
def refuse_proposal(*, proposal: Proposal, reason: str, by: Actor, at: datetime) -> None:
    """Leaves it undone, and tells who proposed it why. Raises ProposalRefused as granting does."""
    proposal = _to_decide(proposal, by)
    proposal.refusal = " ".join(reason.split())
    _decide(proposal, ProposalState.REFUSED, by=by, at=at)
    todos.add_todo(
        kind=REFUSED,
        title=_("%(what)s was refused: %(reason)s")
        % {"what": _words(proposal), "reason": proposal.refusal},
        customer=proposal.customer,
        subject_id=proposal.id,
        assignee=proposal.asked_by,
        by=by,
        at=at,
    )


def may_decide(proposal: Proposal, member: Member) -> bool:
    """Whether the member may grant it: not the one who asked, and within the member's own limit."""
    return (
        member.id != proposal.asked_by_id
        and "payments" in member.role.edits
        and not member.role.exceeds(
            LimitedAction(proposal.action), proposal.amount, proposal.currency
        )
    )


def _propose(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    proposal.organization_id = tenancy.current()
    _refuse_twice(proposal)
    proposal.asked_by = _member(by)
    proposal.asked_at = at
    decider = _decider(proposal)
    proposal.save(force_insert=True)
    _record("proposal.made", proposal, by=by, at=at)
    todos.add_todo(
        kind=APPROVAL,
        title=_("Approve: %(what)s, asked for by %(name)s")
        % {"what": _words(proposal), "name": proposal.asked_by.name},
        customer=proposal.customer,
        subject_id=proposal.id,
        assignee=decider,
        by=by,
        at=at,
    )
    return proposal


def _refuse_twice(proposal: Proposal) -> None:
    """Raises ProposalRefused while the very same waits. Of two at once the second waits for the
    customer's row."""
    organization_id, asked = proposal.organization_id, dict(proposal.details)
    if asked["reason"] == CreditReason.LATE_FEE:
        del asked["description"]  # a fee is waived once, whatever is said of it
    Customer.objects.of(organization_id).locked().get(id=proposal.customer_id)
    same = Proposal.objects.of(organization_id).filter(
        state=ProposalState.WAITING,
        customer=proposal.customer_id,
        payment=proposal.payment_id,
        action=proposal.action,
        amount=proposal.amount,
        currency=proposal.currency,
        details__contains=asked,
    )
    if same.exists():
        raise ProposalRefused(
            _("The very same waits for approval already. If it is another one, say so in words.")
        )


def _member(by: Actor) -> Member:
    """Who asks or decides. Raises DoesNotExist for the system, which has no limit."""
    return Member.objects.of(tenancy.current()).select_related("role").get(id=str(by.id))


def _decider(proposal: Proposal) -> Member:
    """Who is asked: of those who may and see the customer its owners first, then by name."""
    customer = proposal.customer
    owners = [customer.manager_id, customer.account_manager_id, customer.billing_owner_id]
    sees = colleagues(customer).select_related("role")
    able = [
        member
        for member in sees
        if may_decide(proposal, member) and Module.TODOS in member.role.edits
    ]
    if not able:
        raise ProposalRefused(
            _("It is over your limit, and nobody else may grant it. Ask an owner for a higher one.")
        )
    return min(
        able,
        key=lambda member: owners.index(member.id) if member.id in owners else len(owners),
    )


def _to_decide(proposal: Proposal, by: Actor) -> Proposal:
    """The proposal, locked. Raises ProposalRefused where this one may not decide it, or none."""
    rows = Proposal.objects.of(proposal.organization_id).select_for_update(of=("self",))
    proposal = rows.select_related("customer", "payment", "asked_by").get(id=proposal.id)
    member = _member(by)
    if proposal.state != ProposalState.WAITING:
        raise ProposalRefused(_("This was decided already."))
    if member.id == proposal.asked_by_id:
        raise ProposalRefused(_("Nobody approves what they asked for themselves."))
    if not may_decide(proposal, member):
        raise ProposalRefused(_("This is over your limit too; hand it to somebody who may."))
    return proposal


def _decide(proposal: Proposal, state: ProposalState, *, by: Actor, at: datetime) -> None:
    proposal.state, proposal.decided_at = state, at
    proposal.decided_by_id = by.id
    proposal.save(update_fields=["state", "decided_at", "decided_by", "refusal"])
    granted = state == ProposalState.GRANTED
    _record("proposal.granted" if granted else "proposal.refused", proposal, by=by, at=at)
    todos.finish_todos_about(kind=APPROVAL, subject_ids=[proposal.id], by=by, at=at)


def _record(kind: str, proposal: Proposal, *, by: Actor, at: datetime) -> None:
    history.record(
        kind,
        by=by,
        at=at,
        customer_id=proposal.customer_id,
        subject_id=proposal.id,
        data={
            "action": proposal.action,
            "amount": str(proposal.amount),
            "currency": proposal.currency,
            "assignee": str(proposal.asked_by_id),
        },
    )


def _words(proposal: Proposal) -> str:
    amount = formatting.money(proposal.amount, proposal.currency)
    action = LimitedAction(proposal.action).label
    return _("%(action)s of %(amount)s for %(customer)s") % {
        "action": action,
        "amount": amount,
        "customer": proposal.customer.name,
    }


def _grant(customer: Customer, new: NewCredit, *, on: date, by: Actor, at: datetime) -> Credit:
    return grant_credit(
        customer=customer,
        amount=new.amount,
        currency=new.currency,
        reason=new.reason,
        description=new.description,
        to=new.to,
        leave_unapplied=new.leave_unapplied,
        on=on,
        by=by,
        at=at,
    )


def _give_back(payment: Payment, new: NewRefund, *, on: date, by: Actor, at: datetime) -> Refund:
    return refund_payment(
        payment=payment,
        amount=new.amount,
        credit_invoices=new.credit_invoices,
        reason=new.reason,
        on=on,
        by=by,
        at=at,
    )
