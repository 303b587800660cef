"""What a late fee's document says it is for, and a rate in words."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.lib import formatting

from .judge import Due
from .states import Kind


def line_of(due: Due, on: date) -> str:
    """The one line of the document, in the language that is active: which invoice, of how much, at
    which rate, how late."""
    base = formatting.money(due.base, due.currency)
    late = (on - due.due_on).days
    figures = {
        "number": due.number,
        "base": base,
        "rate": percent(due.rate) if due.rate else "",
        "days": formatting.number(due.days if due.kind == Kind.PER_ANNUM else late),
    }
    match due.kind:
        case Kind.FLAT:
            text = ngettext(
                "Late fee for invoice %(number)s: %(base)s is %(days)s day overdue",
                "Late fee for invoice %(number)s: %(base)s is %(days)s days overdue",
                late,
            )
        case Kind.PERCENT:
            text = ngettext(
                "Late fee for invoice %(number)s: %(rate)s of %(base)s, %(days)s day overdue",
                "Late fee for invoice %(number)s: %(rate)s of %(base)s, %(days)s days overdue",
                late,
            )
        case _:
            text = ngettext(
                "Interest on invoice %(number)s: %(rate)s a year on %(base)s for %(days)s day",
                "Interest on invoice %(number)s: %(rate)s a year on %(base)s for %(days)s days",
                due.days,
            )
    return text % figures


def percent(rate: Decimal) -> str:
    """A rate such as `1.5%`, with no more decimals than it has."""
    return _("%s%%") % formatting.number(rate.normalize() + 0)
