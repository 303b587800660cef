"""Roles, and how far automation may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    AR_MANAGER = "ar_manager", _("AR Manager")
    AR_SPECIALIST = "ar_specialist", _("AR Specialist")
    VIEWER = "viewer", _("Viewer")

    @property
    def may_edit(self) -> bool:
        return self is not Role.VIEWER

    @property
    def may_administer(self) -> bool:
        return self in {Role.OWNER, Role.ADMIN}

    @property
    def may_delete(self) -> bool:
        return self is Role.OWNER


class SendingMode(models.TextChoices):
    """Whether automatic messages wait for a person. New organizations start in approve-first."""

    APPROVE_FIRST = "approve_first", _("Approve first")
    AUTOMATIC = "automatic", _("Automatic")
