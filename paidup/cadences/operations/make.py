"""Making reminders: the messages, and the rows that say which steps they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from paidup.cadences.composing import NO_LINKS, compose
from paidup.cadences.models import Step
from paidup.cadences.planning import Group
from paidup.cadences.states import ReminderState, StepMode
from paidup.communications.models import Message
from paidup.communications.operations import NewMessage, queue_messages
from paidup.communications.queries import delivery_hours
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused
from paidup.customers.models import Customer
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.organizations.models import Organization
from paidup.organizations.states import SendingMode
from paidup.todos import operations as todos

from .store import NewReminder, store

GATE = "reminder"
_AT_ONCE = 1000


@dataclass(frozen=True)
class Made:
    """How many messages were made, and of how many invoices they remind."""

    messages: int
    reminders: int


def make(
    groups: Sequence[Group],
    *,
    organization: Organization,
    on: date,
    by: Actor,
    at: datetime,
    decided: bool = False,
) -> Made:
    """Queues a message for each group and remembers its steps. What stands already is left out.

    `decided` by a person, they ask for no approval and leave at any hour.
    """
    steps = steps_of(organization)
    messages = reminders = 0
    for first in range(0, len(groups), _AT_ONCE):
        chunk = groups[first : first + _AT_ONCE]
        new = _new_messages(
            chunk, steps, organization=organization, on=on, decided=decided, by=by, at=at
        )
        taken = queue_messages(list(new.values()), by=by, at=at)
        by_contact = {message.contact_id: message for message in taken}
        rows = [
            (by_contact[group.contact_id], group)
            for group in chunk
            if group.contact_id in by_contact
        ]
        messages += len(rows)
        reminders += remember(rows, on=on)
    return Made(messages, reminders)


def remember(rows: Iterable[tuple[Message, Group]], *, on: date) -> int:
    """Notes that a message reminds of the steps that are due in its group; how many they are."""
    return store(
        [
            NewReminder(item.enrolment_id, item.step_id, item.cycle, message.contact_id, message.id)
            for message, group in rows
            for item in group.due
            if item.step_id and item.enrolment_id
        ],
        state=ReminderState.REMINDED,
        on=on,
    )


def steps_of(organization: Organization) -> dict[UUID, Step]:
    """The steps of all cadences, with their templates."""
    steps = Step.objects.of(organization).standing().select_related("template")
    return {step.id: step for step in steps}


def owners(customer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """By customer, the name of its billing owner, who signs."""
    customers = Customer.objects.of(tenancy.current()).filter(id__in=set(customer_ids))
    return dict(customers.values_list("id", "billing_owner__name"))


def _new_messages(
    groups: Sequence[Group],
    steps: dict[UUID, Step],
    *,
    organization: Organization,
    on: date,
    decided: bool,
    by: Actor,
    at: datetime,
) -> dict[UUID, NewMessage]:
    signing = owners(group.items[0].customer_id for group in groups)
    sends_on = organization.day(delivery_hours(organization).opening(at))
    new = {}
    for group in groups:
        step = steps[group.step_id]
        awaits_approval = not decided and any(
            item.step_id and _approve_first(steps[item.step_id], organization) for item in group.due
        )
        try:
            composed = compose(
                group,
                template=step.template,
                organization=organization,
                owner=signing[group.items[0].customer_id],
                on=on,
                links=NO_LINKS,
            )
        except TemplateRefused as refused:
            _report(step, refused, by=by, at=at)
            continue
        new[group.contact_id] = NewMessage(
            purpose=Purpose.REMINDER,
            to_address=group.address,
            subject=composed.subject,
            blocks=composed.blocks,
            attachments=composed.attachments,
            intent_key=f"reminder:{group.contact_id}:{on.isoformat()}",
            contact_id=group.contact_id,
            customer_ids=tuple(group.customers),
            gate=GATE,
            awaits_approval=awaits_approval,
            automatic=not decided,
            reminder_on=on if decided or awaits_approval else sends_on,
        )
    return new


def _approve_first(step: Step, organization: Organization) -> bool:
    return (
        step.mode == StepMode.APPROVE_FIRST
        or organization.sending_mode == SendingMode.APPROVE_FIRST
    )


def _report(step: Step, refused: TemplateRefused, *, by: Actor, at: datetime) -> None:
    todos.add_todo(
        kind="template_refused",
        title=f"{step.template.name}: {refused}",
        subject_id=step.template_id,
        by=by,
        at=at,
    )
