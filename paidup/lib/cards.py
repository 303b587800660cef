"""Card numbers that someone wrote into a text by mistake. Paidup never keeps one."""

import re

# Sixteen digits or so, in groups or not, that are no part of a longer number.
_WRITTEN = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){12,18}(?![\d]|[.,]\d)")
_KNOWN = re.compile(
    r"4"  # Visa
    r"|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"  # Mastercard
    r"|3[47]"  # American Express
    r"|6011|64[4-9]|65"  # Discover
    r"|30[0-5]|36|38|39"  # Diners Club
    r"|35(?:2[89]|[3-8])"  # JCB
    r"|62"  # UnionPay
    r"|50|5[6-8]|6[0-9]"  # Maestro
)


def masked(text: str) -> str:
    """The text with all but the last four digits of every card number hidden."""
    return _WRITTEN.sub(lambda found: _hidden(found.group()), text)


def _hidden(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    if not _KNOWN.match(digits) or not _passes_luhn(digits):
        return written
    return f"•••• {digits[-4:]}"


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(sum(divmod(two, 10)) for two in doubled)) % 10 == 0
