"""Ways to pay, and charges: intents, claims, facts."""

from datetime import date
from typing import Any, Self

from django.db import models

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, TenantModel, TenantQuerySet
from paidup.payments.states import (
    UNDER_WAY,
    Channel,
    IntentState,
    PaymentKind,
    Purpose,
)

_AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 4}
_UNAPPLIED = models.Q(unapplied_amount__gte=0, unapplied_amount__lte=models.F("amount"))


class PaymentMethodQuerySet(VisibleQuerySet["PaymentMethod"]):
    def chargeable(self, on: date) -> Self:
        return self.filter(removed_at=None).filter(
            models.Q(expires_on=None) | models.Q(expires_on__gte=on)
        )


class PaymentMethod(TenantModel):
    """A saved card or bank account, as a token of the gateway's vault. Never a number."""

    customer = TenantForeignKey(Customer)
    gateway = models.CharField(max_length=20)
    token = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=PaymentKind)
    brand = models.CharField(max_length=40)
    last4 = models.CharField(max_length=4)
    expires_on = models.DateField(null=True)  # last day on which it may be charged
    default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    objects = PaymentMethodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer"],
                condition=models.Q(default=True, removed_at=None),
                name="one_default_method",
            ),
            # The gateway's saving gives the same token for the same details sent twice.
            models.UniqueConstraint(
                fields=["organization", "gateway", "token"],
                condition=models.Q(removed_at=None),
                name="one_customer_s_method",
            ),
        ]
        indexes = [models.Index(fields=["organization", "customer"], name="methods_of_customer")]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"


class Mandate(TenantModel):
    """The authority to charge a saved method without its owner present; kept as it was worded."""

    customer = TenantForeignKey(Customer)
    method = TenantForeignKey(PaymentMethod)
    text = models.TextField()
    channel = models.CharField(max_length=10, choices=Channel)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    objects = VisibleQuerySet["Mandate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "method"],
                condition=models.Q(revoked_at=None),
                name="one_live_mandate",
            ),
        ]

    def __str__(self) -> str:
        return self.given_by


class PayLink(TenantModel):
    """A link with which one invoice, or all that is open, can be paid without signing in."""

    customer = TenantForeignKey(Customer)
    invoice = TenantForeignKey(Invoice, null=True)
    # The merged customer to which it was sent: it still opens, and is not given out again.
    merged_from = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    objects = VisibleQuerySet["PayLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "invoice", "merged_from"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_pay_link",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class MethodLink(TenantModel):
    """A link with which a card or bank account can be entered without signing in. It pays nothing,
    and shows nothing of what is on file."""

    customer = TenantForeignKey(Customer)
    # The merged customer to which it was sent: it still opens, and is not given out again.
    merged_from = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    objects = VisibleQuerySet["MethodLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "merged_from"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_method_link",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Intent(TenantModel):
    """A charge, from before the gateway is asked. Its id is the idempotency key."""

    customer = TenantForeignKey(Customer, null=True)  # none once it was deleted
    entity = TenantForeignKey(Entity)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**_AMOUNT)
    gateway = models.CharField(max_length=20)
    token = models.CharField(max_length=120)
    method = TenantForeignKey(PaymentMethod, null=True)
    method_kind = models.CharField(max_length=12, choices=PaymentKind)
    method_label = models.CharField(max_length=60)  # "Visa •••• 4242"
    purpose = models.CharField(max_length=10, choices=Purpose)
    state = models.CharField(max_length=12, choices=IntentState, default=IntentState.PENDING)
    reference = models.CharField(max_length=120, blank=True)  # the gateway's number
    reason = models.CharField(max_length=120, blank=True)  # the gateway's decline or return code
    retryable = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    objects = VisibleQuerySet["Intent"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="intent_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="intent_of_nobody",
                condition=models.Q(customer__isnull=False)
                | (
                    models.Q(method=None, token="", method_label="")
                    & ~models.Q(state__in=sorted(UNDER_WAY))
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-created_at"], name="intents_of_customer"
            ),
            models.Index(
                fields=["organization", "created_at"],
                condition=models.Q(state__in=["pending", "unknown"]),
                name="unanswered_intents",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY


class Claim(TenantModel):
    """An intent's claim on an invoice. One live claim per invoice: no invoice is charged twice."""

    intent = TenantForeignKey(Intent)
    invoice = TenantForeignKey(Invoice)
    amount = models.DecimalField(**_AMOUNT)
    live = models.BooleanField(default=True)
    objects = VisibleQuerySet["Claim"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                condition=models.Q(live=True),
                name="one_live_claim",
            ),
            models.CheckConstraint(name="claim_amount", condition=models.Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["organization", "intent"], name="claims_of_intent")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice_id}"


class GatewayFact(TenantModel):
    """One thing the gateway told us of an intent. Only added to; told twice, kept once."""

    intent = TenantForeignKey(Intent)
    fact_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(**_AMOUNT)
    reference = models.CharField(max_length=120)
    reason = models.CharField(max_length=120, blank=True)
    retryable = models.BooleanField(default=False)
    at = models.DateTimeField()
    objects = TenantQuerySet["GatewayFact"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "intent", "fact_id"], name="fact_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
