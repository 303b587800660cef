"""A cadence's steps in words, and the day that an address asks for."""

from datetime import date

from django.utils.translation import gettext, ngettext

from paidup.web.access import StaffRequest


def when(days: int) -> str:
    """When a step comes, so many days from the due date (before it below zero)."""
    if days == 0:
        return gettext("On the due date")
    if days < 0:
        return ngettext("%(days)s day before due", "%(days)s days before due", -days) % {
            "days": -days
        }
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def day_asked(request: StaffRequest) -> date:
    """The day of the preview: `?on=2026-03-12`, else today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.on
