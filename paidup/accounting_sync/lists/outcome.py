"""What importing a list did, or would do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from paidup.accounting_sync.text_file import Problem


@dataclass
class Counts:
    """How many were added, changed, and found to be as the list says."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Outcome:
    """The same for a dry run and for the run that follows it."""

    lines: int  # that hold something
    customers: Counts
    contacts: Counts
    errors: Sequence[Problem]  # by line
    refused: bool  # nothing was imported, because of the errors

    @property
    def rejected(self) -> int:
        """How many lines are wrong."""
        return len({problem.line for problem in self.errors})

    def facts(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "lines": self.lines,
            "customers": asdict(self.customers),
            "contacts": asdict(self.contacts),
            "rejected": self.rejected,
            "errors": [problem._asdict() for problem in self.errors],
        }
