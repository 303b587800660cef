"""What an invoice, a dispute and a promise can be."""

from datetime import date

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


class AgingBucket(models.TextChoices):
    """How late what is open is."""

    CURRENT = "current", _("Current")
    TO_30 = "1-30", _("1–30")
    TO_60 = "31-60", _("31–60")
    TO_90 = "61-90", _("61–90")
    OVER_90 = "90+", _("90+")

    @classmethod
    def of(cls, due_on: date, on: date) -> "AgingBucket":
        """The bucket on a day of what was due on another."""
        days_late = (on - due_on).days
        for bucket, most in LATEST.items():
            if days_late <= most:
                return bucket
        return cls.OVER_90


# The most days late in each bucket but the last.
LATEST = {
    AgingBucket.CURRENT: 0,
    AgingBucket.TO_30: 30,
    AgingBucket.TO_60: 60,
    AgingBucket.TO_90: 90,
}
