"""Auto Pay Schedules, and the attempts made under them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import TenantModel, TenantQuerySet
from paidup.payments.models import Intent


class Interval(models.TextChoices):
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    EVERY_N_DAYS = "every_n_days", _("Every N days")


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
    objects = TenantQuerySet["Schedule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "customer"], name="one_schedule"),
            models.CheckConstraint(
                name="schedule_maximum",
                condition=models.Q(maximum=None) | models.Q(maximum__gt=Decimal(0)),
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
    # After a soft decline: the day of the next attempt, until it is made.
    retry_on = models.DateField(null=True)
    # After the last or a hard decline only a new method or a person starts it again.
    given_up = models.BooleanField(default=False)
    objects = TenantQuerySet["Attempt"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "schedule", "slot_on", "invoice", "attempt"],
                name="attempt_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "invoice"], name="attempts_of_invoice"),
            models.Index(
                fields=["organization", "retry_on"],
                condition=models.Q(retry_on__isnull=False),
                name="retries_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_on} #{self.attempt}"
