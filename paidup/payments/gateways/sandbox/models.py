"""The vendor's own tables: another company's database, so no organization and no row security."""

from django.db import models
from django.db.models import Q


class StoredMethod(models.Model):
    """A card or bank account as the vendor keeps it, behind a token: one-time, or saved."""

    token = models.CharField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=20)
    brand = models.CharField(max_length=40)
    last4 = models.CharField(max_length=4)
    expires_on = models.CharField(max_length=7)  # "2028-05", empty for bank accounts
    one_time = models.BooleanField()
    used = models.BooleanField(default=False)  # a one-time token, by a charge or by saving it
    made_from = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="saved"
    )  # the one-time token that was saved as this one

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"


class Charge(models.Model):
    """One charge, asked for under one key. Where it stands follows from its events."""

    reference = models.CharField(primary_key=True, max_length=60)
    idempotency_key = models.CharField(max_length=200, unique=True)
    token = models.CharField(max_length=60)  # no foreign key: the charge outlives the method
    last4 = models.CharField(max_length=4)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField(null=True)  # when the outcome that was put off comes

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_charge_amount_positive")
        ]
        indexes = [
            models.Index("due_at", name="sandbox_charge_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class Refund(models.Model):
    """Money given back of one charge, asked for under one key."""

    idempotency_key = models.CharField(primary_key=True, max_length=200)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_refund_amount_positive")
        ]

    def __str__(self) -> str:
        return self.idempotency_key


class Event(models.Model):
    """One fact of a charge, and how far telling it by webhook has come."""

    fact_id = models.CharField(max_length=60, unique=True)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="events")
    payload = models.JSONField()  # the fact as it is told
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)  # by the real clock; none: at once
    delivered_at = models.DateTimeField(null=True)  # by the real clock

    class Meta:
        indexes = [
            models.Index("id", name="sandbox_event_due", condition=Q(delivered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.fact_id
