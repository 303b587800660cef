"""The filters of lists by custom fields, as they stand in their addresses."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from paidup.organizations.field_filter import FieldFilter
from paidup.organizations.field_rules import BadValue, Value, read
from paidup.organizations.field_values import Table
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject
from paidup.web.fields import PREFIX, choices_of

_RANGES = {FieldKind.NUMBER, FieldKind.DATE}


@dataclass(frozen=True)
class FieldAsked:
    """What is asked of a field: the parts of the address, and what they mean."""

    said: Mapping[str, str]
    meant: FieldFilter


@dataclass(frozen=True)
class FieldControl:
    """How the Filters menu asks for a field."""

    field: CustomField
    name: str
    said: Mapping[str, str]

    @property
    def is_range(self) -> bool:
        return self.field.kind in _RANGES

    @property
    def is_day(self) -> bool:
        return self.field.kind == FieldKind.DATE

    @property
    def choices(self) -> list[tuple[str, str]]:
        return choices_of(self.field)

    @property
    def value(self) -> str:
        return self.said.get(self.name, "")

    @property
    def least(self) -> str:
        return self.said.get(f"{self.name}_from", "")

    @property
    def most(self) -> str:
        return self.said.get(f"{self.name}_to", "")


def asked_fields(query: QueryDict, of: FieldSubject) -> tuple[FieldAsked, ...]:
    """The filters that an address names; of a field that isn't there, or a bad value, nothing."""
    said = {name: str(query[name]) for name in query if name.startswith(PREFIX) and query[name]}
    if not said:
        return ()
    each = (_asked(field, said) for field in fields_of(of))
    return tuple(one for one in each if one)


def said_of(asked: Sequence[FieldAsked]) -> dict[str, str]:
    """The parts of the address that they are."""
    return {name: text for one in asked for name, text in one.said.items()}


def controls(asked: Sequence[FieldAsked], of: FieldSubject) -> list[FieldControl]:
    """Every field, with what is asked of it."""
    said = said_of(asked)
    return [FieldControl(field, f"{PREFIX}{field.id}", said) for field in fields_of(of)]


def narrowed(rows: Any, asked: Sequence[FieldAsked], table: Table) -> Any:
    """Of these rows, by the table of their values, those that pass."""
    for one in asked:
        rows = rows.filter(id__in=one.meant.subject_ids(table))
    return rows


def _asked(field: CustomField, query: Mapping[str, str]) -> FieldAsked | None:
    name = f"{PREFIX}{field.id}"
    ends = (f"{name}_from", f"{name}_to") if field.kind in _RANGES else (name,)
    said = {part: query[part] for part in ends if part in query}
    values: dict[str, Value] = {}
    for part, text in said.items():
        with suppress(BadValue):
            values[part] = read(field, text.replace("\0", ""))
    if not values:
        return None
    if field.kind in _RANGES:
        least, most = (values.get(end) for end in ends)
        meant = FieldFilter(field_id=field.id, least=least, most=most)  # type: ignore[arg-type]  # no texts
    else:
        meant = FieldFilter(field_id=field.id, text=str(values[name]))
    return FieldAsked({part: said[part] for part in values}, meant)
