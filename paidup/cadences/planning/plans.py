"""The plan of a day: one message per person with all that is due, and why not for the rest."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
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
SELECT p.address, (array_agg(p.contact_id ORDER BY p.contact_id))[1],
    (array_agg(p.name ORDER BY p.contact_id))[1],
    (array_agg(p.language ORDER BY p.contact_id))[1],
    json_agg(json_build_array(j.invoice_id, j.number, j.customer_id, j.customer,
        j.customer_number, j.currency, j.due_on, j.amount, j.reason IS NULL, j.step_id,
        j.step_days, j.enrolment_id, j.cycle, j.wanted, j.late_fee))::text
FROM judged j
JOIN person p ON GOES_BY AND p.obstacle = 0
WHERE (REMINDS OR (j.reason IN ('already', 'not_due', 'beside') AND j.due_on <= %(on)s))
    AND p.address IN (
        SELECT p.address
        FROM person p
        WHERE p.obstacle = 0
            AND EXISTS (SELECT FROM judged j WHERE GOES_BY AND REMINDS))
GROUP BY p.address
ORDER BY p.address COLLATE "C"
""".replace("GOES_BY", judge.GOES_BY).replace(
    "REMINDS",
    """j.reason IS NULL AND (j.enrolment_id IS NOT NULL OR NOT %(entered)s)
        AND (j.wanted OR j.step_id <> ALL(%(unasked)s::uuid[]))""",
)

# Each invoice once: where one of its cadences reminds of it, it is reminded of.
_COUNTED = """
SELECT CASE WHEN REMINDED THEN NULL ELSE reason END AS why, currency, count(*), sum(amount)
FROM judged
WHERE leads
GROUP BY why, currency
ORDER BY why, currency
""".replace("REMINDED", judge.REMINDED)


@dataclass(frozen=True, slots=True)
class Item:
    """An invoice in a message: what is asked for, and the step that is due, if one is."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    customer: str
    customer_number: str
    currency: str
    due_on: date
    amount: Decimal
    due_step: bool
    step_id: UUID | None  # none before the first
    step_days: int
    enrolment_id: UUID | None
    cycle: int
    wanted: bool
    late_fee: bool


@dataclass(frozen=True)
class Group:
    """One message: a person, and the invoices in it, by customer, currency and due date."""

    address: str
    contact_id: UUID
    name: str
    language: str
    packed: str = field(repr=False)  # a plan of a large book has more than anyone looks at

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The invoices, each once, however many people at the address have it, and by whichever
        cadences: as of the most advanced step that is due."""
        by_invoice = {item.invoice_id: item for item in self._rows}
        return tuple(sorted(by_invoice.values(), key=_by_section))

    @cached_property
    def due(self) -> tuple[Item, ...]:
        """All steps that are due, of one invoice several where it is in several cadences."""
        return tuple(item for item in self._rows if item.due_step)

    @cached_property
    def _rows(self) -> list[Item]:
        rows = {_item(row) for row in json.loads(self.packed, parse_float=Decimal)}
        return sorted(rows, key=_by_advance)

    @property
    def step_days(self) -> int:
        """Days of the most advanced of the steps that are due."""
        return self._leading.step_days

    @property
    def step_id(self) -> UUID:
        """The most advanced of the steps that are due: its template speaks."""
        step_id = self._leading.step_id
        assert step_id  # noqa: S101  what is due has a step
        return step_id

    @property
    def _leading(self) -> Item:
        return self.due[-1]

    @property
    def customers(self) -> dict[UUID, str]:
        """By id, the names of the customers whose invoices these are."""
        return {item.customer_id: item.customer for item in self.items}

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


def plan(organization: Organization, on: date, *, customers: Sequence[UUID] | None = None) -> Plan:
    """What would be sent on this day, to the people of these customers or to all. Within the
    organization's scope; changes nothing."""
    hours = delivery_hours(organization)
    scope = replace(scope_of(hours, on), customers=customers)
    with judge.tables(scope):
        return Plan(on=on, sends_on=hours.next_day(on), will_send=groups(scope), **_counts(scope))


def scope_of(hours: Hours, on: date) -> Scope:
    """The judgement of a day, by the days on which messages leave."""
    monday = date(2024, 1, 1)
    week = (monday + timedelta(days=day) for day in range(7))
    return Scope(on=on, shift=[(hours.next_day(day) - day).days for day in week])


def groups(scope: Scope) -> tuple[Group, ...]:
    """The messages of the judgement that stands in the tables."""
    return tuple(Group(*row) for row in judge.look(_GROUPED, scope))


def groups_of(scope: Scope) -> tuple[Group, ...]:
    """The messages of a scope of a few customers, judged for this once."""
    return tuple(Group(*row) for row in judge.read(_GROUPED, scope))


def reasons_of(scope: Scope) -> list[Reason]:
    """Why nobody is reminded of what is wanted in a scope of a few customers."""
    rows = judge.read(
        "SELECT DISTINCT reason FROM judged WHERE wanted AND reason IS NOT NULL", scope
    )
    return sorted(Reason(reason) for (reason,) in rows)


def _counts(scope: Scope) -> dict[str, Any]:
    reminded: dict[str, Count] = {}
    not_sent: dict[Reason, dict[str, Count]] = {}
    for reason, currency, invoices, amount in judge.look(_COUNTED, scope):
        counts = not_sent.setdefault(Reason(reason), {}) if reason else reminded
        counts[currency] = Count(invoices, amount)
    return {"reminded": reminded, "not_sent": not_sent}


def _item(row: Sequence[Any]) -> Item:
    invoice_id, number, customer_id, customer, customer_number, currency, *rest = row
    due_on, amount, due_step, step_id, step_days, enrolment_id, cycle, wanted, late_fee = rest
    return Item(
        invoice_id=UUID(invoice_id),
        number=number,
        customer_id=UUID(customer_id),
        customer=customer,
        customer_number=customer_number,
        currency=currency,
        due_on=date.fromisoformat(due_on),
        amount=amount,
        due_step=due_step,
        step_id=UUID(step_id) if step_id else None,
        step_days=step_days,
        enrolment_id=UUID(enrolment_id) if enrolment_id else None,
        cycle=cycle,
        wanted=wanted,
        late_fee=late_fee,
    )


def _by_advance(item: Item) -> tuple[bool, bool, int, str]:
    """Steps that are due last, the most advanced one at the end."""
    return item.due_step, item.step_id is not None, item.step_days or 0, str(item.step_id)


def _by_section(item: Item) -> tuple[str, UUID, str, date, str]:
    return item.customer, item.customer_id, item.currency, item.due_on, item.number
