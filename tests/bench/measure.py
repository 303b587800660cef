"""Figures, and how they are taken."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

VISITS = 5  # of each page
MIDDLE = f"of each the middle of {VISITS} visits"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured, and bare beside it. A target says at most, or, of a rate, at least."""

    name: str
    value: float
    unit: str
    bare: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    at_most_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the bare figure this is."""
        return self.value / self.bare if self.bare else None

    @property
    def target(self) -> str:
        """In words."""
        if self.at_most is not None:
            return f"≤ {self.at_most:,g} {self.unit}"
        if self.at_least is not None:
            return f"≥ {self.at_least:,g} {self.unit}"
        return f"≤ {self.at_most_ratio:g} × bare" if self.at_most_ratio else ""

    @property
    def met(self) -> bool | None:
        """Whether it is; None without a target."""
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most_ratio is not None and self.ratio is not None:
            return self.ratio <= self.at_most_ratio
        return None

    def facts(self) -> dict[str, Any]:
        """As the JSON file keeps it."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "bare": None if self.bare is None else round(self.bare, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
        }


def seconds(action: Callable[[], object]) -> float:
    """How long it took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def typical(action: Callable[[], object]) -> float:
    """How long it takes: the median of `VISITS` times."""
    return statistics.median(seconds(action) for _ in range(VISITS))


def taken_back(action: Callable[[], object]) -> float:
    """How long a change took that is rolled back afterwards, so that the book stays as it is."""
    with transaction.atomic():
        took = seconds(action)
        transaction.set_rollback(True)
    return took


def side_by_side(
    ours: Callable[[], object], bare: Callable[[], object], *, times: int
) -> tuple[float, float]:
    """The medians of both, taken in turn after one round that warms up, so that both had the same
    machine."""
    ours()
    bare()
    rounds = [(seconds(ours), seconds(bare)) for _ in range(times)]
    return (
        statistics.median(one for one, _ in rounds),
        statistics.median(other for _, other in rounds),
    )


def p95(durations: Iterable[float]) -> float:
    """What 95 of a hundred stay below."""
    ordered = sorted(durations)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures for people."""
    head = ("", "measured", "bare", "ratio", "target", "")
    rows = [
        (
            figure.name,
            f"{figure.value:,.1f} {figure.unit}",
            "" if figure.bare is None else f"{figure.bare:,.1f} {figure.unit}",
            "" if figure.ratio is None else f"{figure.ratio:,.2f}",
            figure.target,
            {True: "met", False: "MISSED", None: ""}[figure.met],
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in {0, 4, 5} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    )
