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
    found = []
    with tenant(organization_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '160MB'")
        for statements, hashing in ((derivations.IN_ORDER, "off"), (derivations.BY_HASH, "on")):
            cursor.execute(
                "SELECT set_config(name, %s, true)"
                " FROM unnest(ARRAY['enable_hashagg', 'enable_hashjoin']) AS name",
                [hashing],
            )
            for statement in statements:
                cursor.execute(statement, {"organization": organization_id})
                found += [Difference(*map(str, row)) for row in cursor.fetchall()]
    return tuple(found)
