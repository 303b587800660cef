"""What an invoice, a dispute and a promise can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceState(models.TextChoices):
    OPEN = "open", _("Open")
    PAID = "paid", _("Paid")
    VOID = "void", _("Void")
    WRITTEN_OFF = "written_off", _("Written off")


class Hold(models.TextChoices):
    """Why cadences, autopay and late fees leave an invoice alone until a person releases it."""

    NONE = "", _("Not held")
    RETURNED = "returned", _("Payment returned")
    REFUNDED = "refunded", _("Payment refunded")
    REVERSED = "reversed", _("Payment reversed")
    CHARGED_BACK = "charged_back", _("Charged back")


class DisputeState(models.TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")


class PromiseState(models.TextChoices):
    OPEN = "open", _("Open")
    KEPT = "kept", _("Kept")
    PARTLY_KEPT = "partly_kept", _("Partly kept")
    BROKEN = "broken", _("Broken")
