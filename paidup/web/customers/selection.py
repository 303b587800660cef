"""Which customers the list's address asks for, and what a row of it shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.cadences import queries as cadences
from paidup.customers import listing, queries, search
from paidup.customers.listing import ORDERS, Selection, Summary
from paidup.customers.models import CustomerValue
from paidup.customers.queries import MainContact
from paidup.customers.states import Category, Grade
from paidup.invoicing.queries import customers_with_status
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import values_of
from paidup.organizations.models import Member
from paidup.organizations.states import FieldSubject
from paidup.reporting.overdue import overdue_amounts
from paidup.web.field_filters import FieldAsked, asked_fields, said_of

# The oldest open invoice is at least and at most so many days late.
AGES: dict[str, tuple[str | Promise, int | None, int | None]] = {
    "current": (_("Current"), None, 0),
    "days_1_30": (_("1–30 days late"), 1, 30),
    "days_31_60": (_("31–60 days late"), 31, 60),
    "days_61_90": (_("61–90 days late"), 61, 90),
    "over_90": (_("90+ days late"), 91, None),
}
FILTERS = ("owner", "aging", "tag", "entity", "cadence", "health", "collection")
MORE = {"tag", "entity", "cadence", "health", "collection"}
NO_CADENCE = "none"
USUAL = Category.ACTIVE
LIST = "customers"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parts of the address, known ones only."""

    q: str
    category: Category
    owner: str
    aging: str
    tag: str
    entity: str
    cadence: str
    health: str
    collection: str  # the id of a collection status
    sort: str
    usual_sort: str  # the member's, which goes without saying
    fields: tuple[FieldAsked, ...] = ()

    @classmethod
    def of(cls, query: QueryDict, member: Member) -> "Asked":
        """What the address says to this member; anything unknown counts as not said."""
        said = {name: query.get(name, "").replace("\0", "") for name in cls.__dataclass_fields__}
        q, usual = said["q"].strip()[:100], usual_sort(member)
        return cls(
            q=q,
            category=Category(said["category"] if said["category"] in Category else USUAL),
            owner=said["owner"] if is_id(said["owner"]) else "",
            aging=said["aging"] if said["aging"] in AGES else "",
            tag=said["tag"][:40],
            entity=said["entity"] if is_id(said["entity"]) else "",
            cadence=said["cadence"] if _is_cadence(said["cadence"]) else "",
            health=said["health"] if said["health"] in Grade else "",
            collection=said["collection"] if is_id(said["collection"]) else "",
            sort=_sort(said["sort"]) or ("" if q else usual),
            usual_sort=usual,
            fields=asked_fields(query, FieldSubject.CUSTOMER),
        )

    def selection(self, on: date) -> Selection:
        """The customers meant, on the organization's day."""
        due_from, due_to = due_range(self.aging, on)
        return Selection(
            category=self.category,
            hits=search.find(self.q),
            owner_id=UUID(self.owner) if self.owner else None,
            entity_id=UUID(self.entity) if self.entity else None,
            tag=self.tag,
            due_from=due_from,
            due_to=due_to,
            health=Grade(self.health) if self.health else None,
            fields=tuple(asked.meant for asked in self.fields),
            conditions=self._conditions,
        )

    @property
    def _conditions(self) -> tuple[Q, ...]:
        """What rooms above customers know of them."""
        conditions = []
        if self.cadence:
            cadence_id = None if self.cadence == NO_CADENCE else UUID(self.cadence)
            conditions.append(cadences.having(cadence_id))
        if self.collection:
            conditions.append(Q(id__in=customers_with_status(UUID(self.collection))))
        return tuple(conditions)

    @property
    def filters(self) -> dict[str, str]:
        """Those that are set, beside the category."""
        filters = {name: value for name in FILTERS if (value := getattr(self, name))}
        return filters | self.field_filters

    @property
    def field_filters(self) -> dict[str, str]:
        """Those by custom fields."""
        return said_of(self.fields)

    @property
    def more_filters(self) -> int:
        """How many of those are set that the list keeps in a menu."""
        return len(self.filters.keys() & MORE) + len(self.fields)

    @property
    def said(self) -> dict[str, str]:
        """The parts that don't go without saying."""
        said = {"q": self.q, **self.filters} if self.q else self.filters
        if self.category != USUAL:
            said["category"] = self.category.value
        if self.sort and (self.q or self.sort != self.usual_sort):
            said["sort"] = self.sort
        return said

    @property
    def query(self) -> str:
        """Those as they stand in an address."""
        return urlencode(self.said)


class Listed(NamedTuple):
    """A row of the list."""

    customer: listing.Row
    contact: MainContact | None
    overdue: Decimal
    values: Mapping[UUID, Value]  # of the custom fields shown
    cadence: str  # its name, where it is shown


def listed(
    customers: Sequence[listing.Row],
    on: date,
    field_ids: Collection[UUID] = (),
    *,
    with_cadences: bool = False,
) -> list[Listed]:
    """The customers with whom to speak there, what is overdue in the customer's currency, and what
    these custom fields hold."""
    ids = [customer.id for customer in customers]
    contacts = queries.main_contacts(ids)
    overdue = overdue_amounts(ids, on)
    nothing = Decimal(0)
    values = values_of(CustomerValue, ids, field_ids) if field_ids else {}
    names = cadences.names_of(ids) if with_cadences else {}
    return [
        Listed(
            customer,
            contacts.get(customer.id),
            overdue.get((customer.id, customer.currency), nothing),
            values.get(customer.id, {}),
            names.get(customer.id, ""),
        )
        for customer in customers
    ]


def elsewhere(summary: Summary) -> Iterator[tuple[Category, int]]:
    """The other categories in which a search finds something, with how many."""
    selection = summary.selection
    for category in Category:
        if category is selection.category or selection.hits is None:
            continue
        count = (
            summary.categories[category]
            if summary.categories
            else listing.count_selected(replace(selection, category=category))
        )
        if count:
            yield category, count


def usual_sort(member: Member) -> str:
    """In which order the member's list begins: as kept in Column Settings, else by name."""
    return _sort(member.list_sorts.get(LIST, "")) or "name"


def _sort(text: str) -> str:
    """The order, if there is such a one."""
    return text if text.removeprefix("-") in ORDERS else ""


def _is_cadence(text: str) -> bool:
    return text == NO_CADENCE or is_id(text)


def due_range(aging: str, on: date) -> tuple[date | None, date | None]:
    """The first and the last due day of an age; None where there is none."""
    _label, least, most = AGES.get(aging, ("", None, None))
    return (
        None if most is None else on - timedelta(days=most),
        None if least is None else on - timedelta(days=least),
    )


def is_id(text: str) -> bool:
    """Whether it can be one."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
