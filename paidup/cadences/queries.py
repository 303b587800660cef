"""Reading cadences, what a day's run would do, and what was done."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from paidup.communications.queries import delivery_hours
from paidup.communications.states import WAITING, MessageState
from paidup.customers.models import ContactLink
from paidup.customers.visibility import seen_customers
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib import tenancy
from paidup.lib.among import among
from paidup.organizations.models import Organization
from paidup.organizations.states import SendingMode

from .models import (
    Assignment,
    Cadence,
    CadenceQuerySet,
    Enrolment,
    InvoiceAssignment,
    LinkAssignment,
    Reminder,
    Step,
)
from .planning import Plan, judge, plan
from .planning.plans import scope_of
from .states import EnrolmentState, Reason, ReminderState

PAGE = 50
NAMED = 10  # of whom or what a cadence is the own one


@dataclass(frozen=True)
class NotSent:
    """An open invoice of which nobody would be reminded, and why."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    customer: str
    customer_number: str
    currency: str
    due_on: date
    amount: Decimal
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A plan with all that a person needs to judge it."""

    plan: Plan
    sending_mode: SendingMode
    templates: dict[UUID, str]  # by step, its template's name
    not_sent: tuple[NotSent, ...]  # one page of them


@dataclass(frozen=True)
class StepView:
    """A step of a cadence, and what came of it."""

    step: Step
    messages_sent: int
    waiting: int  # reminders that wait to be approved or to leave
    pending: int  # that were not sent in time and wait for a person


@dataclass(frozen=True, kw_only=True)
class CadenceView:
    """A cadence with its steps."""

    cadence: Cadence
    steps: tuple[StepView, ...]
    customers: int  # to whom it is assigned
    contacts: int  # whose own it is at a customer
    invoices: int  # open ones, whose own it is
    running: int  # invoices on their way through it
    paused: int


def preview(
    organization: Organization,
    *,
    on: date,
    reason: Reason | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = PAGE,
) -> Preview:
    """What would be sent on a day, and a page of what would not; see `not_sent`."""
    steps = Step.objects.of(organization).standing().select_related("template")
    return Preview(
        plan=plan(organization, on, customers=_seen()),
        sending_mode=SendingMode(organization.sending_mode),
        templates={step.id: step.template.name for step in steps},
        not_sent=not_sent(organization, on=on, reason=reason, after=after, limit=limit),
    )


def not_sent(
    organization: Organization,
    *,
    on: date,
    reason: Reason | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = PAGE,
) -> tuple[NotSent, ...]:
    """Invoices of which nobody would be reminded, by customer: all or those of one reason.

    A page begins after the customer's name and the invoice's id of the last one before.
    """
    customer, invoice_id = after or (None, None)
    rows = judge.read(
        """
        SELECT invoice_id, number, customer_id, customer, customer_number, currency, due_on,
            amount, reason
        FROM judged
        WHERE leads AND reason IS NOT NULL AND NOT REMINDED
            AND (%(reason)s IS NULL OR reason = %(reason)s)
            AND (%(customer)s IS NULL
                OR (customer COLLATE "C", invoice_id) > (%(customer)s, %(invoice)s))
        ORDER BY customer COLLATE "C", invoice_id
        LIMIT %(limit)s
        """.replace("REMINDED", judge.REMINDED),
        replace(scope_of(delivery_hours(organization), on), customers=_seen()),
        reason=reason,
        customer=customer,
        invoice=invoice_id,
        limit=limit,
    )
    return tuple(replace(NotSent(*row), reason=Reason(row[-1])) for row in rows)


def why_not(organization: Organization, *, customer_id: UUID, on: date) -> dict[UUID, Reason]:
    """By invoice, why nobody is reminded of this customer's on that day."""
    scope = replace(scope_of(delivery_hours(organization), on), customers=[customer_id])
    rows = judge.read(
        f"""
        SELECT invoice_id, reason FROM judged
        WHERE leads AND reason IS NOT NULL AND NOT {judge.REMINDED}
        """,  # noqa: S608  our own text
        scope,
    )
    return {invoice_id: Reason(reason) for invoice_id, reason in rows}


def _seen() -> list[UUID] | None:
    """The customers that whoever looks sees, None for all."""
    seen = seen_customers()
    return None if seen is None else list(seen.values_list("id", flat=True))


def cadences(organization: Organization) -> tuple[CadenceView, ...]:
    """The organization's cadences with their steps, the default one first."""
    counts = {
        step_id: figures
        for step_id, *figures in Reminder.objects.visible(organization)
        .values("step_id")
        .annotate(
            sent=Count("message_id", distinct=True, filter=Q(message__state=MessageState.SENT)),
            waiting=Count("id", filter=Q(message__state__in=WAITING)),
            pending=Count("id", filter=Q(state=ReminderState.PENDING)),
        )
        .values_list("step_id", "sent", "waiting", "pending")
    }
    enrolled = {
        (cadence_id, state): number
        for cadence_id, state, number in Enrolment.objects.visible(organization)
        .values_list("cadence_id", "state")
        .annotate(number=Count("id"))
    }
    steps = list(Step.objects.of(organization).standing().select_related("template"))
    assigned, of_contacts, of_invoices = (
        dict(rows.values_list("cadence_id").annotate(number=Count("id")))
        for rows in (
            Assignment.objects.visible(organization),
            LinkAssignment.objects.visible(organization),
            InvoiceAssignment.objects.visible(organization).filter(
                invoice__state=InvoiceState.OPEN
            ),
        )
    )
    return tuple(
        CadenceView(
            cadence=cadence,
            steps=tuple(
                StepView(step, *counts.get(step.id, (0, 0, 0)))
                for step in steps
                if step.cadence_id == cadence.id
            ),
            customers=assigned.get(cadence.id, 0),
            contacts=of_contacts.get(cadence.id, 0),
            invoices=of_invoices.get(cadence.id, 0),
            running=enrolled.get((cadence.id, EnrolmentState.RUNNING), 0),
            paused=enrolled.get((cadence.id, EnrolmentState.PAUSED), 0),
        )
        for cadence in standing(organization)
    )


def own_places(cadence: Cadence) -> list[ContactLink]:
    """Some of the people's places at customers where it is their own, with person and customer."""
    rows = LinkAssignment.objects.visible(cadence.organization_id).filter(cadence=cadence)
    places = ContactLink.objects.visible(cadence.organization_id)
    found = places.filter(id__in=rows.values("link")).select_related("contact", "customer")
    return list(found.order_by("contact__sort_name", "id")[:NAMED])


def own_invoices(cadence: Cadence) -> list[Invoice]:
    """Some of the open invoices whose own it is."""
    rows = InvoiceAssignment.objects.visible(cadence.organization_id).filter(cadence=cadence)
    invoices = Invoice.objects.visible(cadence.organization_id).open()
    return list(invoices.filter(id__in=rows.values("invoice")).oldest_first()[:NAMED])


def standing(organization: Organization | UUID) -> CadenceQuerySet:
    """The cadences there are, the default one first."""
    return Cadence.objects.of(organization).standing().order_by("-default", "name")


def names_of(customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """By customer, the name of its cadence; of those that have none, nothing."""
    organization_id = tenancy.current()
    named = {cadence.id: cadence for cadence in standing(organization_id)}
    default = next((cadence.id for cadence in named.values() if cadence.default), None)
    own = dict(
        Assignment.objects.visible(organization_id)
        .filter(among("customer_id", customer_ids))
        .values_list("customer_id", "cadence_id")
    )
    meant = {customer_id: own.get(customer_id, default) for customer_id in customer_ids}
    return {each: named[cadence_id].name for each, cadence_id in meant.items() if cadence_id}


def having(cadence_id: UUID | None) -> Q:
    """Of customers: those whose cadence this is, or without one those that have none."""
    rows = Assignment.objects.visible(tenancy.current())
    own = Q(id__in=rows.filter(cadence=cadence_id).values("customer_id"))
    if cadence_id is None:
        return own
    if not Cadence.objects.of(tenancy.current()).filter(id=cadence_id, default=True).exists():
        return own
    return ~Q(id__in=rows.exclude(cadence=cadence_id).values("customer_id"))


def reminders_of_invoice(organization: Organization, invoice_id: UUID) -> list[Reminder]:
    """The reminders of an invoice, the latest first, with step, person and message."""
    return list(
        Reminder.objects.visible(organization)
        .filter(invoice_id=invoice_id)
        .select_related("step__template", "contact", "message")
        .order_by("-made_on", "-id")
    )
