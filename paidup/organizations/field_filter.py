"""Subjects by what their custom fields hold."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Lower

from .field_values import Table, rows_of

_UNIT = Decimal("0.0001")


@dataclass(frozen=True, kw_only=True)
class FieldFilter:
    """What a field holds: a text, in whichever case, or a number or day from one to another.

    Of a range one end may be open; both belong to it.
    """

    field_id: UUID
    text: str = ""
    least: Decimal | date | None = None
    most: Decimal | date | None = None

    def subject_ids(self, table: Table) -> Any:
        """Those of which it is true, by the table of their values: a subquery that an index
        answers by itself."""
        rows = rows_of(table).filter(field_id=self.field_id)
        if self.text:
            rows = rows.filter(folded=Lower(Value(self.text)))
        for end, sign in ((self.least, "gte"), (self.most, "lte")):
            if isinstance(end, Decimal):
                rows = rows.filter(**{f"units__{sign}": int(end / _UNIT)})
            elif end:
                rows = rows.filter(**{f"day__{sign}": end})
        return rows.values(f"{table.of.value}_id")
