"""Figures as a document's language writes them."""

from datetime import date
from decimal import Decimal

import pytest

from paidup.documents.figures import Figures


@pytest.mark.parametrize(
    ("language", "currency", "amount", "written"),
    [
        ("en", "USD", "1234.5", "$1,234.50"),
        ("en", "USD", "-1234.5", "−$1,234.50"),
        ("en", "JPY", "1234", "¥1,234"),
        ("en", "KWD", "1234.5", "KWD 1,234.500"),
        ("en", "HUF", "1234.5", "HUF 1,234.50"),
        ("de", "EUR", "1234.5", "1.234,50 €"),
        ("pt-br", "BRL", "1234.5", "R$ 1.234,50"),
    ],
)
def test_money(language: str, currency: str, amount: str, written: str) -> None:
    money = Figures.of(language, currency).money(Decimal(amount))
    assert money.replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("amount", "written"), [("1234.5", "1,234.50"), ("0.0035", "0.0035"), ("140.0000", "140.00")]
)
def test_a_finer_unit_price_keeps_its_decimals(amount: str, written: str) -> None:
    assert Figures.of("en", "USD").plain(Decimal(amount)) == written


@pytest.mark.parametrize(
    ("quantity", "written"), [("2.0000", "2"), ("1.5", "1.5"), ("1000", "1,000"), ("1E+3", "1,000")]
)
def test_a_quantity_has_the_decimals_it_needs(quantity: str, written: str) -> None:
    assert Figures.of("en", "USD").quantity(Decimal(quantity)) == written


@pytest.mark.parametrize(("rate", "written"), [("19", "19%"), ("8.25", "8.25%"), ("0.00", "0%")])
def test_a_rate_is_given_in_percent(rate: str, written: str) -> None:
    assert Figures.of("en", "USD").percent(Decimal(rate)) == written


def test_days() -> None:
    figures = Figures.of("de", "EUR")
    assert figures.day(date(2013, 6, 30)) == "30. Juni 2013"
    assert figures.short_day(date(2013, 6, 30)) == "30.06.2013"
