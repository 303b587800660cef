"""Pages of long lists, found by the key of their first or last row.

The last page is as fast as the first, and rows that come and go meanwhile never shift one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Case, F, Func, Model, OrderBy, QuerySet, Value

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
Place = tuple[Any, UUID]


@dataclass(frozen=True)
class Order:
    """An order of rows: by a key that is never null, then by id, so that no two are equal.

    `read` turns a key's text, as it stands in a page's address, into a key; ValueError for none.
    """

    key: "F | Func[Any] | Case"
    read: Callable[[str], Any]
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in their order, and the places before and after them; None where nothing is."""

    rows: list[Row]
    before: str | None
    after: str | None


def page(
    rows: QuerySet[Stored], order: Order, *, after: str = "", before: str = "", size: int = 50
) -> Page[Stored]:
    """The rows after or before a place, else the first ones. A place that is none is ignored."""
    return page_of([rows], order, after=after, before=before, size=size)


def page_of(
    sources: Sequence[QuerySet[Stored]],
    order: Order,
    *,
    columns: Sequence[str] = (),
    after: str = "",
    before: str = "",
    size: int = 50,
) -> Page[Any]:
    """A page of rows of several sources that share none, each of them walked by its own index;
    of `columns` as `in_order` says."""
    place = read_place(before or after, order.read)
    backward = bool(before and place)
    found: list[Any] = []
    for rows in sources:
        ordered = in_order(rows, order, backward=backward, columns=columns)
        if place:
            ordered = ordered.filter(_beyond(order, place, backward=backward))
        found += ordered[: size + 1]
    if len(sources) > 1:
        descending = order.descending != backward
        found = sorted(found, key=lambda row: (row.sort_key, row.id), reverse=descending)
    if place and (not found or (backward and len(found) <= size)):
        # Nothing there any more, or the first page itself.
        return page_of(sources, order, columns=columns, size=size)
    return cut(found, size, backward=backward, first=place is None, place=_write)


def cut(
    found: list[Row],
    size: int,
    *,
    backward: bool,
    first: bool,
    place: Callable[[Row], str],
) -> Page[Row]:
    """A page of rows that were looked for in the page's direction, one more than it holds."""
    more, found = len(found) > size, found[:size]
    if not found:
        return Page([], None, None)
    if backward:
        found.reverse()
    earlier, later = (more, True) if backward else (not first, more)
    return Page(
        found,
        before=place(found[0]) if earlier else None,
        after=place(found[-1]) if later else None,
    )


def read_place(text: str, read: Callable[[str], Any]) -> "Place | None":
    """The key and the id that stand in an address; None where none does."""
    row_id, _dot, key = text.partition(".")
    try:
        return (read(key), UUID(hex=row_id)) if "\0" not in key else None
    except ValueError:
        return None


def write_place(key: object, row_id: UUID) -> str:
    """A place as it stands in an address."""
    return f"{row_id.hex}.{key}"


def in_order(
    rows: QuerySet[Stored], order: Order, *, backward: bool = False, columns: Sequence[str] = ()
) -> QuerySet[Any, Any]:
    """All the rows in this order, each with its `sort_key`.

    Named tuples of `columns`, the id among them, where any are named.
    """
    descending = order.descending != backward
    ordered = rows.annotate(sort_key=order.key).order_by(
        OrderBy(order.key, descending=descending), OrderBy(F("id"), descending=descending)
    )
    return ordered.values_list(*columns, "sort_key", named=True) if columns else ordered


def _beyond(order: Order, place: Place, *, backward: bool) -> Func:
    """Both columns compared as one row: an index's own comparison, where OR would be none."""
    sign = " < " if order.descending != backward else " > "
    key, row_id = place
    return Func(
        Func(order.key, F("id"), function=""),
        Func(Value(key), Value(row_id), function=""),
        template="%(expressions)s",
        arg_joiner=sign,
        output_field=BooleanField(),
    )


def _write(row: Any) -> str:
    return write_place(row.sort_key, row.id)
