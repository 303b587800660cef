"""What a fee comes to: of a base in money, by the terms of a rule."""

from decimal import Decimal

from paidup.lib import money

from .states import Kind

DAYS_OF_A_YEAR = 365


def reckon(
    kind: Kind,
    *,
    base: Decimal,
    currency: str,
    flat: Decimal | None,
    rate: Decimal | None,
    days: int,
    most: Decimal | None = None,
) -> Decimal:
    """The fee for what is late (`base`), never more than `most`; of nothing, nothing.

    `rate` is in percent, by the year for interest, which counts `days`. A year has 365 of them.
    """
    if base <= 0:
        return Decimal(0)
    if kind is Kind.FLAT:
        fee = flat or Decimal(0)
    else:
        fee = base * (rate or Decimal(0)) / 100
        if kind is Kind.PER_ANNUM:
            fee = fee * days / DAYS_OF_A_YEAR
    fee = money.rounded(fee, currency)
    return fee if most is None else min(fee, most)
