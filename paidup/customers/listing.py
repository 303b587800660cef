"""The customers list: which are selected, a page of them, and their sums."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from paidup.lib import keyset, tenancy
from paidup.lib.among import among_array, array, as_array
from paidup.lib.keyset import Order, Page
from paidup.organizations.field_filter import FieldFilter
from paidup.organizations.models import Member

from . import search
from .models import (
    HEALTH,
    LAST_CONTACTED,
    LAST_PAYMENT,
    NEVER_DUE,
    OLDEST_DUE,
    SIMPLE_ORDERS,
    UNIT,
    Customer,
    CustomerQuerySet,
    CustomerValue,
    OtherBalance,
    SearchRow,
    TaggedCustomer,
)
from .search import Hits
from .states import Category, Grade


class Row(NamedTuple):
    """What lists show of a customer. No object of the model, of which a file takes too many."""

    id: UUID
    name: str
    number: str
    currency: str
    category: str
    terms_days: int
    open_amount: Decimal
    unapplied_amount: Decimal
    open_invoices: int
    oldest_due_on: date | None
    last_payment_on: date | None
    last_contacted_at: datetime | None
    health_score: int | None
    owner_name: str


ORDERS: dict[str, Order] = {
    **{
        name: Order(F(column), str if name == "name" else int)
        for name, column in SIMPLE_ORDERS.items()
    },
    "oldest_due": Order(OLDEST_DUE, date.fromisoformat),
    "last_payment": Order(LAST_PAYMENT, date.fromisoformat),
    "last_contacted": Order(LAST_CONTACTED, datetime.fromisoformat),
    "health": Order(HEALTH, int),
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which customers are meant: those of a category that a search found and that pass filters.

    `due_from` and `due_to` are about the oldest open invoice; `conditions` come from rooms above.
    """

    category: Category = Category.ACTIVE
    hits: Hits | None = None
    owner_id: UUID | None = None
    entity_id: UUID | None = None
    tag: str = ""
    due_from: date | None = None
    due_to: date | None = None
    health: Grade | None = None
    fields: tuple[FieldFilter, ...] = ()
    conditions: tuple[Q, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether more is asked than a search and a category."""
        asked = (self.owner_id, self.entity_id, self.tag, self.due_from, self.due_to, self.health)
        return any((*asked, self.fields, self.conditions))


@dataclass(frozen=True)
class Summary:
    """How many are selected and what they owe, by currency, the largest first.

    Of a search that finds very many, only that there are more than `MOST_COUNTED` is known.
    `selection` is the same one, with what was learnt about it.
    """

    selection: Selection
    count: int
    balances: list[tuple[str, Decimal]]
    categories: dict[Category, int] | None

    @property
    def uncounted(self) -> bool:
        return self.count > search.MOST_COUNTED and self.categories is None


def order(name: str, *, hits: Hits | None) -> Order:
    """The order `name` or `-name`; without one by name, or the best match of a search first."""
    known = ORDERS.get(name.removeprefix("-"))
    if known:
        return replace(known, descending=name.startswith("-"))
    if hits and hits.best_first:
        place = Func(
            as_array(hits.ids), F("id"), function="array_position", output_field=IntegerField()
        )
        return Order(place, int)
    return ORDERS["name"]


def customers_page(
    selection: Selection, sort: str, *, after: str = "", before: str = "", size: int = 50
) -> Page[Row]:
    """A page of the selected customers, sorted as `order` says."""
    if selection.hits and selection.hits.complete and not sort:
        return _in_order_found(selection, selection.hits, after=after, before=before, size=size)
    ordered = order(sort, hits=selection.hits)
    rows = _with_owners(selection)
    return keyset.page_of(
        [rows], ordered, columns=Row._fields, after=after, before=before, size=size
    )


def _in_order_found(
    selection: Selection, hits: Hits, *, after: str, before: str, size: int
) -> Page[Row]:
    """A page of those a search found, in the order of their ids, in which a place is a number.

    They are looked up some at a time, more each time, since a filter may pass few of them.
    """
    ids, place = hits.all_ids, keyset.read_place(before or after, int)
    backward = bool(before and place)
    first = place[0] + (-1 if backward else 1) if place else 0
    walk = range(min(first, len(ids) - 1), -1, -1) if backward else range(first, len(ids))
    found: list[tuple[int, Row]] = []
    start, step = 0, 2 * size
    while start < len(walk) and len(found) <= size:
        some = walk[start : start + step]
        start, step = start + step, 4 * step
        near = replace(hits, ids=array(ids[number] for number in some))
        some_rows = _with_owners(replace(selection, hits=near))
        rows: dict[str, Any] = {
            str(row.id): row for row in some_rows.values_list(*Row._fields, named=True)
        }
        found += [(number, rows[ids[number]]) for number in some if ids[number] in rows]
    if place and (not found or (backward and len(found) <= size)):
        return _in_order_found(selection, hits, after="", before="", size=size)
    page = keyset.cut(
        found,
        size,
        backward=backward,
        first=place is None,
        place=lambda row: keyset.write_place(row[0], row[1].id),
    )
    return Page([customer for _number, customer in page.rows], page.before, page.after)


def every_row(selection: Selection, sort: str, *, at_a_time: int) -> Iterator[Row]:
    """All the selected customers in their order, read some at a time."""
    ordered = order(sort, hits=selection.hits)
    rows = keyset.in_order(_with_owners(selection), ordered, columns=Row._fields)
    found: Iterator[Row] = rows.iterator(chunk_size=at_a_time)
    return found


def selected(selection: Selection) -> CustomerQuerySet:
    """The selected customers, in no order."""
    return _matching(selection).in_category(selection.category)


def summarize(selection: Selection) -> Summary:
    """Counts and sums, also of the categories beside the selected one.

    The customers that a search found are looked at once: its selection then names those alone
    that pass the filters.
    """
    hits = selection.hits
    if hits is None:
        groups = _matching(selection).values_list("category", "currency")
        counted = groups.annotate(count=Count("*"), units=Sum("open_units"))
        return _summary(selection, counted)
    if not (hits.complete and (hits.best_first or selection.is_filtered)):
        count = count_selected(selection)
        if count > search.MOST_COUNTED or not hits.complete:
            return Summary(selection=selection, count=count, balances=[], categories=None)
    rows = _matching(selection, at_once=True).values_list(
        Cast("id", TextField()), "category", "currency", "open_units"
    )
    found = {customer_id: facts for customer_id, *facts in rows}
    ids = (each for each in hits.all_ids if found.get(each, ("",))[0] == selection.category)
    narrowed = replace(hits, ids=array(ids))
    each = ((category, currency, 1, units) for category, currency, units in found.values())
    return _summary(replace(selection, hits=narrowed), each)


def _summary(selection: Selection, groups: Iterable[tuple[str, str, int, int]]) -> Summary:
    """Of these counts and units by category and currency."""
    categories = dict.fromkeys(Category, 0)
    owed: dict[str, int] = {}
    for category, currency, count, units in groups:
        categories[Category(category)] += count
        if category == selection.category:
            owed[currency] = owed.get(currency, 0) + units
    balances = {currency: units * UNIT for currency, units in owed.items()}
    for currency, amount in _owed_in_other_currencies(selection):
        balances[currency] = balances.get(currency, Decimal(0)) + amount
    return Summary(
        selection=selection,
        count=categories[selection.category],
        balances=sorted(balances.items(), key=lambda balance: (-balance[1], balance[0])),
        categories=categories,
    )


def _with_owners(selection: Selection) -> CustomerQuerySet:
    # Not as a join, which the planner would rather begin with than with the order's index.
    owners = Member.objects.filter(
        organization_id=tenancy.current(), id=OuterRef("billing_owner_id")
    )
    return selected(selection).annotate(owner_name=Subquery(owners.values("name")))


def count_selected(selection: Selection) -> int:
    """How many are selected, counted no further than needed to say that they are very many."""
    most, hits = search.MOST_COUNTED + 1, selection.hits
    if hits and not hits.best_first:
        some_first = () if selection.is_filtered else (hits.some(2 * most),)
        for some in (*some_first, hits.some(search.MOST_FETCHED)):
            if selected(replace(selection, hits=some))[:most].count() == most:
                return most
    return selected(selection)[:most].count()


def _matching(selection: Selection, *, at_once: bool = False) -> CustomerQuerySet:
    """The selected customers and those like them in the other categories."""
    rows = Customer.objects.visible(tenancy.current())
    if selection.hits:
        rows = rows.filter(_found(selection.hits, at_once=at_once))
    if selection.owner_id:
        rows = rows.filter(billing_owner_id=selection.owner_id)
    if selection.entity_id:
        rows = rows.filter(entity_id=selection.entity_id)
    if selection.tag:
        tagged = TaggedCustomer.objects.filter(organization_id=tenancy.current(), tag=selection.tag)
        rows = rows.filter(id__in=tagged.values("customer_id"))
    for field in selection.fields:
        rows = rows.filter(id__in=field.subject_ids(CustomerValue))
    for condition in selection.conditions:
        rows = rows.filter(condition)
    if selection.due_from or selection.due_to:
        last = NEVER_DUE - timedelta(days=1)
        rows = rows.alias(due=OLDEST_DUE).filter(
            due__range=(selection.due_from or date.min, selection.due_to or last)
        )
    if selection.health:
        rows = rows.alias(scored=HEALTH).filter(scored__range=selection.health.scores)
    return rows


def _found(hits: Hits, *, at_once: bool) -> Func | Subquery | Q:
    if hits.complete:
        return _each_among(hits) if at_once else among(hits)
    if hits.by_first_letters:
        return _begins(hits)
    # A single value of a single row: as a join or EXISTS it would be planned to read all rows
    # first, since row security hides from the planner how many match.
    row = SearchRow.objects.filter(organization_id=tenancy.current(), customer_id=OuterRef("id"))
    matches = ExpressionWrapper(reduce(and_, map(_occurs, hits.patterns)), BooleanField())
    return Subquery(row.values_list(matches))


def _begins(hits: Hits) -> Q:
    """A range, and no LIKE, since row security lets an index find a range."""
    names = Q(sort_name__gte=hits.wanted, sort_name__lt=hits.beyond)
    return names | Q(number__istartswith=hits.wanted) if hits.numbers else names


def _occurs(pattern: str) -> Q:
    like = Func(
        F("words"),
        Value(pattern),
        template="%(expressions)s",
        arg_joiner=" LIKE ",
        output_field=BooleanField(),
    )
    return Q(like)


def among(hits: Hits) -> Func:
    """Whether a row's id is one of those a search found."""
    return among_array("id", hits.ids)


def _each_among(hits: Hits) -> Func:
    """Each looked up by its id: knowing the ids, the planner would rather walk a filter's index."""
    return Func(
        F("id"),
        as_array(hits.ids),
        template="%(expressions)s)))",
        arg_joiner=" = ANY(ARRAY(SELECT unnest(",
        output_field=BooleanField(),
    )


def _owed_in_other_currencies(selection: Selection) -> Iterable[tuple[str, Decimal]]:
    owed = OtherBalance.objects.visible(tenancy.current()).filter(open_amount__gt=0)
    if not owed.exists():
        return ()
    customers = _matching(selection).in_category(selection.category)
    return owed.filter(customer__in=customers).values_list("currency").annotate(Sum("open_amount"))
