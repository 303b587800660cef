"""Messages when one of their customers is deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from paidup.communications import blocks as say
from paidup.communications import files, gates
from paidup.communications.delivery import record
from paidup.communications.gates import Render
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.states import WAITING, MessageState
from paidup.customers.models import Customer
from paidup.history.actors import Actor
from paidup.lib import tenancy

from .queue import ask_for_approval

_CONTENTS = ["subject", "blocks", "attachments"]


@dataclass(frozen=True)
class Doomed:
    """The messages that a customer's deletion concerns, by their ids."""

    whole: set[UUID]  # about nobody else, or to a person who goes with it
    contents: set[UUID]  # also about others, to a person who stays


def doomed_messages(*, customer: Customer, contact_ids: Collection[UUID]) -> Doomed:
    """Which messages go with the customer and these people, and which lose what they say."""
    rows = Message.objects.of(customer.organization_id)
    others = _about(OuterRef("id")).exclude(customer=customer)
    about = rows.about_customer(customer.id)
    whole = rows.filter(contact__in=contact_ids) | about.exclude(Exists(others))
    ids = set(whole.values_list("id", flat=True))
    return Doomed(ids, set(about.values_list("id", flat=True)) - ids)


def erase(*, customer: Customer, doomed: Doomed, by: Actor, at: datetime) -> None:
    """Erases them. One that waits and is also about others says anew what is due to those; one
    that is being sent just now leaves, and nothing is kept of it.

    The to-dos about them are erased already.
    """
    organization_id = customer.organization_id
    messages = Message.objects.of(organization_id)
    _about(doomed.whole).delete()
    messages.filter(id__in=doomed.whole).delete()
    _about(doomed.contents).filter(customer=customer).delete()
    shared = messages.filter(id__in=doomed.contents)
    shared.exclude(state__in=WAITING).update(subject="", blocks=[], attachments=[], failure="")
    for message in shared.filter(state__in=WAITING).order_by("id").select_for_update(of=("self",)):
        _say_anew(message, by=by, at=at)


def _say_anew(message: Message, *, by: Actor, at: datetime) -> None:
    match gates.ask(message, at):
        case Render() as changed:
            message.subject = changed.subject
            message.blocks = say.to_json(changed.blocks)
            message.attachments = files.to_json(changed.attachments)
            message.save(update_fields=_CONTENTS)
            if message.state == MessageState.AWAITING_APPROVAL:
                ask_for_approval([message], record.customers_of([message]), by=by, at=at)
        case _:
            message.subject, message.blocks, message.attachments = "", [], []
            message.save(update_fields=_CONTENTS)
            record.withdrawn(message, _("A customer it is about was deleted."), by=by, at=at)


def _about(message_ids: Collection[UUID] | OuterRef) -> QuerySet[MessageCustomer]:
    """The customers that these messages are about."""
    named = (
        Q(message_id=message_ids)
        if isinstance(message_ids, OuterRef)
        else Q(message_id__in=message_ids)
    )
    return MessageCustomer.objects.of(tenancy.current()).filter(named)
