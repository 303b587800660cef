"""What a person decides of a message: approve, withdraw, send again."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.communications.delivery import record
from paidup.communications.jobs import call_for_delivery
from paidup.communications.models import Message
from paidup.communications.states import WAITING, MessageState
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.among import among
from paidup.todos import operations as todos

from .queue import MessageRefused


def approve_message(*, message: Message, by: Actor, at: datetime) -> None:
    """Lets a message go that waited for it, whatever the hour. Approved already is quietly done.

    Raises MessageRefused for one that was withdrawn.
    """
    if not approve_messages(message_ids=[message.id], by=by, at=at):
        message.refresh_from_db(fields=["state"])
        if message.state == MessageState.WITHDRAWN:
            raise MessageRefused(_("This message was withdrawn, so it can't be approved any more."))


@transaction.atomic
def approve_messages(*, message_ids: Iterable[UUID], by: Actor, at: datetime) -> int:
    """Lets all of these go that wait for approval; how many there were."""
    organization_id = tenancy.current()
    waiting = list(
        Message.objects.of(organization_id)
        .awaiting_approval()
        .filter(id__in=list(message_ids))
        .order_by("id")
        .select_for_update()
    )
    for message in waiting:
        message.state, message.send_after = MessageState.QUEUED, at
        message.approved_by_id = by.id
    Message.objects.bulk_update(waiting, ["state", "send_after", "approved_by"], batch_size=1000)
    ids = [message.id for message in waiting]
    todos.finish_todos_about(kind=record.APPROVAL, subject_ids=ids, by=by, at=at)
    record.note_all("message.approved", waiting, by=by, at=at)
    call_for_delivery(organization_id, ((message_id, at) for message_id in ids), at=at)
    return len(waiting)


@transaction.atomic
def withdraw_message(*, message: Message, reason: str, by: Actor, at: datetime) -> None:
    """Keeps a waiting message from being sent. Raises MessageRefused when it has left already."""
    message = _locked(message)
    if message.state == MessageState.WITHDRAWN:
        return
    if message.state not in WAITING:
        raise MessageRefused(_("This message has left already and can't be withdrawn."))
    record.withdrawn(message, reason, by=by, at=at)


@transaction.atomic
def withdraw_messages(
    *, message_ids: Collection[UUID], reason: str, by: Actor, at: datetime
) -> int:
    """Keeps those of the messages from being sent that still wait; how many there were."""
    waiting = list(
        Message.objects.of(tenancy.current())
        .waiting()
        .filter(among("id", message_ids))
        .order_by("id")
        .select_for_update()
    )
    record.all_withdrawn(waiting, reason, by=by, at=at)
    return len(waiting)


@transaction.atomic
def send_again(*, message: Message, by: Actor, at: datetime) -> None:
    """Queues a message anew that failed, or of which nobody knows whether it arrived.

    Raises MessageRefused for any other, and for a second reminder to a person in one day.
    """
    message = _locked(message)
    if message.state not in {MessageState.FAILED, MessageState.UNKNOWN}:
        raise MessageRefused(_("Only a message that failed or may not have arrived is sent again."))
    asked = record.UNKNOWN if message.state == MessageState.UNKNOWN else record.FAILED
    message.state, message.send_after, message.attempts = MessageState.QUEUED, at, 0
    message.approved_by_id, message.failure = by.id, ""
    if message.reminder_on:
        message.reminder_on = message.organization.day(at)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        raise MessageRefused(
            _("This person gets another reminder today; send this one tomorrow.")
        ) from None
    todos.finish_todos_about(kind=asked, subject_ids=[message.id], by=by, at=at)
    record.note_all("message.queued", [message], by=by, at=at)
    call_for_delivery(message.organization_id, [(message.id, at)], at=at)


def _locked(message: Message) -> Message:
    return Message.objects.of(tenancy.current()).select_for_update().get(id=message.id)
