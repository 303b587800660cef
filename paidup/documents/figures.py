"""Money, dates and figures as a document's language writes them."""

import re
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Self

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberPattern
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from paidup.lib.money import exponent

from .parties import BadDocument

# Unicode's rule for a currency written in letters, which babel leaves out: KWD 1.500, not KWD1.500.
LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes figures for one language and one currency."""

    locale: Locale
    currency: str

    @classmethod
    def of(cls, language: str, currency: str) -> Self:
        """For a language code such as `pt-br` and an ISO 4217 currency. Raises BadDocument."""
        return cls(locale_of(language), currency)

    def money(self, amount: Decimal) -> str:
        """An amount with its currency's sign, such as `$1,234.50` or `¥1,235`."""
        pattern = self.locale.currency_formats["standard"]
        written = self._applied(pattern, amount, exponent(self.currency))
        return LETTER_BY_DIGIT.sub("\N{NO-BREAK SPACE}", written)

    def plain(self, amount: Decimal) -> str:
        """An amount for a column that names its currency; a finer unit price keeps its decimals."""
        return self._applied(
            self.locale.decimal_formats[None],
            amount,
            max(exponent(self.currency), decimals(amount)),
        )

    def quantity(self, quantity: Decimal) -> str:
        """A quantity with the decimals it has, such as `2` or `1.5`."""
        return self._applied(self.locale.decimal_formats[None], quantity, decimals(quantity))

    def percent(self, rate: Decimal) -> str:
        """A rate given in percent, such as `8.25%`."""
        return self._applied(self.locale.percent_formats[None], rate / 100, decimals(rate))

    def day(self, value: date) -> str:
        """A day written out, such as `June 30, 2013`."""
        return format_date(value, format="long", locale=self.locale)

    def short_day(self, value: date) -> str:
        """A day for a column, such as `Jun 30, 2013`."""
        return format_date(value, format="medium", locale=self.locale)

    def _applied(self, pattern: NumberPattern, number: Decimal, places: int) -> str:
        # The decimals are ISO 4217's: the locale's own would hide the cents of some currencies.
        exact = copy(pattern)
        exact.frac_prec = (places, places)
        written: str = exact.apply(
            number, self.locale, currency=self.currency, currency_digits=False
        )
        return written.replace("-", "\N{MINUS SIGN}")


@cache
def locale_of(language: str) -> Locale:
    """The locale of a language code such as `en` or `pt-br`. Raises BadDocument if unknown."""
    try:
        return Locale.parse(to_locale(language))
    except (ValueError, UnknownLocaleError):
        raise BadDocument(_("“%s” is no language code, such as en or pt-br.") % language) from None


def decimals(number: Decimal) -> int:
    """How many decimals a number needs: 2 for 1.250."""
    power = number.normalize().as_tuple().exponent
    return max(0, -power) if isinstance(power, int) else 0
