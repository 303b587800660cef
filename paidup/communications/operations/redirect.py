"""Messages to people who were merged into one: what waits goes to that one, once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from paidup.communications.delivery import record
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.states import UNDELIVERED, MessageState, Purpose
from paidup.customers.models import Contact
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.todos import operations as todos

from .queue import ask_for_approval


@dataclass(frozen=True)
class Redirected:
    """The reminder that waits for the one person now, and those that became part of it."""

    reminder: Message | None
    absorbed: Sequence[Message]


@transaction.atomic
def redirect_messages(
    *, merged: Collection[Contact], into: Contact, by: Actor, at: datetime
) -> Redirected:
    """Sends what waits for the merged to `into`; what has left stays with whom it went to.

    Of several waiting reminders one stays, about the customers of all; none where the person
    refuses reminders. What fails later and is sent again finds its way by itself.
    """
    everybody = [into, *merged]
    waiting = list(
        Message.objects.of(tenancy.current())
        .filter(contact__in=everybody)
        .waiting()
        .order_by("id")
        .select_for_update()
    )
    asked = [one.id for one in waiting if one.state == MessageState.AWAITING_APPROVAL]
    reminders = [one for one in waiting if one.purpose == Purpose.REMINDER]
    stays = None if into.reminders_refused_at else _own_first(reminders, into)
    absorbed = [one for one in reminders if one is not stays]
    _withdraw(absorbed, into, by=by, at=at)
    for message in waiting:
        if message.purpose != Purpose.REMINDER or message is stays:
            _readdress(message, into, everybody)
    if stays:
        _unite_customers(stays, absorbed)
    _ask_anew([one for one in waiting if one.id in asked and one not in absorbed], by=by, at=at)
    return Redirected(stays, absorbed if stays else [])


def _own_first(reminders: Sequence[Message], into: Contact) -> Message | None:
    return min(reminders, key=lambda one: (one.contact_id != into.id, one.id), default=None)


def _withdraw(absorbed: Sequence[Message], into: Contact, *, by: Actor, at: datetime) -> None:
    reason = (
        _("This person refuses reminders.")
        if into.reminders_refused_at
        else _("Merged with another reminder to the same person.")
    )
    for message in absorbed:
        record.withdrawn(message, reason, by=by, at=at)


def _readdress(message: Message, into: Contact, everybody: Sequence[Contact]) -> None:
    message.contact, message.to_address = into, into.email or message.to_address
    if message.reminder_on:
        message.reminder_on = _free_day(message, message.reminder_on, everybody)
    message.save(update_fields=["contact", "to_address", "reminder_on"])


def _free_day(message: Message, day: date, everybody: Sequence[Contact]) -> date:
    """The first day from this one on which the person had no other reminder."""
    same_person = Q(contact=everybody[0]) | Q(to_address__iexact=message.to_address)
    others = Message.objects.of(message.organization_id).filter(same_person, reminder_on__gte=day)
    taken = set(
        others.exclude(id=message.id)
        .exclude(state__in=UNDELIVERED)
        .values_list("reminder_on", flat=True)
    )
    while day in taken:
        day += timedelta(days=1)
    return day


def _unite_customers(stays: Message, absorbed: Sequence[Message]) -> None:
    about = record.customers_of([stays, *absorbed])
    known = about.pop(stays.id)
    more = dict.fromkeys(one for customer_ids in about.values() for one in customer_ids)
    MessageCustomer.objects.bulk_create(
        MessageCustomer(
            organization_id=stays.organization_id, message=stays, customer_id=customer_id
        )
        for customer_id in more
        if customer_id not in known
    )


def _ask_anew(messages: Sequence[Message], *, by: Actor, at: datetime) -> None:
    """The question names the address, which is another one now."""
    ids: list[UUID] = [message.id for message in messages]
    todos.finish_todos_about(kind=record.APPROVAL, subject_ids=ids, by=by, at=at)
    ask_for_approval(messages, record.customers_of(messages), by=by, at=at)
