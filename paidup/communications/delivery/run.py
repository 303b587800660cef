"""Sending: claim (committed), hand over (no transaction open), record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from paidup.communications.models import Message
from paidup.communications.states import MessageState
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

from . import record
from .claim import Later, claim
from .smtp import Post

AT_ONCE = 50  # messages of one job, so that a stopping worker isn't kept waiting
SILENCE = timedelta(minutes=15)  # after which a message being sent counts as interrupted

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


def deliver_one(
    organization_id: UUID, message_id: UUID, *, post: Post, now: Clock
) -> datetime | None:
    """Sends a message, unless it isn't to be sent now. The moment to come again, if any."""
    try:
        claimed = claim(organization_id, message_id, at=now())
    except Exception:
        log.exception("message could not be made", message_id=str(message_id))
        return _could_not_be_made(organization_id, message_id, at=now())
    if isinstance(claimed, Later):
        return claimed.moment
    became = post.send(claimed)
    return record.outcome(organization_id, message_id, became, at=now())


def deliver_due(organization_id: UUID, *, now: Clock) -> set[datetime]:
    """Sends what is due, oldest first, up to fifty. The moments to come again."""
    with tenant(organization_id):
        due = Message.objects.of(organization_id).due(now())
        if Organization.objects.get(id=organization_id).automation_stopped:
            due = due.unstoppable()
        ids = list(due.values_list("id", flat=True)[:AT_ONCE])
    with Post() as post:
        moments = {
            moment
            for message_id in ids
            if (moment := deliver_one(organization_id, message_id, post=post, now=now))
        }
    return moments | ({now()} if len(ids) == AT_ONCE else set())


def settle_interrupted(organization_id: UUID, *, at: datetime) -> int:
    """Gives up on messages whose sending was cut off; a person finds out. How many there were."""
    with tenant(organization_id):
        interrupted = list(
            Message.objects.of(organization_id)
            .filter(state=MessageState.SENDING, sending_at__lt=at - SILENCE)
            .select_for_update(skip_locked=True)
        )
        for message in interrupted:
            record.unknown(message, _("Sending was interrupted."), at=at)
    return len(interrupted)


def _could_not_be_made(organization_id: UUID, message_id: UUID, *, at: datetime) -> datetime | None:
    with tenant(organization_id):
        message = (
            Message.objects.of(organization_id)
            .filter(id=message_id, state=MessageState.QUEUED)
            .select_for_update(skip_locked=True)
            .first()
        )
        if message is None:
            return None
        message.attempts += 1
        return record.try_again(message, _("The message could not be made."), at=at)
