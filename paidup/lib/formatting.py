"""Money, numbers and dates as the viewer's language writes them."""

import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

from paidup.lib.money import exponent


def locale() -> Locale:
    """The locale of the language that is active for this request."""
    return _locale(_language())


def _language() -> str:
    return get_language() or "en"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency's sign and decimals, such as `$1,234.50` or `¥1,235`."""
    return _writing(_language(), currency, signed=True)(amount)


def plain_money(amount: Decimal, currency: str) -> str:
    """An amount with its currency's decimals but no sign, for columns that name the currency."""
    return _writing(_language(), currency, signed=False)(amount)


@cache
def _writing(language: str, currency: str, *, signed: bool) -> Callable[[Decimal], str]:
    """How a language writes amounts of a currency."""
    viewer = _locale(language)
    pattern = copy(viewer.currency_formats["standard"] if signed else viewer.decimal_formats[None])
    # The decimals are ISO 4217's: the locale data's own would hide the cents of some currencies.
    digits = exponent(currency)
    pattern.frac_prec = (digits, digits)

    def applied(amount: Decimal) -> str:
        written: str = pattern.apply(amount, viewer, currency=currency, currency_digits=False)
        # A currency without a sign stands apart from its figure: `KWD 1.500`.
        return re.sub(r"(?<=[^\W\d_])(?=\d)", "\N{NO-BREAK SPACE}", written)

    if pattern.grouping != (3, 3):
        return applied
    return _like(applied, get_group_symbol(viewer), get_decimal_symbol(viewer), digits)


def _like(
    applied: Callable[[Decimal], str], group: str, point: str, digits: int
) -> Callable[[Decimal], str]:
    """The same with what stands around the digits learnt from an example: a list writes a hundred
    amounts, and a pattern takes ten times as long for each."""
    signs = str.maketrans({",": group, ".": point})

    def figure(amount: Decimal) -> str:
        return f"{abs(amount):,.{digits}f}".translate(signs)

    def around(example: Decimal) -> tuple[str, str]:
        before, after = applied(example).split(figure(example))
        return before, after

    plus, minus = around(Decimal(1)), around(Decimal(-1))

    def written(amount: Decimal) -> str:
        before, after = minus if amount.is_signed() else plus
        return f"{before}{figure(amount)}{after}"

    return written


def number(value: int | Decimal) -> str:
    """A number with all its decimals, such as `10,000` or `1,234.5`."""
    return str(format_decimal(value, locale=locale(), decimal_quantization=False))


def day(value: date, length: str = "medium") -> str:
    """A day, such as `Jun 30, 2013`; of a moment, its day in the active time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, length, _language())


@lru_cache(maxsize=4096)  # a list repeats its days
def _day(value: date, length: str, language: str) -> str:
    return format_date(value, format=length, locale=_locale(language))


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
