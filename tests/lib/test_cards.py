"""Card numbers never stay in a text; other numbers do."""

import pytest

from paidup.lib.cards import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("card 4242424242424242 ok", "card •••• 4242 ok"),
        ("4242 4242 4242 4242", "•••• 4242"),
        ("5555-5555-5555-4444.", "•••• 4444."),
        ("amex 378282246310005", "amex •••• 0005"),
        ("two: 4242424242424242 and 4000056655665556", "two: •••• 4242 and •••• 5556"),
        ("4242424242424241", "4242424242424241"),  # fails the check digit
        ("IBAN DE89370400440532013000", "IBAN DE89370400440532013000"),
        ("order 9999999999999995", "order 9999999999999995"),  # nobody's prefix
        ("paid 4,242,424,242.42 in 2024", "paid 4,242,424,242.42 in 2024"),
        ("call +1 212 555 0702", "call +1 212 555 0702"),
    ],
)
def test_masking(text: str, expected: str) -> None:
    assert masked(text) == expected
