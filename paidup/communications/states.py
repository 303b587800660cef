"""What a message is for, how it travels, and how far it has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class Purpose(models.TextChoices):
    REMINDER = "reminder", _("Reminder")
    RECEIPT = "receipt", _("Receipt")
    CHARGE_FAILED = "charge_failed", _("Failed payment")
    INVOICE = "invoice", _("Invoice")
    STATEMENT = "statement", _("Statement")
    INVITATION = "invitation", _("Invitation")
    MAIL = "mail", _("E-mail")  # written by staff to a customer
    STAFF = "staff", _("Mail to staff")


# What answers something its recipient has just done, or goes to staff, leaves at any hour.
AT_ANY_HOUR = (Purpose.RECEIPT, Purpose.INVITATION, Purpose.STAFF)


class MessageState(models.TextChoices):
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNKNOWN = "unknown", _("Unknown")  # interrupted while sending; never sent again by itself


# It will still leave, unless someone or something stops it.
WAITING = (MessageState.AWAITING_APPROVAL, MessageState.QUEUED)
# It has not reached its recipient and will not.
UNDELIVERED = (MessageState.FAILED, MessageState.WITHDRAWN)
