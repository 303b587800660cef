"""Claiming invoices for a charge: the first of its three steps, committed before the gateway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib import formatting, jobs, money, tenancy
from paidup.lib.ids import new_id
from paidup.organizations.paying import PaymentRules, in_words, payment_rules
from paidup.payments import queries
from paidup.payments.models import Claim, Intent, PaymentMethod
from paidup.payments.states import PaymentKind, Purpose

from .allocate import lock_customers

# How long we wait before asking about a charge nobody answered for.
ASK_AFTER = timedelta(minutes=2)


class ChargeRefused(Exception):
    """The invoices can't be charged now; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one charge is to collect: these amounts of these invoices, by this method."""

    customer: Customer
    amounts: Sequence[tuple[UUID, Decimal]]
    gateway: str
    token: str
    method_kind: PaymentKind
    method_label: str
    method: PaymentMethod | None = None

    @property
    def amount(self) -> Decimal:
        return sum((amount for _, amount in self.amounts), Decimal(0))


@transaction.atomic
def claim_charge(*, order: Order, purpose: Purpose, by: Actor, at: datetime) -> Intent:
    """Claims the invoices of one order for its charge.

    Once committed, nobody else can charge them until this charge has ended. Raises ChargeRefused
    when one is being charged already, is not open, less is open than asked for, or the payer may
    not pay them so.
    """
    [(_, intent)] = claim_charges(orders=[order], purpose=purpose, by=by, at=at, strict=True)
    # Whoever was to make this charge may be gone; a charge of a job is made by its job.
    ask_later(intent, at=at, time=1)
    return intent


@transaction.atomic
def claim_charges(
    *,
    orders: Sequence[Order],
    purpose: Purpose,
    by: Actor,
    at: datetime,
    strict: bool = False,
) -> list[tuple[Order, Intent]]:
    """Claims the invoices of many orders at once; those that can't be charged now are left out.

    With `strict` the first that can't raises ChargeRefused instead.
    """
    invoice_ids = [invoice_id for order in orders for invoice_id, _ in order.amounts]
    lock_customers([order.customer.id for order in orders], invoice_ids)
    organization_id = tenancy.current()
    invoices = Invoice.objects.of(organization_id).in_bulk(invoice_ids)
    payers = Customer.objects.of(organization_id).in_bulk({order.customer.id for order in orders})
    payable = queries.payable_pairs(set(payers))
    taken = queries.claimed_invoices(invoice_ids)
    rules = payment_rules()
    claimed = []
    for order in orders:
        refusal = _refusal(order, invoices, payable, taken) or _refusal_of_kind(
            order, payers[order.customer.id], invoices, rules
        )
        if refusal and strict:
            raise ChargeRefused(refusal)
        if not refusal:
            currency = invoices[order.amounts[0][0]].currency
            claimed.append((order, _intent(order, currency, purpose=purpose, at=at)))
            taken.update(invoice_id for invoice_id, _ in order.amounts)
    Intent.objects.bulk_create(intent for _, intent in claimed)
    Claim.objects.bulk_create(
        Claim(organization_id=organization_id, intent=intent, invoice_id=invoice_id, amount=amount)
        for order, intent in claimed
        for invoice_id, amount in order.amounts
    )
    history.record_all((_started(intent) for _, intent in claimed), by=by, at=at)
    return claimed


def ask_later(intent: Intent, *, at: datetime, time: int) -> None:
    """Has the gateway asked about this charge in a while, for the n-th time; unless a question
    about it waits already."""
    from paidup.payments.jobs import ask_about_charge  # noqa: PLC0415  jobs calls this package

    jobs.enqueue(
        ask_about_charge,
        organization_id=intent.organization_id,
        run_at=at + ASK_AFTER * time,
        queueing_lock=f"ask:{intent.id}",
        intent_id=intent.id,
        time=str(time),
    )


def _refusal(
    order: Order,
    invoices: dict[UUID, Invoice],
    payable: set[tuple[UUID, UUID]],
    taken: Iterable[UUID],
) -> str:
    if not order.amounts:
        return _("There is nothing to charge.")
    named = [invoices.get(invoice_id) for invoice_id, _ in order.amounts]
    mine = [
        invoice
        for invoice in named
        if invoice and (order.customer.id, invoice.customer_id) in payable
    ]
    if len({invoice.id for invoice in mine}) < len(order.amounts):
        return _("One charge pays invoices of one customer, each named once.")
    if len({(invoice.currency, invoice.entity_id) for invoice in mine}) > 1:
        return _("One charge pays invoices in one currency.")
    refusals = (
        _refusal_of(invoice, amount, taken)
        for invoice, (_, amount) in zip(mine, order.amounts, strict=True)
    )
    return next(filter(None, refusals), "")


def _refusal_of_kind(
    order: Order, payer: Customer, invoices: dict[UUID, Invoice], rules: PaymentRules
) -> str:
    named = [invoices[invoice_id] for invoice_id, _ in order.amounts]
    allowed = queries.allowed_by(rules, payer, named)
    if order.method_kind in allowed:
        return ""
    if allowed:
        return _("%(kind)s is not accepted here. Pay by: %(kinds)s.") % {
            "kind": order.method_kind.label,
            "kinds": in_words(allowed),
        }
    if len(named) > 1:
        return _(
            "There is no way to pay all of these invoices at once. Pay them separately: "
            "each says how it can be paid."
        )
    return _("Invoice %s can't be paid here. Ask whoever sent it how to pay.") % named[0].number


def _refusal_of(invoice: Invoice, amount: Decimal, taken: Iterable[UUID]) -> str:
    money.positive(amount, invoice.currency)
    if invoice.id in taken:
        return (
            _(
                "A payment of invoice %s is under way already. "
                "Wait until it has gone through before paying again."
            )
            % invoice.number
        )
    if invoice.state != InvoiceState.OPEN:
        return _("Invoice %s is not open any more.") % invoice.number
    if amount > invoice.open_amount:
        return _("Of invoice %(number)s only %(amount)s is open; pay at most that.") % {
            "number": invoice.number,
            "amount": formatting.money(invoice.open_amount, invoice.currency),
        }
    return ""


def _intent(order: Order, currency: str, *, purpose: Purpose, at: datetime) -> Intent:
    return Intent(
        id=new_id(),
        organization_id=order.customer.organization_id,
        customer=order.customer,
        entity_id=order.customer.entity_id,
        currency=currency,
        amount=order.amount,
        gateway=order.gateway,
        token=order.token,
        method=order.method,
        method_kind=order.method_kind,
        method_label=order.method_label,
        purpose=purpose,
        created_at=at,
    )


def _started(intent: Intent) -> Happening:
    return Happening(
        kind="charge.started",
        customer_id=intent.customer_id,
        subject_id=intent.id,
        data={
            "amount": str(intent.amount),
            "currency": intent.currency,
            "purpose": intent.purpose,
        },
        personal={"method": intent.method_label},
    )
