"""Amounts in the languages of viewers, beside the patterns they are written by."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation

from paidup.lib.formatting import money, plain_money

LANGUAGES = ("en", "de", "fr", "es", "pl", "pt", "he", "ar", "fa", "hi", "ja", "de-ch", "sv", "tr")
AMOUNTS = ("0", "0.01", "-0.01", "1", "999.99", "1000", "-1234.5", "1234567.89", "-987654321012.34")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_is_written_as_its_language_does(language: str, amount: str) -> None:
    """Those that are written by an example of the pattern, and those the pattern itself writes."""
    locale = translation.to_locale(language)
    expected = format_currency(Decimal(amount), "EUR", locale=locale)
    with translation.override(language):
        written = money(Decimal(amount), "EUR")
    # A sign of letters stands apart from its figure, which the locale data leaves out sometimes.
    assert written.replace("\N{NO-BREAK SPACE}", "") == expected.replace("\N{NO-BREAK SPACE}", "")


@pytest.mark.parametrize(
    ("currency", "written"), [("USD", "-1,234.50"), ("JPY", "-1,234"), ("KWD", "-1,234.500")]
)
def test_decimals_are_the_currencys(currency: str, written: str) -> None:
    """By ISO 4217, also where the sign is left out."""
    assert plain_money(Decimal("-1234.5"), currency) == written
