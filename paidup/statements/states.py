"""Kinds of statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StatementKind(models.TextChoices):
    OPEN_ITEM = "open_item", _("Open items")
    BALANCE_FORWARD = "balance_forward", _("Balance forward")
