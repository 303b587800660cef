"""`make bench`: takes every figure, prints the table and keeps it."""

import json
import sys
from importlib import import_module

from tests.bench import book
from tests.bench.measure import Figure, table

RESULT = book.CHECKOUT / "build" / "bench.json"
# In this order: what changes the tables, and is taken back, comes after what only reads them.
SUBJECTS = (
    "list_page",
    "last_page",
    "record_page",
    "csv_export",
    "aging",
    "check",
    "cadence_plan",
    "invoice_pdf",
    "autopay_tick",
    "merging",
    "batch_owner",
    "importing",
)


def main(subjects: list[str]) -> None:
    """Takes the figures of these subjects, of all when none is named."""
    figures: list[Figure] = []
    with book.opened() as opened:
        for subject in subjects or SUBJECTS:
            print(f"Measuring {subject.replace('_', ' ')} …", file=sys.stderr)  # noqa: T201  the command's output
            figures += import_module(f"tests.bench.{subject}").measure(opened)
        book.sweep()
    print(f"\n{book.describe()}\n\n{table(figures)}")  # noqa: T201  likewise
    if not subjects:
        RESULT.write_text(json.dumps([figure.facts() for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
