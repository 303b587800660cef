"""Rows by many ids at once."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import BooleanField, F, Func, UUIDField, Value


def among(column: str, ids: Iterable[UUID | str]) -> Func:
    """Whether the column is one of these ids: a single value of a statement, where IN has one for
    each, which takes as long to write as the rows to read."""
    return among_array(column, array(ids))


def among_array(column: str, ids: str) -> Func:
    """Likewise, of ids as PostgreSQL writes an array of them."""
    return Func(
        F(column),
        as_array(ids),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def array(ids: Iterable[UUID | str]) -> str:
    """The ids as PostgreSQL writes an array of them."""
    return f"{{{','.join(map(str, ids))}}}"


def as_array(ids: str) -> Func:
    """Such a text within a statement."""
    return Func(Value(ids), template="%(expressions)s::uuid[]", output_field=UUIDField())
