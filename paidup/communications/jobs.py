"""Sending what is queued."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from paidup.lib import clock
from paidup.lib.jobs import enqueue, job

from . import delivery
from .delivery.smtp import Post

PER_JOB = 500  # messages of a batch for which one more job is started, so that workers share it
MOST_JOBS = 8


@job(opens_own_tenant=True)
def deliver(*, organization_id: str, message_id: str, moment: str = "") -> None:
    """Sends one message, at the moment for which it was called."""
    organization = UUID(organization_id)
    with Post() as post:
        again = delivery.deliver_one(organization, UUID(message_id), post=post, now=_now(moment))
    if again:
        enqueue(
            deliver,
            organization_id=organization_id,
            message_id=message_id,
            moment=again.isoformat(),
            run_at=again,
        )


@job(opens_own_tenant=True)
def deliver_due(*, organization_id: str, moment: str = "") -> None:
    """Sends what may leave now, in turn with others doing so. Recurs, in case a call was lost."""
    again = delivery.deliver_due(UUID(organization_id), now=_now(moment))
    for then in sorted(again):
        enqueue(deliver_due, organization_id=organization_id, moment=then.isoformat(), run_at=then)


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
                **_at(moment, at),
            )
        return
    for moment in {moment for _message_id, moment in due}:
        for _job in range(min(MOST_JOBS, 1 + len(due) // PER_JOB)):
            enqueue(deliver_due, organization_id=organization_id, **_at(moment, at))


def _at(moment: datetime, at: datetime) -> dict[str, Any]:
    """When the job runs, and what it is told of that."""
    return {"run_at": moment, "moment": moment.isoformat()} if moment > at else {}


def _now(moment: str) -> Callable[[], datetime]:
    """The clock of a job that was called for a moment: never before it. The queue goes by real
    time, so the moment has come also where the clock stands still or lags behind."""
    called_for = datetime.fromisoformat(moment) if moment else datetime.min.replace(tzinfo=UTC)
    return lambda: max(clock.now(), called_for)
