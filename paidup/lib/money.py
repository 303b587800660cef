"""Money: Decimal amounts in an ISO 4217 currency, rounded half-even to its minor unit."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache

import iso4217
from django.utils.translation import gettext as _

TOO_MUCH = Decimal(10) ** 15  # the first amount that NUMERIC(19, 4) can't hold


class BadAmount(Exception):
    """An amount that is no number, has too many decimals, or names no known currency."""


@cache
def exponent(currency: str) -> int:
    """Decimals of the currency's minor unit by ISO 4217: USD 2, JPY 0, KWD 3."""
    try:
        decimals = iso4217.Currency(currency).exponent
    except ValueError:
        raise BadAmount(_("“%s” is no ISO 4217 currency code, such as USD.") % currency) from None
    if decimals is None:
        raise BadAmount(_("%s has no minor unit, so nothing can be billed in it.") % currency)
    return decimals


@cache
def unit(currency: str) -> Decimal:
    """The smallest amount of the currency: USD 0.01, JPY 1."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount rounded half-even to the currency's minor unit."""
    return amount.quantize(unit(currency), rounding=ROUND_HALF_EVEN)


def exact(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's decimals. Raises BadAmount when it has more of them."""
    if not amount.is_finite() or abs(amount) >= TOO_MUCH:
        raise BadAmount(_("%s is no amount of money that can be billed.") % amount)
    result = rounded(amount, currency)
    if result != amount:
        raise BadAmount(
            _("%(amount)s has more decimals than %(currency)s allows, which is %(places)s.")
            % {"amount": amount, "currency": currency, "places": exponent(currency)}
        )
    return result


def parse(text: str, currency: str) -> Decimal:
    """A plain decimal such as `1234.50` as an amount. Raises BadAmount for anything else."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise BadAmount(_("“%s” is no amount; write it as 1234.50.") % text) from None
    return exact(amount, currency)


def positive(amount: Decimal, currency: str) -> Decimal:
    """An amount that may be posted: exact and above zero. Raises BadAmount otherwise."""
    if exact(amount, currency) <= 0:
        raise BadAmount(_("The amount must be above zero."))
    return amount
