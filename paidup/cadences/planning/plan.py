"""The plan of a day: one message per person with all that is due, and why not for the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from paidup.cadences.states import Reason
from paidup.communications.hours import Hours
from paidup.communications.queries import delivery_hours
from paidup.organizations.models import Organization

from . import judge
from .judge import Scope

# Whom we write to is told of what is due, also where its step was done before.
_GROUPED = """
SELECT p.address, p.contact_id, p.name, p.language, j.customer_id, c.name, c.number, j.entity_id,
    j.currency, j.invoice_id, j.number, j.due_on, j.amount, j.reason IS NULL, j.enrolment_id,
    j.cycle, j.step_id, j.step_days, j.wanted
FROM judged j
JOIN person p ON p.customer_id = j.customer_id AND p.obstacle = 0
JOIN customers_customer c ON c.organization_id = %(organization)s AND c.id = j.customer_id
WHERE (j.reason IS NULL OR (j.reason IN ('already', 'not_due') AND j.due_on <= %(on)s))
    AND p.address IN (
        SELECT due.address
        FROM judged fell
        JOIN person due ON due.customer_id = fell.customer_id AND due.obstacle = 0
        WHERE fell.reason IS NULL)
ORDER BY p.address, p.contact_id, c.name, j.customer_id, j.currency, j.due_on, j.number,
    j.invoice_id
"""

_COUNTED = """
SELECT reason, currency, count(*), sum(amount) FROM judged
GROUP BY reason, currency ORDER BY reason, currency
"""


@dataclass(frozen=True, slots=True)
class Item:
    """An invoice in a message: what is asked for, and the step that is due, if one is."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    customer: str
    customer_number: str
    entity_id: UUID
    currency: str
    due_on: date
    amount: Decimal
    due_step: bool
    enrolment_id: UUID | None
    cycle: int
    step_id: UUID
    step_days: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One message: a person, and all invoices in it, by customer, currency and due date."""

    contact_id: UUID
    name: str
    address: str
    language: str
    items: tuple[Item, ...]

    @property
    def step(self) -> Item:
        """The most advanced of the steps that are due: its template speaks."""
        return max((item for item in self.items if item.due_step), key=_days)

    @property
    def customer_ids(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(item.customer_id for item in self.items))

    @property
    def customers(self) -> tuple[str, ...]:
        return tuple({item.customer_id: item.customer for item in self.items}.values())

    @property
    def totals(self) -> dict[str, Decimal]:
        """What is asked for, by currency."""
        totals: dict[str, Decimal] = {}
        for item in self.items:
            totals[item.currency] = totals.get(item.currency, Decimal(0)) + item.amount
        return totals


@dataclass(frozen=True)
class Count:
    """Open invoices of one fate in one currency."""

    invoices: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be sent on a day, and how many invoices would not be reminded of, by reason."""

    on: date
    sends_on: date  # the day itself, or the next on which automatic messages leave
    will_send: tuple[Group, ...]
    reminded: dict[str, Count]  # by currency
    not_sent: dict[Reason, dict[str, Count]]  # by reason and currency

    @property
    def invoices_reminded(self) -> int:
        return sum(count.invoices for count in self.reminded.values())

    @property
    def invoices_not_sent(self) -> int:
        return sum(count.invoices for counts in self.not_sent.values() for count in counts.values())


def plan(organization: Organization, on: date) -> Plan:
    """What would be sent on this day. Within the organization's scope; changes nothing."""
    hours = delivery_hours(organization)
    scope = scope_of(hours, on)
    with judge.tables(scope):
        return Plan(on=on, sends_on=hours.next_day(on), will_send=groups(scope), **_counts(scope))


def scope_of(hours: Hours, on: date) -> Scope:
    """The judgement of a day, by the days on which messages leave."""
    monday = date(2024, 1, 1)
    week = (monday + timedelta(days=day) for day in range(7))
    return Scope(on=on, shift=[(hours.next_day(day) - day).days for day in week])


def groups(scope: Scope) -> tuple[Group, ...]:
    """The messages of the judgement that stands in the tables."""
    return tuple(_grouped(judge.look(_GROUPED, scope)))


def groups_of(scope: Scope) -> tuple[Group, ...]:
    """The messages of a scope of a few customers, judged for this once."""
    return tuple(_grouped(judge.read(_GROUPED, scope)))


def reasons_of(scope: Scope) -> list[Reason]:
    """Why there is nothing to remind of in a scope of a few customers."""
    rows = judge.read("SELECT DISTINCT reason FROM judged WHERE reason IS NOT NULL", scope)
    return sorted(Reason(reason) for (reason,) in rows)


def _counts(scope: Scope) -> dict[str, Any]:
    reminded: dict[str, Count] = {}
    not_sent: dict[Reason, dict[str, Count]] = {}
    for reason, currency, invoices, amount in judge.look(_COUNTED, scope):
        counts = not_sent.setdefault(Reason(reason), {}) if reason else reminded
        counts[currency] = Count(invoices, amount)
    return {"reminded": reminded, "not_sent": not_sent}


def _grouped(rows: Sequence[tuple[Any, ...]]) -> Iterator[Group]:
    for address, of_person in groupby(rows, key=itemgetter(0)):
        first, *others = of_person
        seen = {first[9]: Item(*first[9:11], *first[4:9], *first[11:])}
        for row in others:  # an invoice reaches an address once, however many have it
            if row[9] not in seen:
                seen[row[9]] = Item(*row[9:11], *row[4:9], *row[11:])
        yield Group(first[1], first[2], address, first[3], tuple(seen.values()))


def _days(item: Item) -> int:
    return item.step_days
