"""Custom fields as columns of a list of customers."""

import re
from functools import partial
from typing import Any
from uuid import UUID

from paidup.accounting_sync.states import ListKind
from paidup.customers.search import fold
from paidup.organizations.field_rules import read
from paidup.organizations.fields import fields_of
from paidup.organizations.states import FieldSubject

from .fields import FIELDS, Field

_CUSTOM = "field:"  # what their keys begin with


def fields_for(kind: ListKind) -> dict[str, Field]:
    """What the columns of a list may hold: what every organization has, then its own fields."""
    if kind != ListKind.CUSTOMERS:
        return FIELDS[kind]
    return FIELDS[kind] | {
        f"{_CUSTOM}{field.id}": Field(
            key=f"{_CUSTOM}{field.id}",
            label=field.label,
            headers=(bare(field.label),),
            clean=partial(read, field),
        )
        for field in fields_of(FieldSubject.CUSTOMER)
    }


def bare(text: str) -> str:
    """Letters and digits only, folded, as headers are known by."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def apart(values: dict[str, Any]) -> tuple[dict[str, Any], dict[UUID, Any]]:
    """A line's values: those of the customer itself, and of custom fields."""
    custom = {
        UUID(key.removeprefix(_CUSTOM)): value
        for key, value in values.items()
        if key.startswith(_CUSTOM)
    }
    return {key: value for key, value in values.items() if not key.startswith(_CUSTOM)}, custom
