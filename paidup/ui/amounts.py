"""The field in which people write amounts of money."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.utils.translation import gettext as _

from paidup.lib import formatting, money

EXAMPLE = Decimal("1234.5")


class AmountField(forms.CharField):
    """An amount above zero, written as the viewer's language does: `1,234.50` or `1.234,50`.

    A currency's sign and spaces don't matter. Its decimals are those of `currency`.
    """

    def __init__(self, *, currency: str, **options: Any) -> None:
        """Keep the currency, and ask phones for digits."""
        super().__init__(**options)
        self.currency = currency
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Write a given amount as people would; what they wrote themselves stays."""
        if isinstance(value, Decimal):
            return formatting.plain_money(value, self.currency)
        return value

    def to_python(self, value: Any) -> Any:
        """Return the amount, None when the field was left empty."""
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        return self._read(text) if text else None

    def _read(self, text: str) -> Decimal:
        # Signs of currencies and spaces go; what is left has to be a number of the language.
        bare = re.sub(r"[^\d.,٫٬’'-]", "", text).replace("'", "’")
        try:
            amount = parse_decimal(bare, locale=formatting.locale(), strict=True)
            return money.positive(amount, self.currency)
        except NumberFormatError:
            example = formatting.plain_money(EXAMPLE, self.currency)
            raise forms.ValidationError(
                _("Write the amount in digits, such as %(example)s.") % {"example": example}
            ) from None
        except money.BadAmount:
            smallest = formatting.money(money.unit(self.currency), self.currency)
            raise forms.ValidationError(
                _("Write an amount of at least %(smallest)s, in steps of it.")
                % {"smallest": smallest}
            ) from None
