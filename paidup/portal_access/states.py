"""What a ticket opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketPurpose(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    PASSWORD = "password", _("New password")
