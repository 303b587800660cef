"""Recording events, and telling those who react to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from paidup.lib import jobs, tenancy
from paidup.lib.ids import new_id

from .actors import Actor
from .models import Event, PersonalData

Job = Callable[..., Any]
_reactions: dict[str, list[Job]] = {}


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event about to be recorded."""

    kind: str
    customer_id: UUID | None = None
    subject_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] | None = None


def react(kind: str, job: Job) -> None:
    """From now on every event of this kind enqueues the job, in the event's own transaction.

    The job is called with `organization_id` and `event_id`.
    """
    _reactions.setdefault(kind, []).append(job)


def record(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    customer_id: UUID | None = None,
    subject_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> Event:
    """Records one event in the current organization and enqueues its reactions."""
    happening = Happening(
        kind=kind,
        customer_id=customer_id,
        subject_id=subject_id,
        data=data or {},
        personal=personal,
    )
    [event] = record_all([happening], by=by, at=at)
    for job in _reactions.get(kind, ()):
        jobs.enqueue(job, organization_id=event.organization_id, event_id=event.id)
    return event


def erase_personal_data(*, customer_ids: Iterable[UUID], subject_ids: Iterable[UUID]) -> int:
    """Empties what the events of these customers, and about these subjects, say of people; how many
    had something to say. The events stay. Nothing else in the database may do this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT erase_personal_data(%s::uuid[], %s::uuid[])",
            [list(customer_ids), list(subject_ids)],
        )
        [count] = cursor.fetchone() or (0,)
    return int(count)


def record_all(happenings: Iterable[Happening], *, by: Actor, at: datetime) -> list[Event]:
    """Records many events of one bulk change; whoever makes it enqueues one reaction for all."""
    organization_id = tenancy.current()
    events, personal = [], []
    for happening in happenings:
        event = Event(
            id=new_id(),
            organization_id=organization_id,
            kind=happening.kind,
            customer_id=happening.customer_id,
            subject_id=happening.subject_id,
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            at=at,
            data=happening.data,
        )
        events.append(event)
        if happening.personal:
            personal.append(
                PersonalData(
                    event_id=event.id, organization_id=organization_id, data=happening.personal
                )
            )
    Event.objects.bulk_create(events, batch_size=2000)
    PersonalData.objects.bulk_create(personal, batch_size=2000)
    return events
