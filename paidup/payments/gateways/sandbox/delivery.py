"""Webhooks: every fact is posted to us, at least once, until we have answered that we have it.

All of it goes by real time, never by a set clock: a retry waits for a server that really is down.
"""

import json
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from paidup.payments.gateways.interface import Fact
from paidup.payments.gateways.sandbox.events import fact_from
from paidup.payments.gateways.sandbox.models import Event
from paidup.payments.gateways.sandbox.signatures import HEADER, sign, verify

TIMEOUT = 10  # seconds
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


def deliver_due_events(*, at: datetime) -> int:
    """Posts every fact whose turn has come, oldest first; how many arrived.

    `at` is the real time, for the retries. Ends early when the server cannot be reached at all.
    """
    arrived = 0
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
        while event := _next(at):
            try:
                response = _post(client, event)
            except httpx.TransportError:
                break
            if response.is_success:
                Event.objects.filter(pk=event.pk).update(delivered_at=at)
                arrived += 1
    return arrived


def read_webhook(*, body: bytes, headers: Mapping[str, str]) -> Iterable[Fact]:
    """The fact in a webhook. Raises BadSignature when the sandbox did not sign it just now."""
    given = {name.lower(): value for name, value in headers.items()}
    verify(body, given.get(HEADER.lower(), ""), now=time.time())
    return [fact_from(json.loads(body))]


def _next(at: datetime) -> Event | None:
    """The oldest fact whose turn has come, with its next attempt put off already.

    So a deliverer that dies on the way loses nothing, and two of them don't post the same one.
    """
    with transaction.atomic(durable=True):
        event = (
            Event.objects.select_for_update(skip_locked=True)
            .filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=at), delivered_at=None)
            .order_by("id")
            .first()
        )
        if event:
            event.next_attempt_at = at + _wait(event.attempts)
            event.attempts += 1
            event.save(update_fields=["attempts", "next_attempt_at"])
    return event


def _wait(attempts: int) -> timedelta:
    # The seventh doubling is past the longest wait anyway; without end, the factor would overflow.
    return min(FIRST_WAIT * (1 << min(attempts, 7)), LONGEST_WAIT)


def _post(client: httpx.Client, event: Event) -> httpx.Response:
    body = json.dumps(event.payload).encode()
    return client.post(
        f"{settings.BASE_URL}/intake/sandbox/",
        content=body,
        headers={"Content-Type": "application/json", HEADER: sign(body, now=time.time())},
    )
