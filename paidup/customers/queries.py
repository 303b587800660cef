"""Reads of customers: the list with its sums, and the people there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast

from paidup.lib import keyset, tenancy
from paidup.lib.keyset import Order, Page

from . import search
from .models import (
    LAST_CONTACTED,
    LAST_PAYMENT,
    NEVER_DUE,
    OLDEST_DUE,
    UNIT,
    Contact,
    ContactLink,
    Customer,
    CustomerQuerySet,
    DeletedCustomer,
    MergedCustomer,
    OtherBalance,
    SearchRow,
    TaggedCustomer,
)
from .search import Hits
from .states import Category, ContactRole

# What lists show of a customer.
_SHOWN = (
    "name",
    "number",
    "currency",
    "category",
    "terms_days",
    "open_amount",
    "unapplied_amount",
    "open_invoices",
    "oldest_due_on",
    "last_payment_on",
    "last_contacted_at",
    "billing_owner__name",
)

ORDERS: dict[str, Order] = {
    "name": Order(F("sort_name"), str),
    "balance": Order(F("open_units"), int),
    "oldest_due": Order(OLDEST_DUE, date.fromisoformat),
    "last_payment": Order(LAST_PAYMENT, date.fromisoformat),
    "last_contacted": Order(LAST_CONTACTED, datetime.fromisoformat),
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which customers are meant: those of a category that a search found and that pass filters.

    `due_from` and `due_to` are about the oldest open invoice.
    """

    category: Category = Category.ACTIVE
    hits: Hits | None = None
    owner_id: UUID | None = None
    entity_id: UUID | None = None
    tag: str = ""
    due_from: date | None = None
    due_to: date | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether more is asked than a search and a category."""
        return any((self.owner_id, self.entity_id, self.tag, self.due_from, self.due_to))


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


class MainContact(NamedTuple):
    """The person to speak to."""

    name: str
    email: str
    phone: str


def order(name: str, *, hits: Hits | None) -> Order:
    """The order `name` or `-name`; without one by name, or the best match of a search first."""
    known = ORDERS.get(name.removeprefix("-"))
    if known:
        return replace(known, descending=name.startswith("-"))
    if hits and hits.best_first:
        place = Func(_array(hits), F("id"), function="array_position", output_field=IntegerField())
        return Order(place, int)
    return ORDERS["name"]


def customers_page(
    selection: Selection, sort: str, *, after: str = "", before: str = "", size: int = 50
) -> Page[Customer]:
    """A page of the selected customers, of each what lists show; sorted as `order` says."""
    hits = selection.hits
    if hits and hits.narrowed and hits.best_first and not sort:
        return _best_first(hits, after=after, before=before, size=size)
    ordered = order(sort, hits=hits)
    return keyset.page(shown(selection), ordered, after=after, before=before, size=size)


def _best_first(hits: Hits, *, after: str, before: str, size: int) -> Page[Customer]:
    """A page of those a search found, which stand in their order: its place is a number."""
    ids, place = hits.all_ids, keyset.read_place(before or after, int)
    start = 0
    if place:
        start = max(0, place[0] - size) if before else place[0] + 1
    start = start if start < len(ids) else 0
    some = [UUID(each) for each in ids[start : start + size]]
    rows = Customer.objects.of(tenancy.current()).select_related("billing_owner").only(*_SHOWN)
    found = rows.in_bulk(some)
    last = start + len(some) - 1
    return Page(
        [found[each] for each in some if each in found],
        before=keyset.write_place(start, some[0]) if start else None,
        after=keyset.write_place(last, some[-1]) if last + 1 < len(ids) else None,
    )


def shown(selection: Selection) -> CustomerQuerySet:
    """The selected customers, in no order, of each what lists show."""
    return selected(selection).select_related("billing_owner").only(*_SHOWN)


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
    rows = _matching(selection).values_list(
        Cast("id", TextField()), "category", "currency", "open_units"
    )
    found = {customer_id: facts for customer_id, *facts in rows}
    ids = (each for each in hits.all_ids if found.get(each, ("",))[0] == selection.category)
    narrowed = replace(hits, ids=search.array(ids), narrowed=True)
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


def tags() -> list[str]:
    """Every tag that a customer has."""
    rows = TaggedCustomer.objects.filter(organization_id=tenancy.current())
    return list(rows.order_by("tag").values_list("tag", flat=True).distinct())


def count_selected(selection: Selection) -> int:
    """How many are selected, counted no further than needed to say that they are very many."""
    most, hits = search.MOST_COUNTED + 1, selection.hits
    if hits and not hits.best_first:
        some = replace(selection, hits=hits.some(2 * most))
        if selected(some)[:most].count() == most:
            return most
    return selected(selection)[:most].count()


def main_contacts(customer_ids: Iterable[UUID]) -> dict[UUID, MainContact]:
    """The person to speak to at each customer: of billing, else any; the one added first."""
    links = (
        ContactLink.objects.of(tenancy.current())
        .filter(customer_id__in=list(customer_ids))
        .order_by("customer_id", _billing_first(), "id")
        .distinct("customer_id")
        # A phone number as it stands: taken apart, a page of them costs as much as its rows.
        .values_list(
            "customer_id",
            "contact__name",
            "contact__email",
            Cast("contact__phone", TextField()),
        )
    )
    return {customer_id: MainContact(*person) for customer_id, *person in links}


def contacts_page(
    hits: Hits | None, *, after: str = "", before: str = "", size: int = 50
) -> Page[Contact]:
    """A page of the people, by name; of a search those it found."""
    rows = Contact.objects.of(tenancy.current()).standing()
    if hits:
        rows = rows.filter(_among(hits))
    order = Order(F("sort_name"), str)
    return keyset.page(rows, order, after=after, before=before, size=size)


def count_contacts() -> int:
    """How many people there are at all customers."""
    return Contact.objects.of(tenancy.current()).standing().count()


def contacts_merged_into(contact: Contact) -> list[Contact]:
    """Those that were merged into this contact, the first one first."""
    return list(Contact.objects.of(tenancy.current()).filter(merged_into=contact).order_by("id"))


def customers_of(contact_ids: Iterable[UUID]) -> dict[UUID, list[ContactLink]]:
    """By contact, its places with their customers, by name."""
    links: dict[UUID, list[ContactLink]] = {}
    for link in (
        ContactLink.objects.of(tenancy.current())
        .filter(contact_id__in=list(contact_ids))
        .order_by("customer__sort_name", "id")
        .select_related("customer")
    ):
        links.setdefault(link.contact_id, []).append(link)
    return links


def contacts_of(customer_id: UUID) -> QuerySet[ContactLink]:
    """A customer's people with their place there, those of billing first."""
    return (
        ContactLink.objects.of(tenancy.current())
        .filter(customer_id=customer_id)
        .order_by(_billing_first(), "id")
        .select_related("contact")
    )


def current(customer_id: UUID) -> Customer:
    """The customer of that id, or the one into which it was merged. Raises DoesNotExist."""
    rows = Customer.objects.of(tenancy.current())
    return rows.get(id=merged_into(customer_id) or customer_id)


def merged_into(customer_id: UUID) -> UUID | None:
    """Into which customer the one of that id was merged; None where it wasn't."""
    merged = MergedCustomer.objects.of(tenancy.current()).filter(id=customer_id)
    return merged.values_list("into_id", flat=True).first()


def deleted_at(customer_id: UUID) -> datetime | None:
    """When the customer of that id was deleted; None where it wasn't."""
    deleted = DeletedCustomer.objects.of(tenancy.current()).filter(id=customer_id)
    return deleted.values_list("deleted_at", flat=True).first()


def ids_of(customer_id: UUID) -> list[UUID]:
    """Under which ids a customer's past is kept: its own, and those merged into it."""
    merged = MergedCustomer.objects.of(tenancy.current()).filter(into_id=customer_id)
    return [customer_id, *merged.values_list("id", flat=True)]


def ancestors(customer: Customer) -> list[Customer]:
    """The customers above this one, the nearest first."""
    above = []
    parent = customer.parent
    while parent:
        above.append(parent)
        parent = parent.parent
    return above


def alike(text: str, *, most: int, but: UUID) -> list[Customer]:
    """Customers of any category that a search finds, the best first; without that one."""
    hits = search.find(text)
    ids = hits.ids.strip("{}").split(",") if hits and hits.count else []
    wanted = [UUID(found) for found in ids[: most + 1]]
    rows = Customer.objects.of(tenancy.current()).select_related("entity").in_bulk(wanted)
    return [rows[found] for found in wanted if found in rows and found != but][:most]


def _billing_first() -> Case:
    return Case(When(role=ContactRole.BILLING, then=0), default=1, output_field=IntegerField())


def _matching(selection: Selection) -> CustomerQuerySet:
    """The selected customers and those like them in the other categories."""
    rows = Customer.objects.of(tenancy.current())
    if selection.hits:
        rows = rows.filter(_found(selection.hits))
    if selection.owner_id:
        rows = rows.filter(billing_owner_id=selection.owner_id)
    if selection.entity_id:
        rows = rows.filter(entity_id=selection.entity_id)
    if selection.tag:
        tagged = TaggedCustomer.objects.filter(organization_id=tenancy.current(), tag=selection.tag)
        rows = rows.filter(id__in=tagged.values("customer_id"))
    if selection.due_from or selection.due_to:
        last = NEVER_DUE - timedelta(days=1)
        rows = rows.alias(due=OLDEST_DUE).filter(
            due__range=(selection.due_from or date.min, selection.due_to or last)
        )
    return rows


def _found(hits: Hits) -> Func | Subquery | Q:
    if hits.complete:
        return _among(hits)
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


def _among(hits: Hits) -> Func:
    return Func(
        F("id"),
        _array(hits),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def _array(hits: Hits) -> Func:
    return Func(Value(hits.ids), template="%(expressions)s::uuid[]", output_field=UUIDField())


def _owed_in_other_currencies(selection: Selection) -> Iterable[tuple[str, Decimal]]:
    owed = OtherBalance.objects.of(tenancy.current()).filter(open_amount__gt=0)
    if not owed.exists():
        return ()
    customers = _matching(selection).in_category(selection.category)
    return owed.filter(customer__in=customers).values_list("currency").annotate(Sum("open_amount"))
