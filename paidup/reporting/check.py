"""The check of the books: derives every cached balance anew and names each that differs."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from paidup.lib.tenancy import tenant

from . import derivations


@dataclass(frozen=True)
class Difference:
    """A stored figure that isn't what the rows behind it come to."""

    what: str  # "invoice open amount"
    which: str  # the number people know it by
    stored: str
    derived: str

    def __str__(self) -> str:
        return f"{self.what} of {self.which}: stored {self.stored}, derived {self.derived}"


def differences(organization_id: UUID) -> tuple[Difference, ...]:
    """Everything in this organization's books that does not agree; empty when all does."""
    with tenant(organization_id), connection.cursor() as cursor:
        # One pass over each large table: sorting and hashing them needs room.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        found = []
        for what, statement in derivations.ALL.items():
            cursor.execute(statement, {"organization": organization_id})
            found += [Difference(what, *map(str, row)) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
    return tuple(found)
