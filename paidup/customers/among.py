"""What a search found, as a condition of a statement."""

from django.db.models import BooleanField, F, Func, UUIDField, Value

from .search import Hits


def among(hits: Hits) -> Func:
    """Whether a row is one of those a search found."""
    return Func(
        F("id"),
        as_array(hits),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def each_among(hits: Hits) -> Func:
    """Each looked up by its id: knowing the ids, the planner would rather walk a filter's index."""
    return Func(
        F("id"),
        as_array(hits),
        template="%(expressions)s)))",
        arg_joiner=" = ANY(ARRAY(SELECT unnest(",
        output_field=BooleanField(),
    )


def as_array(hits: Hits) -> Func:
    """The ids, for PostgreSQL."""
    return Func(Value(hits.ids), template="%(expressions)s::uuid[]", output_field=UUIDField())
