"""Money and dates as the viewer's language writes them."""

import re
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.numbers import NumberPattern
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

from paidup.lib.money import exponent


def locale() -> Locale:
    """The locale of the language that is active for this request."""
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency's sign and decimals, such as `$1,234.50` or `¥1,235`."""
    return _applied(_signed(locale(), currency), amount, currency)


def plain_money(amount: Decimal, currency: str) -> str:
    """An amount with its currency's decimals but no sign, for columns that name the currency."""
    return _applied(_unsigned(locale(), currency), amount, currency)


@cache
def _signed(viewer: Locale, currency: str) -> NumberPattern:
    return _with_decimals(viewer.currency_formats["standard"], currency)


@cache
def _unsigned(viewer: Locale, currency: str) -> NumberPattern:
    return _with_decimals(viewer.decimal_formats[None], currency)


def _with_decimals(pattern: NumberPattern, currency: str) -> NumberPattern:
    # The decimals are ISO 4217's: the locale data's own would hide the cents of some currencies.
    pattern = copy(pattern)
    pattern.frac_prec = (exponent(currency),) * 2
    return pattern


def _applied(pattern: NumberPattern, amount: Decimal, currency: str) -> str:
    written: str = pattern.apply(amount, locale(), currency=currency, currency_digits=False)
    # A currency without a sign stands apart from its figure: `KWD 1.500`.
    return re.sub(r"(?<=[^\W\d_])(?=\d)", "\N{NO-BREAK SPACE}", written)


def day(value: date, length: str = "medium") -> str:
    """A day, such as `Jun 30, 2013`; of a moment, its day in the active time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, length, locale())


@lru_cache(maxsize=4096)  # a list repeats its days
def _day(value: date, length: str, viewer: Locale) -> str:
    return format_date(value, format=length, locale=viewer)


def moment(value: datetime) -> str:
    """A moment in the active time zone, such as `Jun 30, 2013, 9:00 AM`."""
    viewer, local = locale(), timezone.localtime(value)
    return (
        str(get_datetime_format("medium", locale=viewer))
        .replace("'", "")
        .replace("{0}", format_time(local, "short", locale=viewer))
        .replace("{1}", format_date(local, "medium", locale=viewer))
    )


def ago(value: datetime, at: datetime) -> str:
    """How long before (or after) `at` a moment is, such as `3 days ago`."""
    if abs(value - at) < timedelta(minutes=1):
        return gettext("just now")
    return format_timedelta(value - at, add_direction=True, locale=locale())
