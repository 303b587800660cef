"""Sending what is queued."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from paidup.lib import clock
from paidup.lib.jobs import enqueue, job

from . import delivery
from .delivery.smtp import Post

PER_JOB = 500  # messages of a batch for which one more job is started, so that workers share it
MOST_JOBS = 8


@job(opens_own_tenant=True)
def deliver(*, organization_id: str, message_id: str) -> None:
    """Sends one message."""
    organization = UUID(organization_id)
    with Post() as post:
        again = delivery.deliver_one(organization, UUID(message_id), post=post, now=clock.now)
    if again:
        enqueue(deliver, organization_id=organization_id, message_id=message_id, run_at=again)


@job(opens_own_tenant=True)
def deliver_due(*, organization_id: str) -> None:
    """Sends what may leave now, in turn with others doing so. Recurs, in case a call was lost."""
    again = delivery.deliver_due(UUID(organization_id), now=clock.now)
    for moment in sorted(again):
        enqueue(deliver_due, organization_id=organization_id, run_at=moment)


@job(opens_own_tenant=True)
def settle_interrupted(*, organization_id: str) -> None:
    """Asks a person about messages whose sending was cut off."""
    delivery.settle_interrupted(UUID(organization_id), at=clock.now())


def call_for_delivery(
    organization_id: UUID, messages: Iterable[tuple[UUID, datetime]], *, at: datetime
) -> None:
    """Has workers send these messages, each at its moment, once this transaction is committed."""
    due = list(messages)
    if len(due) <= delivery.AT_ONCE:
        for message_id, moment in due:
            enqueue(
                deliver,
                organization_id=organization_id,
                message_id=message_id,
                run_at=moment if moment > at else None,
            )
        return
    for moment in {moment for _message_id, moment in due}:
        for _job in range(min(MOST_JOBS, 1 + len(due) // PER_JOB)):
            enqueue(
                deliver_due, organization_id=organization_id, run_at=moment if moment > at else None
            )
