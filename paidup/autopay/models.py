"""Auto Pay Schedules, and the attempts made under them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import TenantModel
from paidup.payments.models import Intent


class Interval(models.TextChoices):
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    EVERY_N_DAYS = "every_n_days", _("Every N days")


class AttemptState(models.TextChoices):
    UNDER_WAY = "under_way", _("Under way")
    PAID = "paid", _("Paid")
    RETRY = "retry", _("To be retried")
    RETRIED = "retried", _("Retried")
    # Only a new method or a person starts it again.
    GIVEN_UP = "given_up", _("Given up")


class Schedule(TenantModel):
    """When a customer's open invoices are charged to its saved method."""

    customer = TenantForeignKey(Customer)
    interval = models.CharField(_("interval"), max_length=12, choices=Interval)
    # Weekdays 0 (Monday) to 6, days of the month 1 to 31 (past its end: its last day), or N.
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    starts_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("end date"), null=True, blank=True)
    due_only = models.BooleanField(_("charge due invoices only"), default=True)
    own_invoices_only = models.BooleanField(_("do not charge sub-accounts"), default=True)
    maximum = models.DecimalField(
        _("maximum per charge"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    ended = models.BooleanField(default=False)  # kept for its attempts; charges nothing any more
    merged_from = models.UUIDField(null=True)  # the merged customer whose it was; then it has ended
    served_through = models.DateField(null=True)  # the last slot that a tick has seen to
    objects = VisibleQuerySet["Schedule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "merged_from"],
                name="one_schedule",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="merged_schedule_has_ended",
                condition=models.Q(merged_from=None) | models.Q(ended=True),
            ),
            models.CheckConstraint(
                name="schedule_maximum",
                condition=models.Q(maximum=None) | models.Q(maximum__gt=Decimal(0)),
            ),
            models.CheckConstraint(
                name="schedule_days",
                condition=models.Q(interval="daily") | models.Q(days__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.interval


class Attempt(TenantModel):
    """The n-th charge of an invoice under a schedule's slot. The database keeps it single."""

    schedule = TenantForeignKey(Schedule)
    slot_on = models.DateField()
    invoice = TenantForeignKey(Invoice)
    attempt = models.PositiveSmallIntegerField(default=1)
    intent = TenantForeignKey(Intent)
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.UNDER_WAY)
    retry_on = models.DateField(null=True)  # while it is to be retried
    objects = VisibleQuerySet["Attempt"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "schedule", "slot_on", "invoice", "attempt"],
                name="attempt_once",
            ),
            models.CheckConstraint(
                name="attempt_retry_day",
                condition=models.Q(state="retry", retry_on__isnull=False)
                | (~models.Q(state="retry") & models.Q(retry_on__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "invoice"], name="attempts_of_invoice"),
            models.Index(
                fields=["organization", "retry_on"],
                condition=models.Q(state="retry"),
                name="retries_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_on} #{self.attempt}"
