"""What a customer can be, and how a person there is addressed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
