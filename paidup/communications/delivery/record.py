"""What became of a message, with the event and the to-do that go with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.communications.models import Message, MessageCustomer
from paidup.communications.states import MessageState
from paidup.customers import operations as customers
from paidup.customers.models import Contact, Customer
from paidup.history import operations as history
from paidup.history.actors import Actor, system
from paidup.history.operations import Happening
from paidup.lib import tenancy
from paidup.lib.tenancy import tenant
from paidup.todos import operations as todos

from .smtp import Accepted, NotSent, Outcome, Refused, Unknown

DELIVERY = system("delivery")
APPROVAL, FAILED, UNKNOWN = "message_approval", "message_failed", "message_unknown"  # to-dos

# Minutes until the next try after each that certainly sent nothing; about a day in all.
WAITS = (1, 5, 15, 60, 180, 360, 720)


def outcome(
    organization_id: UUID, message_id: UUID, became: Outcome, *, at: datetime
) -> datetime | None:
    """Records what the mail server made of a message that was being sent; when to try again.

    Of one that was erased meanwhile with its customer nothing is kept.
    """
    with tenant(organization_id):
        messages = Message.objects.of(organization_id).filter(id=message_id)
        message = messages.select_for_update(of=("self",)).first()
        if message is None or message.state not in {MessageState.SENDING, MessageState.UNKNOWN}:
            return None
        match became:
            case Accepted():
                _sent(message, at=at)
            case Refused(reason, recipient):
                if recipient:
                    _bounced(message, at=at)
                failed(message, reason, at=at)
            case NotSent(reason):
                return try_again(message, reason, at=at)
            case Unknown(reason):
                unknown(message, reason, at=at)
    return None


def try_again(message: Message, reason: str, *, at: datetime) -> datetime | None:
    """Puts a message that was certainly not sent back into the queue; given up after a day."""
    if message.attempts > len(WAITS):
        failed(message, reason, at=at)
        return None
    message.state, message.failure = MessageState.QUEUED, reason[:500]
    message.send_after = at + timedelta(minutes=WAITS[max(message.attempts, 1) - 1])
    message.save(update_fields=["state", "failure", "send_after", "attempts"])
    return message.send_after


def failed(message: Message, reason: str, *, at: datetime) -> None:
    """It was not sent and won't be by itself: says why, and asks a person."""
    _close(message, MessageState.FAILED, reason)
    note_all("message.failed", [message], by=DELIVERY, at=at)
    _ask(
        FAILED,
        message,
        _("“%(subject)s” to %(address)s was not sent: %(reason)s"),
        reason,
        at=at,
    )


def unknown(message: Message, reason: str, *, at: datetime) -> None:
    """It was interrupted while it was being sent: a person looks, nothing sends it again."""
    _close(message, MessageState.UNKNOWN, reason)
    note_all("message.unknown", [message], by=DELIVERY, at=at)
    _ask(
        UNKNOWN,
        message,
        _("Find out whether “%(subject)s” reached %(address)s: %(reason)s"),
        reason,
        at=at,
    )


def withdrawn(message: Message, reason: str, *, by: Actor, at: datetime) -> None:
    """It is no longer to be sent."""
    all_withdrawn([message], reason, by=by, at=at)


def all_withdrawn(messages: Sequence[Message], reason: str, *, by: Actor, at: datetime) -> None:
    """None of them is to be sent any more."""
    for message in messages:
        message.state, message.failure = MessageState.WITHDRAWN, reason[:500]
    Message.objects.bulk_update(messages, ["state", "failure"], batch_size=1000)
    note_all("message.withdrawn", messages, by=by, at=at)
    ids = [message.id for message in messages]
    todos.finish_todos_about(kind=APPROVAL, subject_ids=ids, by=by, at=at)


def customers_of(messages: Iterable[Message]) -> dict[UUID, list[UUID]]:
    """By message, the customers it is about."""
    about: dict[UUID, list[UUID]] = {message.id: [] for message in messages}
    rows = MessageCustomer.objects.of(tenancy.current()).filter(message_id__in=about)
    for message_id, customer_id in rows.order_by("id").values_list("message_id", "customer_id"):
        about[message_id].append(customer_id)
    return about


def note_all(event: str, messages: Sequence[Message], *, by: Actor, at: datetime) -> None:
    """Records the same event for each of these messages."""
    about = customers_of(messages)
    note([(message, event, about[message.id]) for message in messages], by=by, at=at)


def note(rows: Iterable[tuple[Message, str, Sequence[UUID]]], *, by: Actor, at: datetime) -> None:
    """One event for each customer that a message is about, so that each one's timeline has it."""
    about: list[tuple[Message, str, UUID | None]] = []
    for message, event, customer_ids in rows:
        about += [(message, event, customer_id) for customer_id in customer_ids]
        if not customer_ids:
            about.append((message, event, None))
    history.record_all(
        (
            Happening(
                kind=event,
                customer_id=customer_id,
                subject_id=message.id,
                data={"purpose": message.purpose},
                personal={"subject": message.subject, "to": message.to_address},
            )
            for message, event, customer_id in about
        ),
        by=by,
        at=at,
    )


def _sent(message: Message, *, at: datetime) -> None:
    message.state, message.sent_at, message.failure = MessageState.SENT, at, ""
    message.save(update_fields=["state", "sent_at", "failure"])
    customers.note_contacted(customer_ids=customers_of([message])[message.id], at=at)
    note_all("message.sent", [message], by=DELIVERY, at=at)
    todos.finish_todos_about(kind=UNKNOWN, subject_ids=[message.id], by=DELIVERY, at=at)


def _bounced(message: Message, *, at: datetime) -> None:
    if message.contact_id is None:
        return
    people = Contact.objects.of(message.organization_id).filter(email__iexact=message.to_address)
    for contact_id in people.values_list("id", flat=True):
        history.record("contact.bounced", by=DELIVERY, at=at, subject_id=contact_id)
    people.update(bounced_at=at)


def _close(message: Message, state: MessageState, reason: str) -> None:
    message.state, message.failure = state, reason[:500]
    message.save(update_fields=["state", "failure"])


def _ask(kind: str, message: Message, title: str, reason: str, *, at: datetime) -> None:
    customer_id = next(iter(customers_of([message])[message.id]), None)
    todos.add_todo(
        kind=kind,
        title=title % {"subject": message.subject, "address": message.to_address, "reason": reason},
        by=DELIVERY,
        at=at,
        customer=Customer.objects.get(id=customer_id) if customer_id else None,
        subject_id=message.id,
    )
