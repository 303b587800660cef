"""What a customer can be, and how a person there is addressed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerState(models.TextChoices):
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    ARCHIVED = "archived", _("Archived")


class Category(models.TextChoices):
    """How the customers list is divided; the database derives it."""

    ACTIVE = "active", _("Active")
    SETTLED = "settled", _("Settled")
    INACTIVE = "inactive", _("Inactive")
    ARCHIVED = "archived", _("Archived")


class Grade(models.TextChoices):
    """How a customer stands, by its health score: twenty points each, and 100 is an A."""

    A = "A", pgettext_lazy("grade of health", "A")
    B = "B", pgettext_lazy("grade of health", "B")
    C = "C", pgettext_lazy("grade of health", "C")
    D = "D", pgettext_lazy("grade of health", "D")
    E = "E", pgettext_lazy("grade of health", "E")

    @property
    def scores(self) -> tuple[int, int]:
        """The least and the most that are of this grade."""
        least = LEAST[self]
        return least, 100 if self is Grade.A else least + 19

    @classmethod
    def of(cls, score: int) -> "Grade":
        """The grade of a score from 0 to 100."""
        return next(grade for grade, least in LEAST.items() if score >= least)


LEAST = {Grade.A: 80, Grade.B: 60, Grade.C: 40, Grade.D: 20, Grade.E: 0}


class PortalAccess(models.TextChoices):
    """Whether a contact may see a customer in the portal. Once switched off, only staff can invite
    again: nobody gets in by asking."""

    UNSET = "unset", _("Not invited")
    ENABLED = "enabled", _("Enabled")
    DISABLED = "disabled", _("Disabled")


class ContactRole(models.TextChoices):
    BILLING = "billing", _("Billing")
    EXECUTIVE = "executive", _("Executive")
    OTHER = "other", _("Other")
