"""How a late fee is reckoned, and why one is not charged."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a fee is, of what is left of the invoice."""

    FLAT = "flat", _("A flat amount")
    PERCENT = "percent", _("A percentage of what is late")
    PER_ANNUM = "per_annum", _("Interest by the year, for the days gone by")


class Reason(models.TextChoices):
    """Why no fee is charged for an overdue invoice on a day; the first that holds is told."""

    NO_RULE = "no_rule", _("No rule for its currency")
    BEFORE = "before", _("Due before the rule begins")
    SWITCHED_OFF = "switched_off", _("Late fees are disabled for the customer")
    INACTIVE = "inactive", _("The customer is not active")
    GRACE = "grace", _("Within the grace days")
    ALREADY = "already", _("Charged already")
    CAPPED = "capped", _("The most that the rule allows is charged")
    HELD = "held", _("Held until a person releases it")
    AUTOPAY = "autopay", _("Its Auto Pay Schedule will charge it")
    DISPUTED = "disputed", _("Disputed")
    PROMISED = "promised", _("Promised to be paid")
    UNDER_WAY = "under_way", _("A charge is under way")
    COVERED = "covered", _("Covered by unapplied money")
    TOO_SMALL = "too_small", _("It would come to nothing")
