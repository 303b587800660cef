"""Aging as a bar and its figures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Aging(Protocol):
    """What is open by its age, and unapplied money in its own column."""

    @property
    def current(self) -> Decimal: ...
    @property
    def days_1_30(self) -> Decimal: ...
    @property
    def days_31_60(self) -> Decimal: ...
    @property
    def days_61_90(self) -> Decimal: ...
    @property
    def over_90(self) -> Decimal: ...
    @property
    def unapplied(self) -> Decimal: ...


COLUMNS: list[tuple[str, str, str | Promise]] = [
    ("current", "current", _("Current")),
    ("days_1_30", "30", _("1–30")),
    ("days_31_60", "60", _("31–60")),
    ("days_61_90", "90", _("61–90")),
    ("over_90", "older", _("90+")),
]


@dataclass(frozen=True)
class Bar:
    """One column: its figure, and its part of the bar in hundredths of the whole."""

    column: str
    tone: str
    label: str | Promise
    amount: Decimal
    start: float
    width: float


def bars(aging: Aging) -> list[Bar]:
    """The five ages side by side, then unapplied money, which is no part of the bar."""
    amounts = {column: max(getattr(aging, column), Decimal(0)) for column, _tone, _label in COLUMNS}
    whole = sum(amounts.values()) or Decimal(1)
    result, start = [], 0.0
    for column, tone, label in COLUMNS:
        width = round(float(amounts[column] / whole) * 100, 2)
        result.append(Bar(column, tone, label, getattr(aging, column), start, width))
        start = round(start + width, 2)
    unapplied = Bar("unapplied", "unapplied", _("Unapplied"), aging.unapplied, 0, 0)
    return [*result, unapplied]
