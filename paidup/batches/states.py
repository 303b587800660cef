"""What can be done to many customers, and what becomes of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    CHANGE_OWNER = "change_owner", _("Change Owner")
    INVITE = "invite", _("Send an Invitation")
    CHANGE_CADENCE = "change_cadence", _("Change Cadence")
    REMOVE_CADENCES = "remove_cadences", _("Remove Cadences")
    SEND_STATEMENT = "send_statement", _("Send statement")
    ARCHIVE = "archive", _("Archive")


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    UNCHANGED = "unchanged", _("Was so already")
    REFUSED = "refused", _("Refused")
