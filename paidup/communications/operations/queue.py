"""Taking on messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from paidup.communications import blocks as say
from paidup.communications import files
from paidup.communications.blocks import Block
from paidup.communications.delivery import record
from paidup.communications.files import Attachment
from paidup.communications.jobs import call_for_delivery
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.queries import delivery_hours
from paidup.communications.states import AT_ANY_HOUR, MessageState, Purpose
from paidup.customers.models import Contact, Customer
from paidup.history.actors import Actor, ActorKind
from paidup.lib import tenancy
from paidup.lib.ids import new_id
from paidup.organizations.models import Organization
from paidup.todos import operations as todos
from paidup.todos.operations import NewTodo


class MessageRefused(Exception):
    """The message can't be taken on or changed so; the sentence says what to change."""


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message about to be taken on. The billing owner of the first of its customers is asked for
    approval; staff mail is about no customer and has no contact."""

    purpose: Purpose
    to_address: str
    subject: str
    blocks: Sequence[Block]
    intent_key: str
    contact_id: UUID | None = None
    customer_ids: Sequence[UUID] = ()
    gate: str = ""
    gate_data: dict[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    awaits_approval: bool = False
    automatic: bool = True
    reminder_on: date | None = None
    undo_for: timedelta = timedelta()  # it leaves so much later, and can be undone meanwhile


def queue_message(
    *,
    customer: Customer | None,
    contact: Contact | None,
    purpose: Purpose,
    subject: str,
    blocks: Sequence[Block],
    intent_key: str,
    by: Actor,
    at: datetime,
    to_address: str = "",
    gate: str = "",
    gate_data: dict[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
    awaits_approval: bool = False,
    automatic: bool = True,
    reminder_on: date | None = None,
) -> Message | None:
    """Takes on one message, sent once this transaction is committed, or once it is approved.

    Mail to staff names `to_address` and no contact. None when this intent's message exists
    already, or the person gets another reminder that day. Raises MessageRefused without an address.
    """
    new = NewMessage(
        purpose=purpose,
        to_address=contact.email if contact else to_address,
        subject=subject,
        blocks=blocks,
        intent_key=intent_key,
        contact_id=contact.id if contact else None,
        customer_ids=[customer.id] if customer else [],
        gate=gate,
        gate_data=gate_data or {},
        attachments=attachments,
        awaits_approval=awaits_approval,
        automatic=automatic,
        reminder_on=reminder_on,
    )
    return next(iter(queue_messages([new], by=by, at=at)), None)


@transaction.atomic
def queue_messages(new: Sequence[NewMessage], *, by: Actor, at: datetime) -> list[Message]:
    """Takes on many messages at once; returns those whose intent is new. Raises MessageRefused."""
    if not new:
        return []
    organization = Organization.objects.get(id=tenancy.current())
    opening = delivery_hours(organization).opening(at)
    customers: dict[UUID, Sequence[UUID]] = {}
    messages = []
    for one in new:
        message = _message(one, organization, by=by, at=at, opening=opening)
        customers[message.id] = one.customer_ids
        messages.append(message)
    Message.objects.bulk_create(messages, batch_size=1000, ignore_conflicts=True)
    ids = [message.id for message in messages]
    kept = set(Message.objects.of(organization).filter(id__in=ids).values_list("id", flat=True))
    taken = [message for message in messages if message.id in kept]
    MessageCustomer.objects.bulk_create(
        [
            MessageCustomer(
                id=new_id(), organization=organization, message=message, customer_id=customer_id
            )
            for message in taken
            for customer_id in customers[message.id]
        ],
        batch_size=2000,
    )
    ask_for_approval(taken, customers, by=by, at=at)
    record.note([(row, f"message.{row.state}", customers[row.id]) for row in taken], by=by, at=at)
    call_for_delivery(
        organization.id,
        ((row.id, row.send_after) for row in taken if row.state == MessageState.QUEUED),
        at=at,
    )
    return taken


def _message(
    new: NewMessage, organization: Organization, *, by: Actor, at: datetime, opening: datetime
) -> Message:
    subject = " ".join(new.subject.split())
    if not new.to_address:
        raise MessageRefused(_("There is no e-mail address to send “%s” to; add one.") % subject)
    if not subject:
        raise MessageRefused(_("The message has no subject; give it one."))
    in_hours = new.automatic and new.purpose not in AT_ANY_HOUR
    message = Message(
        id=new_id(),
        organization=organization,
        contact_id=new.contact_id,
        purpose=new.purpose,
        to_address=new.to_address,
        subject=subject[:250],
        blocks=say.to_json(new.blocks),
        attachments=files.to_json(new.attachments),
        gate=new.gate,
        gate_data=new.gate_data,
        intent_key=new.intent_key,
        automatic=new.automatic,
        reminder_on=new.reminder_on,
        state=MessageState.AWAITING_APPROVAL if new.awaits_approval else MessageState.QUEUED,
        queued_at=at,
        sent_by_id=by.id if by.kind == ActorKind.STAFF and not new.automatic else None,
        send_after=opening if in_hours and not new.awaits_approval else at + new.undo_for,
    )
    message.message_id = f"<{message.id.hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
    return message


def ask_for_approval(
    messages: Sequence[Message],
    customers: Mapping[UUID, Sequence[UUID]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Asks the billing owner of the first customer of each message that waits for approval."""
    asked = [
        NewTodo(
            kind=record.APPROVAL,
            title=_("Approve “%(subject)s” to %(address)s")
            % {"subject": message.subject, "address": message.to_address},
            customer_id=next(iter(customers[message.id]), None),
            subject_id=message.id,
        )
        for message in messages
        if message.state == MessageState.AWAITING_APPROVAL
    ]
    todos.add_todos(asked, by=by, at=at)
