"""Money: payments, credits, allocations, refunds, and what somebody has to approve."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, Member, TenantModel, TenantQuerySet
from paidup.organizations.states import LimitedAction
from paidup.payments.states import (
    CreditReason,
    PaymentKind,
    ProposalState,
    RefundState,
)

from .charges import Intent

_AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 4}
_UNAPPLIED = models.Q(unapplied_amount__gte=0, unapplied_amount__lte=models.F("amount"))


class Payment(TenantModel):
    """Money received from a customer."""

    customer = TenantForeignKey(Customer, null=True)  # none once it was deleted
    entity = TenantForeignKey(Entity)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**_AMOUNT)
    unapplied_amount = models.DecimalField(**_AMOUNT)  # what no invoice and no refund has used
    kind = models.CharField(_("paid by"), max_length=12, choices=PaymentKind)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    received_on = models.DateField(_("received"))
    settled_on = models.DateField(null=True)
    intent = TenantForeignKey(Intent, null=True)
    reversed_on = models.DateField(null=True)
    reversal_reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    objects = VisibleQuerySet["Payment"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="payment_unapplied", condition=_UNAPPLIED),
            models.CheckConstraint(
                name="payment_of_nobody",
                condition=models.Q(customer__isnull=False) | models.Q(reference=""),
            ),
            models.UniqueConstraint(
                fields=["organization", "intent"],
                condition=models.Q(intent__isnull=False),
                name="one_payment_per_intent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-received_on"], name="payments_of_customer"
            ),
            models.Index(
                fields=["organization", "received_on"],
                include=["currency", "amount", "reversed_on"],
                name="payments_by_day",
            ),
            models.Index(
                fields=["organization", "customer"],
                condition=models.Q(unapplied_amount__gt=0),
                name="unapplied_payments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Credit(TenantModel):
    """Money the organization no longer wants: a credit memo, applied to invoices or left."""

    customer = TenantForeignKey(Customer, null=True)  # none once it was deleted
    entity = TenantForeignKey(Entity)
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**_AMOUNT)
    unapplied_amount = models.DecimalField(**_AMOUNT)
    reason = models.CharField(max_length=12, choices=CreditReason)
    description = models.CharField(_("description"), max_length=500)
    granted_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = VisibleQuerySet["Credit"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entity", "number"], name="credit_number"
            ),
            models.CheckConstraint(name="credit_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="credit_unapplied", condition=_UNAPPLIED),
            models.CheckConstraint(
                name="credit_of_nobody",
                condition=models.Q(customer__isnull=False)
                | models.Q(unapplied_amount=0, description=""),
            ),
        ]
        indexes = [models.Index(fields=["organization", "customer"], name="credits_of_customer")]

    def __str__(self) -> str:
        return self.number


class ErasedMethod(TenantModel):
    """A method that no customer has, which the gateway still has to erase; then the row goes."""

    gateway = models.CharField(max_length=20)
    token = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    objects = TenantQuerySet["ErasedMethod"].as_manager()

    def __str__(self) -> str:
        return str(self.id)


class AllocationQuerySet(VisibleQuerySet["Allocation"]):
    def standing(self) -> Self:
        """Neither undone nor an undoing."""
        undone = Allocation.objects.filter(
            organization_id=models.OuterRef("organization_id"), undoes=models.OuterRef("id")
        )
        return self.filter(undoes=None).exclude(models.Exists(undone))


class Allocation(TenantModel):
    """An amount of a payment or credit put to an invoice, or the undoing of one. Only added to."""

    payment = TenantForeignKey(Payment, null=True)
    credit = TenantForeignKey(Credit, null=True)
    invoice = TenantForeignKey(Invoice)
    amount = models.DecimalField(**_AMOUNT)
    undoes = TenantForeignKey("self", null=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = AllocationQuerySet.as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.CheckConstraint(name="allocation_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="allocation_of_one_source",
                condition=models.Q(payment__isnull=False, credit__isnull=True)
                | models.Q(payment__isnull=True, credit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization", "undoes"],
                condition=models.Q(undoes__isnull=False),
                name="undone_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "invoice"], name="allocations_of_invoice"),
            models.Index(fields=["organization", "payment"], name="allocations_of_payment"),
            models.Index(
                fields=["organization", "credit"],
                condition=models.Q(credit__isnull=False),
                name="allocations_of_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} to {self.invoice_id}"


class Refund(TenantModel):
    """Money given back. Its amount has left the payment before the gateway is asked."""

    payment = TenantForeignKey(Payment)
    amount = models.DecimalField(**_AMOUNT)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    refunded_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = VisibleQuerySet["Refund"].as_manager()
    to_customer = "payment__customer"

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_amount", condition=models.Q(amount__gt=0)),
        ]
        indexes = [
            models.Index(fields=["organization", "payment"], name="refunds_of_payment"),
            models.Index(
                fields=["organization", "recorded_at"],
                condition=models.Q(state="pending"),
                name="unanswered_refunds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Proposal(TenantModel):
    """A credit or refund over the limit of who asked for it, until somebody else decides."""

    customer = TenantForeignKey(Customer)
    payment = TenantForeignKey(Payment, null=True)  # of a refund
    action = models.CharField(max_length=8, choices=LimitedAction)
    amount = models.DecimalField(**_AMOUNT)
    currency = models.CharField(max_length=3)
    details = models.JSONField(default=dict)  # what else the operation takes; ids and choices
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.WAITING)
    asked_by = TenantForeignKey(Member)
    asked_at = models.DateTimeField()
    decided_by = TenantForeignKey(Member, null=True)
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(_("reason"), max_length=200, blank=True)
    objects = VisibleQuerySet["Proposal"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposal_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="proposal_of_a_payment",
                condition=models.Q(action="refund", payment__isnull=False)
                | models.Q(action="credit", payment=None),
            ),
            models.CheckConstraint(
                name="proposal_decided",
                condition=models.Q(state="waiting", decided_by=None)
                | ~models.Q(state="waiting") & models.Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="not_decided_by_oneself",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.amount} {self.currency}"
