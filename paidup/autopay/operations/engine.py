"""The engine's tick: finds what is to be charged now, claims it, and has jobs charge it.

Two ticks at once, a crash at any line, a tick late or twice: nothing is charged twice, because each
payer's invoices are read under its lock and claimed in the transaction that enqueues the charge;
and no slot is skipped, because a slot is served when a tick has seen to it, not when its day comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from paidup.autopay import gates
from paidup.autopay.gates import Chargeable
from paidup.autopay.models import Attempt, AttemptState, Schedule
from paidup.autopay.slots import latest_slot
from paidup.history.actors import system
from paidup.invoicing.states import InvoiceState
from paidup.lib import jobs, tenancy
from paidup.lib.bulk import analyze
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from paidup.payments import operations as payments
from paidup.payments.jobs import make_charge
from paidup.payments.models import Credit, Intent, Payment, PaymentMethod
from paidup.payments.operations import Order
from paidup.payments.operations.allocate import Source, lock_customers, oldest_first
from paidup.payments.states import PaymentKind, Purpose

from .barred import ask_for_other_methods

AUTOPAY = system("autopay")
BATCH = 1000  # payers whose rows are locked together


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What a tick has started."""

    charges: int = 0
    invoices: int = 0


def tick(*, organization_id: UUID, at: datetime) -> Tick:
    """Claims every invoice that a schedule charges now, and enqueues a job for each charge.

    Opens its own transactions, one for every thousand payers, so that locks are held shortly.
    """
    with tenant(organization_id):
        on = Organization.objects.get(id=organization_id).day(at)
        slots = _slots_to_serve(Schedule.objects.of(organization_id).filter(ended=False), on)
    charges = invoices = 0
    for batch in _batches(sorted(slots)):
        with tenant(organization_id):
            made = _serve(batch, on=on, at=at)
            claimed = sum(len(order.amounts) for order, _ in made)
            if not charges:
                # Where few charges were known, each row that refers to one is checked by reading
                # them all, until the planner has learnt that there are many.
                analyze(Intent, loaded=claimed)
            charges += len(made)
            invoices += claimed
    return Tick(charges=charges, invoices=invoices)


def _slots_to_serve(schedules: Iterable[Schedule], on: date) -> dict[UUID, date]:
    """Schedules with a slot today, with one no tick has served yet, or with a retry due."""
    retrying = set(
        Attempt.objects.of(tenancy.current())
        .filter(state=AttemptState.RETRY, retry_on__lte=on, invoice__state=InvoiceState.OPEN)
        .values_list("schedule_id", flat=True)
    )
    slots = {}
    for schedule in schedules:
        slot = latest_slot(schedule, on)
        if slot and (_is_to_be_served(schedule, slot, on) or schedule.id in retrying):
            slots[schedule.id] = slot
    return slots


def _is_to_be_served(schedule: Schedule, slot: date, on: date) -> bool:
    """All day long when it is today's; else until a tick has seen to it."""
    return slot == on or schedule.served_through is None or schedule.served_through < slot


def _serve(schedule_ids: Sequence[UUID], *, on: date, at: datetime) -> list[tuple[Order, Intent]]:
    organization_id = tenancy.current()
    lock_customers(gates.customers_paid_for(schedule_ids), [])
    # From here on nobody else can change these customers' schedules and money.
    if Organization.objects.get(id=organization_id).automation_stopped:
        return []
    schedules = Schedule.objects.of(organization_id).filter(ended=False).in_bulk(schedule_ids)
    slots = _slots_to_serve(schedules.values(), on)
    rows, barred = _to_be_charged(schedules, slots, on=on)
    if _apply_unapplied(rows, on=on, at=at):
        rows, barred = _to_be_charged(schedules, slots, on=on)
    ask_for_other_methods({row.method_id for row in barred}, on=on, by=AUTOPAY, at=at)
    made = payments.claim_charges(
        orders=_orders(rows, schedules), purpose=Purpose.AUTOPAY, by=AUTOPAY, at=at
    )
    _note_attempts(made, rows, slots, on=on)
    _note_served(slots)
    jobs.enqueue_all(
        make_charge,
        organization_id=organization_id,
        ids=[{"intent_id": intent.id} for _, intent in made],
    )
    return made


def _to_be_charged(
    schedules: dict[UUID, Schedule], slots: dict[UUID, date], *, on: date
) -> tuple[list[Chargeable], list[Chargeable]]:
    """What the gates let through of a slot that is to be served, or by a retry that is due; and
    what of it may not be paid by the saved method."""
    rows = gates.chargeable(list(slots), on=on)
    retries = _retries([row.invoice_id for row in rows], on=on)
    served = [
        row
        for row in rows
        if row.invoice_id in retries
        or _is_to_be_served(schedules[row.schedule_id], slots[row.schedule_id], on)
    ]
    return [row for row in served if row.is_allowed], [row for row in served if not row.is_allowed]


def _retries(invoice_ids: list[UUID], *, on: date) -> dict[UUID, Attempt]:
    """The failed attempts that are to be made again now, by invoice."""
    return {
        attempt.invoice_id: attempt
        for attempt in Attempt.objects.of(tenancy.current()).filter(
            invoice_id__in=invoice_ids, state=AttemptState.RETRY, retry_on__lte=on
        )
    }


def _apply_unapplied(rows: list[Chargeable], *, on: date, at: datetime) -> bool:
    """Money that is there already pays first; what it covers is not charged. True if there is any.

    Everybody's money pays for its own invoices, then a payer's for those it would be charged for.
    """
    charged_to = defaultdict(list)
    for row in rows:
        charged_to[row.payer_id].append(row.invoice_id)
    sources = _unapplied({row.customer_id for row in rows} | charged_to.keys())
    for source in sources:
        payments.allocate(source=source, on=on, by=AUTOPAY, at=at)
    for source in sources:
        to = oldest_first(source, among=charged_to[source.customer.id])
        payments.allocate(source=source, to=to, on=on, by=AUTOPAY, at=at)
    return bool(sources)


def _unapplied(customer_ids: set[UUID]) -> list[Source]:
    return [
        source
        for table in (Payment, Credit)
        for source in table.objects.of(tenancy.current()).filter(
            customer_id__in=customer_ids, unapplied_amount__gt=0
        )
    ]


def _orders(rows: list[Chargeable], schedules: dict[UUID, Schedule]) -> list[Order]:
    """One order per payer and currency: what fits under the schedule's maximum, oldest first.

    A maximum is in the payer's own currency; beside one, other currencies are not charged.
    """
    organization_id = tenancy.current()
    methods = (
        PaymentMethod.objects.of(organization_id)
        .select_related("customer")
        .in_bulk({row.method_id for row in rows})
    )
    grouped: dict[tuple[UUID, str], list[Chargeable]] = defaultdict(list)
    for row in rows:
        grouped[row.payer_id, row.currency].append(row)
    orders = []
    for (_, currency), group in grouped.items():
        method = methods[group[0].method_id]
        maximum = schedules[group[0].schedule_id].maximum
        if maximum is not None and currency != method.customer.currency:
            continue
        amounts = _within(maximum, group)
        if amounts:
            orders.append(
                Order(
                    customer=method.customer,
                    amounts=amounts,
                    gateway=method.gateway,
                    token=method.token,
                    method_kind=PaymentKind(method.kind),
                    method_label=str(method),
                    method=method,
                )
            )
    return orders


def _within(maximum: Decimal | None, group: list[Chargeable]) -> list[tuple[UUID, Decimal]]:
    amounts = []
    left = maximum
    for row in group:
        if left is not None:
            if row.amount > left:
                continue
            left -= row.amount
        amounts.append((row.invoice_id, row.amount))
    return amounts


def _note_attempts(
    made: list[tuple[Order, Intent]],
    rows: list[Chargeable],
    slots: dict[UUID, date],
    *,
    on: date,
) -> None:
    organization_id = tenancy.current()
    charged = [invoice_id for order, _ in made for invoice_id, _ in order.amounts]
    retries = _retries(charged, on=on)
    places = {row.invoice_id: (row.schedule_id, slots[row.schedule_id]) for row in rows}
    places |= {
        invoice_id: (failed.schedule_id, failed.slot_on) for invoice_id, failed in retries.items()
    }
    made_before = _attempts_made(charged)
    Attempt.objects.of(organization_id).filter(
        id__in=[failed.id for failed in retries.values()]
    ).update(state=AttemptState.RETRIED, retry_on=None)
    Attempt.objects.bulk_create(
        Attempt(
            organization_id=organization_id,
            schedule_id=places[invoice_id][0],
            slot_on=places[invoice_id][1],
            invoice_id=invoice_id,
            attempt=made_before.get((*places[invoice_id], invoice_id), 0) + 1,
            intent=intent,
        )
        for order, intent in made
        for invoice_id, _ in order.amounts
    )


def _attempts_made(invoice_ids: list[UUID]) -> dict[tuple[UUID, date, UUID], int]:
    """How often a schedule's slot has charged an invoice: more than once also with a new method
    after a decline, or when what had paid it was taken back."""
    return {
        (schedule_id, slot_on, invoice_id): number
        for schedule_id, slot_on, invoice_id, number in Attempt.objects.of(tenancy.current())
        .filter(invoice_id__in=invoice_ids)
        .values_list("schedule_id", "slot_on", "invoice_id")
        .annotate(Max("attempt"))
    }


def _note_served(slots: dict[UUID, date]) -> None:
    """Of most schedules it is the same day."""
    served = defaultdict(list)
    for schedule_id, slot in slots.items():
        served[slot].append(schedule_id)
    for slot, schedule_ids in served.items():
        Schedule.objects.of(tenancy.current()).filter(id__in=schedule_ids).exclude(
            served_through__gte=slot
        ).update(served_through=slot)


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
