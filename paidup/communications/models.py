"""Messages with the customers they are about, templates, and the hours in which messages leave."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Contact, Customer
from paidup.customers.visibility import VisibleQuerySet, seen_customers
from paidup.lib import tenancy
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Member, TenantModel, TenantQuerySet

from .states import UNDELIVERED, WAITING, Channel, MessageState, Purpose

_REMINDS = models.Q(purpose=Purpose.REMINDER) & ~models.Q(state__in=UNDELIVERED)


class MessageQuerySet(VisibleQuerySet["Message"]):
    def seen(self) -> Self:
        """Those about customers that are all seen: a mail has a section for each of them."""
        seen = seen_customers()
        if seen is None:
            return self
        about = MessageCustomer.objects.of(tenancy.current()).filter(
            message_id=models.OuterRef("id")
        )
        return self.filter(
            models.Exists(about.filter(customer__in=seen)),
            ~models.Exists(about.exclude(customer__in=seen)),
        )

    def about_customer(self, customer_id: UUID) -> Self:
        concerned = MessageCustomer.objects.filter(
            organization_id=models.OuterRef("organization_id"),
            message_id=models.OuterRef("id"),
            customer_id=customer_id,
        )
        return self.filter(models.Exists(concerned))

    def awaiting_approval(self) -> Self:
        return self.filter(state=MessageState.AWAITING_APPROVAL)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def due(self, at: datetime) -> Self:
        """To be sent now, in the order in which they were queued."""
        return self.filter(state=MessageState.QUEUED, send_after__lte=at).order_by(
            "send_after", "id"
        )

    def unstoppable(self) -> Self:
        """What a person wrote or approved: it leaves also while automation is stopped."""
        return self.exclude(automatic=True, approved_by=None)


class Message(TenantModel):
    """One message to one address. Its intent's key is unique: a thing is said once."""

    contact = TenantForeignKey(Contact, null=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    purpose = models.CharField(max_length=16, choices=Purpose)
    to_address = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    blocks = models.JSONField(default=list)
    attachments = models.JSONField(default=list)  # [{"maker": "invoice_pdf", "id": "…"}]
    gate = models.CharField(max_length=40, blank=True)
    gate_data = models.JSONField(default=dict)  # what the gate needs: ids, or words as written
    intent_key = models.CharField(max_length=200)
    automatic = models.BooleanField(default=True)
    reminder_on = models.DateField(null=True)  # of reminders: the day on which it reminds
    state = models.CharField(max_length=20, choices=MessageState, default=MessageState.QUEUED)
    approved_by = TenantForeignKey(Member, null=True)
    sent_by = TenantForeignKey(Member, null=True)  # who wrote it, or had it sent
    message_id = models.CharField(max_length=120)  # the mail's Message-ID, the same in every try
    queued_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "intent_key"], name="message_once_per_intent"
            ),
            # Never two reminders to one person in one day, whichever of the two tells who it is.
            models.UniqueConstraint(
                fields=["organization", "contact", "reminder_on"],
                condition=_REMINDS,
                name="one_reminder_a_day",
            ),
            models.UniqueConstraint(
                "organization",
                Lower("to_address"),
                "reminder_on",
                condition=_REMINDS,
                name="one_reminder_a_day_and_address",
            ),
            models.CheckConstraint(
                name="reminder_has_a_day",
                condition=models.Q(purpose="reminder", reminder_on__isnull=False)
                | (~models.Q(purpose="reminder") & models.Q(reminder_on=None)),
            ),
            models.CheckConstraint(
                name="message_sent_at",
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "send_after", "id"],
                condition=models.Q(state="queued"),
                name="queued_messages",
            ),
            models.Index(
                fields=["organization", "state", "queued_at"],
                condition=~models.Q(state__in=["sent", "withdrawn"]),
                name="unfinished_messages",
            ),
            models.Index(
                fields=["organization", "reminder_on"],
                condition=_REMINDS,
                name="reminders_by_day",
            ),
            models.Index(
                fields=["organization", "contact", "-queued_at"], name="messages_to_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MessageCustomer(TenantModel):
    """A customer that a message is about; one to a person of several customers is about each."""

    message = TenantForeignKey(Message)
    customer = TenantForeignKey(Customer)
    objects = VisibleQuerySet["MessageCustomer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "message", "customer"], name="message_customer_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "customer", "message"], name="messages_about"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} about {self.customer_id}"


class MessageTemplate(TenantModel):
    """Subject and text of a kind of message, with variables such as `{{ customer.name }}`."""

    name = models.CharField(_("name"), max_length=80)
    purpose = models.CharField(_("used for"), max_length=16, choices=Purpose)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    objects = TenantQuerySet["MessageTemplate"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="template_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryWindow(TenantModel):
    """When automatic messages leave, in the organization's time zone.

    `to_hour` is the last hour in which sending starts: with 17 the last message leaves at 17:59.
    """

    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("days"))  # Monday is 0
    from_hour = models.PositiveSmallIntegerField(_("from hour"))
    to_hour = models.PositiveSmallIntegerField(_("to hour"))
    objects = TenantQuerySet["DeliveryWindow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_delivery_window"),
            models.CheckConstraint(
                name="delivery_window_hours",
                condition=models.Q(
                    from_hour__gte=0, to_hour__gte=models.F("from_hour"), to_hour__lte=23
                ),
            ),
            models.CheckConstraint(
                name="delivery_window_days",
                condition=models.Q(days__len__gte=1, days__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_hour}–{self.to_hour}"
