"""Invoices in a few words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def due_in_words(days_late: int, *, late_fee: bool) -> str:
    """How late an invoice is, or how soon it is due (days below zero); and that it is a fee."""
    if late_fee:
        return " · ".join([_("Late fee"), due_in_words(days_late, late_fee=False)])
    if days_late > 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", days_late) % {
            "days": days_late
        }
    if days_late == 0:
        return _("Due today")
    return ngettext("Due in %(days)d day", "Due in %(days)d days", -days_late) % {
        "days": -days_late
    }
