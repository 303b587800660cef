"""How the columns of a header are assigned: as the last time, else by a guess."""

import hashlib
import json
from collections.abc import Sequence

from paidup.accounting_sync.models import ColumnChoice
from paidup.accounting_sync.states import ListKind
from paidup.lib import tenancy

from .custom import fields_for
from .fields import guessed

LONGEST = 80  # characters that are kept of a header or a cell to be shown


def columns_of(kind: ListKind, header: Sequence[str]) -> list[str]:
    """For each column the field it held the last time in a file of this header, else a guess."""
    choice = ColumnChoice.objects.of(tenancy.current()).filter(kind=kind, header=_digest(header))
    fields = fields_for(kind)
    known = choice.values_list("columns", flat=True).first()
    if known:
        return [key if key in fields else "" for key in known]
    return guessed(fields, header)


def remember(kind: ListKind, header: Sequence[str], columns: Sequence[str]) -> None:
    """Keeps how the columns were assigned for the next file of this header."""
    ColumnChoice.objects.update_or_create(
        organization_id=tenancy.current(),
        kind=kind,
        header=_digest(header),
        defaults={"columns": list(columns)},
    )


def storable(text: str) -> str:
    """What is kept of a header or a cell."""
    return text.replace("\0", "")[:LONGEST]


def _digest(header: Sequence[str]) -> str:
    titles = json.dumps([storable(title) for title in header])
    return hashlib.sha256(titles.encode()).hexdigest()
