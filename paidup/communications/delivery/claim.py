"""Claiming a message for sending: the last look at it, and the row that says we are at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.communications import blocks as say
from paidup.communications import files, gates
from paidup.communications.gates import Fail, Render, Withdraw
from paidup.communications.models import Message
from paidup.communications.queries import delivery_hours
from paidup.communications.states import AT_ANY_HOUR, MessageState
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

from . import record
from .mail import BadAddress, envelope
from .smtp import Envelope


@dataclass(frozen=True)
class Later:
    """Not now, but then; None when something else will have it sent."""

    moment: datetime | None = None


def claim(organization_id: UUID, message_id: UUID, *, at: datetime) -> Envelope | Later:
    """The mail to hand over now, the message marked as being sent; or when to come again.

    One transaction: when it is committed the mail stands, and nobody else will send it.
    """
    with tenant(organization_id):
        organization = Organization.objects.get(id=organization_id)
        message = (
            Message.objects.of(organization)
            .filter(id=message_id)
            .due(at)
            .select_for_update(skip_locked=True)
            .first()
        )
        if message is None:
            return Later()
        later = (
            _held(message, organization, at) or _follow_merge(message, at) or _settle(message, at)
        )
        if later:
            return later
        if message.reminder_on and not _take_the_day(message, organization, at):
            return _put_off(message, organization, at + timedelta(days=1))
        try:
            mail = envelope(message, organization=organization, at=at)
        except BadAddress as problem:
            record.failed(message, str(problem), at=at)
            return Later()
        message.state, message.sending_at = MessageState.SENDING, at
        message.attempts += 1
        message.save(
            update_fields=[
                "to_address",
                "subject",
                "blocks",
                "attachments",
                "state",
                "sending_at",
                "attempts",
            ]
        )
        return mail


def _held(message: Message, organization: Organization, at: datetime) -> Later | None:
    """The organization's switch and hours, which a message approved by a person doesn't mind."""
    if not message.automatic or message.approved_by_id:
        return None
    if organization.automation_stopped:
        return Later()
    if message.purpose not in AT_ANY_HOUR and delivery_hours(organization).opening(at) > at:
        return _put_off(message, organization, at)
    return None


def _follow_merge(message: Message, at: datetime) -> Later | None:
    """To whom its person was merged into meanwhile, unless that one has a reminder that day."""
    merged_into = message.contact and message.contact.merged_into
    if not merged_into:
        return None
    message.contact, message.to_address = merged_into, merged_into.email
    try:
        with transaction.atomic():
            message.save(update_fields=["contact", "to_address"])
    except IntegrityError:
        message.refresh_from_db(fields=["contact", "to_address"])
        reason = _("Merged with another reminder to the same person.")
        record.withdrawn(message, reason, by=record.DELIVERY, at=at)
        return Later()
    return None


def _settle(message: Message, at: datetime) -> Later | None:
    """The address as it is now, and what the gate says."""
    if message.contact:
        message.to_address = message.contact.email
        if message.contact.bounced_at:
            record.failed(message, _("Mail to this address has bounced; correct it."), at=at)
            return Later()
    match gates.ask(message, at):
        case Withdraw(reason):
            record.withdrawn(message, reason, by=record.DELIVERY, at=at)
            return Later()
        case Fail(reason):
            record.failed(message, reason, at=at)
            return Later()
        case Render() as changed:
            message.subject = changed.subject
            message.blocks = say.to_json(changed.blocks)
            message.attachments = files.to_json(changed.attachments)
    return None


def _take_the_day(message: Message, organization: Organization, at: datetime) -> bool:
    """A reminder reminds on the day it leaves. False when its person had one that day."""
    today = organization.day(at)
    if message.reminder_on == today:
        return True
    message.reminder_on = today
    try:
        with transaction.atomic():
            message.save(update_fields=["reminder_on"])
    except IntegrityError:
        return False
    return True


def _put_off(message: Message, organization: Organization, at: datetime) -> Later:
    hours = delivery_hours(organization)
    moment = hours.opening(at)
    message.send_after = moment
    message.save(update_fields=["send_after"])
    return Later(moment)
