"""Cadences with their steps, whose they are, the invoices that run through them, the reminders."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.communications.models import Message, MessageTemplate
from paidup.communications.states import Channel
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.invoicing.models import Invoice
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import TenantModel, TenantQuerySet

from .states import EnrolmentState, ReminderState, StepMode, Trigger


class CadenceQuerySet(TenantQuerySet["Cadence"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Cadence(TenantModel):
    """A set of steps. The default one is for the invoices of whoever has no other assigned.

    A removed one stays as a row, for the reminders that were made by it.
    """

    name = models.CharField(_("name"), max_length=80)
    default = models.BooleanField(default=False)
    # Days from one reminder to a person until the next; with 1, the next day.
    gap_days = models.PositiveSmallIntegerField(_("days between reminders"), default=2)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    objects = CadenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(removed_at=None),
                name="cadence_name",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(default=True),
                name="one_default_cadence",
            ),
            models.CheckConstraint(
                name="cadence_gap_days", condition=models.Q(gap_days__gte=1, gap_days__lte=30)
            ),
            models.CheckConstraint(
                name="default_cadence_stands",
                condition=models.Q(default=False) | models.Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StepQuerySet(TenantQuerySet["Step"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Step(TenantModel):
    """One step: so many days from the due date (before it below zero), this template.

    A removed one stays as a row, for the reminders that were made by it.
    """

    cadence = TenantForeignKey(Cadence)
    trigger = models.CharField(max_length=20, choices=Trigger, default=Trigger.DAYS_FROM_DUE)
    days = models.SmallIntegerField(_("days from the due date"))
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    template = TenantForeignKey(MessageTemplate)
    mode = models.CharField(max_length=16, choices=StepMode, default=StepMode.AS_ORGANIZATION)
    removed_at = models.DateTimeField(null=True)
    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["days"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "cadence", "days"],
                condition=models.Q(removed_at=None),
                name="step_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days:+d}"


class Assignment(TenantModel):
    """A customer's own cadence, or that it has none; without a row it has the default one."""

    customer = TenantForeignKey(Customer)
    cadence = TenantForeignKey(Cadence, null=True)  # None: its cadences were removed
    objects = VisibleQuerySet["Assignment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "customer"], name="assigned_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "cadence", "customer"], name="assigned_to_cadence")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.cadence_id}"


class InvoiceAssignment(TenantModel):
    """An invoice's own cadence, or that nobody is reminded of it; without a row it goes by its
    customer's."""

    invoice = TenantForeignKey(Invoice)
    cadence = TenantForeignKey(Cadence, null=True)  # None: it was taken out of chasing
    objects = VisibleQuerySet["InvoiceAssignment"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice"], name="invoice_assigned_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "cadence", "invoice"], name="invoice_assigned_to_cadence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.cadence_id}"


class LinkAssignment(TenantModel):
    """A person's own cadence at a customer; without a row it goes by the invoices'.

    It is part of the person's place there, and goes with it.
    """

    link = TenantForeignKey(ContactLink)
    cadence = TenantForeignKey(Cadence)
    objects = VisibleQuerySet["LinkAssignment"].as_manager()
    to_customer = "link__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "link"], name="link_assigned_once"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "cadence", "link"], name="link_assigned_to_cadence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.cadence_id}"


class Enrolment(TenantModel):
    """An invoice on its way through a cadence: its own or its customer's, or that of a person.

    `reached` is the latest step's days that is done: reminded of, skipped or left to a person.
    Earlier steps without a reminder were skipped.
    """

    invoice = TenantForeignKey(Invoice)
    cadence = TenantForeignKey(Cadence)
    state = models.CharField(max_length=8, choices=EnrolmentState, default=EnrolmentState.RUNNING)
    entered_on = models.DateField()  # in this cadence, or on again after a pause
    cycle = models.PositiveSmallIntegerField(default=1)  # one more each time the invoice reopened
    reached = models.SmallIntegerField(null=True)
    objects = VisibleQuerySet["Enrolment"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice", "cadence"], name="enrolled_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "invoice"],
                condition=~models.Q(state="stopped"),
                name="live_enrolments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"


class Reminder(TenantModel):
    """A step of an invoice, for one person; without a person while it waits for a decision."""

    enrolment = TenantForeignKey(Enrolment)
    step = TenantForeignKey(Step)
    invoice = TenantForeignKey(Invoice)
    contact = TenantForeignKey(Contact, null=True)
    cycle = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReminderState)
    message = TenantForeignKey(Message, null=True)
    made_on = models.DateField()
    objects = VisibleQuerySet["Reminder"].as_manager()
    to_customer = "invoice__customer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "enrolment", "step", "contact", "cycle"],
                name="reminded_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="reminder_in_a_message",
                condition=models.Q(state="reminded", message__isnull=False)
                | (~models.Q(state="reminded") & models.Q(message=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "invoice"], name="reminders_of_invoice"),
            models.Index(fields=["organization", "message"], name="reminders_in_message"),
            models.Index(
                fields=["organization", "state"],
                condition=models.Q(state="pending"),
                name="pending_reminders",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"
