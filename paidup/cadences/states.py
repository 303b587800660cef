"""What sets a step off, how far an invoice has come, and why one is not reminded of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

PENDING = "reminders_pending"  # the kind of a to-do about reminders; its subject is the customer


class Trigger(models.TextChoices):
    DAYS_FROM_DUE = "days_from_due", _("Days before or after the due date")


class StepMode(models.TextChoices):
    AS_ORGANIZATION = "as_organization", _("As set for the organization")
    APPROVE_FIRST = "approve_first", _("Approve first")


class EnrolmentState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")  # nothing is open any more; reopened, a new cycle begins
    LEFT = "left", _("Left")  # the customer has another cadence; back here it goes on as it was


class ReminderState(models.TextChoices):
    REMINDED = "reminded", _("In a message")
    PENDING = "pending", _("Waiting for a person")  # it was not sent in time
    SKIPPED = "skipped", _("Skipped")


class Origin(models.TextChoices):
    """Whose cadence it is that somebody or something goes by."""

    OWN = "own", _("own")
    CUSTOMER = "customer", _("the customer's")
    DEFAULT = "default", _("the default one")


class Reason(models.TextChoices):
    """Why nobody is reminded of an open invoice on a day."""

    INACTIVE = "inactive", _("The customer is not active")
    HELD = "held", _("Held until a person releases it")
    PROMISED = "promised", _("Promised to be paid")
    DISPUTED = "disputed", _("Disputed")
    UNDER_WAY = "under_way", _("A charge is under way")
    COVERED = "covered", _("Covered by unapplied money")
    BESIDE = "beside", _("A late fee, told of with its invoice")
    NO_CADENCE = "no_cadence", _("No cadence")
    NOT_DUE = "not_due", _("Too early for the first step")
    ALREADY = "already", _("Reminded already; the next step is yet to come")
    WAITING = "waiting", _("Another reminder to this person is waiting to leave")
    GAP = "gap", _("This person was reminded a short while ago")
    BOUNCED = "bounced", _("Mail to this person bounced")
    UNSUBSCRIBED = "unsubscribed", _("This person refuses reminders")
    NO_ADDRESS = "no_address", _("The contact has no e-mail address")
    NO_CONTACT = "no_contact", _("No contact gets reminders")
    LATE = "late", _("Not sent in time; waits for a person")


# While one of these, the invoice's cadence pauses; afterwards it goes on where its age is.
PAUSES = (
    Reason.INACTIVE,
    Reason.HELD,
    Reason.PROMISED,
    Reason.DISPUTED,
    Reason.UNDER_WAY,
    Reason.COVERED,
    Reason.BESIDE,
)
