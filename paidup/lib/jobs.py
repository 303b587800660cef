"""Jobs: functions of a room's `jobs.py` that a worker runs later, after the change that asked.

A job is a row, written in the transaction of the change: rolled back together, seen together. It
carries ids only and may run more than once (its worker may be killed at any line), so what it calls
must bear that. An unexpected error is tried again, later and later, for about a day.
"""

import asyncio
import inspect
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import wraps
from typing import Any, overload
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import override
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job as Row
from procrastinate.jobs import Status
from procrastinate.tasks import Task
from procrastinate.types import JSONDict

from paidup.lib import clock
from paidup.lib.tenancy import tenant

Function = Callable[..., None]

ATTEMPTS = 16
SHORTEST_WAIT, LONGEST_WAIT = 5, 4 * 3600  # seconds
# A job that waits with a queueing lock keeps later ones away, those of the next ticks for example.
LONGEST_WAIT_IN_THE_WAY = 300  # seconds

log = structlog.get_logger(__name__)
_tasks: dict[Function, Task[Any, Any, Any]] = {}
_languages: list[Callable[[UUID], str]] = []


def speak(language_of: Callable[[UUID], str]) -> None:
    """Has jobs word what they leave behind, such as to-dos, in their organization's language, which
    the room that knows it tells."""
    _languages[:] = [language_of]


@overload
def job(function: Function) -> Function: ...
@overload
def job(*, opens_own_tenant: bool = False) -> Callable[[Function], Function]: ...
def job(
    function: Function | None = None, *, opens_own_tenant: bool = False
) -> Function | Callable[[Function], Function]:
    """Declares a job: `def send_receipt(*, organization_id: str, payment_id: str) -> None`.

    It runs in its organization's language and scope. With `opens_own_tenant` it opens scopes
    itself, for work that calls a third party between two transactions.
    Raises TypeError unless it is a module's function of keyword-only strings.
    """
    if function is None:
        return lambda declared: _declare(declared, opens_own_tenant=opens_own_tenant)
    return _declare(function, opens_own_tenant=opens_own_tenant)


def enqueue(
    function: Function,
    *,
    organization_id: UUID | str,
    run_at: datetime | None = None,
    queueing_lock: str | None = None,
    lock: str | None = None,
    **ids: UUID | str,
) -> None:
    """Has a worker run the job once this transaction is committed, not before `run_at`.

    Jobs of one `lock` run one after the other. Of one `queueing_lock` only one waits: when there
    is one already, nothing is added.
    """
    prepared = _tasks[function].configure(
        lock=lock,
        queueing_lock=queueing_lock,
        schedule_at=_on_the_wall_clock(run_at) if run_at else None,
    )
    arguments = {name: str(value) for name, value in ids.items()}
    # The savepoint keeps the surrounding transaction alive when the lock is taken.
    with suppress(AlreadyEnqueued), transaction.atomic(savepoint=queueing_lock is not None):
        prepared.defer(organization_id=str(organization_id), **arguments)


def enqueue_all(
    function: Function, *, organization_id: UUID | str, ids: Iterable[dict[str, UUID | str]]
) -> None:
    """Has a worker run the job for each of these ids, in one statement."""
    rows: list[JSONDict] = [
        {
            "organization_id": str(organization_id),
            **{name: str(value) for name, value in each.items()},
        }
        for each in ids
    ]
    if rows:
        _tasks[function].batch_defer(*rows)


def name_of(function: Function) -> str:
    """The name under which the job stands in the queue."""
    return _tasks[function].name


async def work(*, concurrency: int, until_empty: bool = False) -> None:
    """Runs jobs until told to stop by a signal, or until none is left to do now."""
    worker = _worker_app()
    beat = settings.WORKER_HEARTBEAT
    async with worker.open_async():
        await rescue(worker)
        rescuing = asyncio.create_task(_keep_rescuing(worker))
        try:
            await worker.run_worker_async(
                concurrency=concurrency,
                wait=not until_empty,
                fetch_job_polling_interval=beat,
                update_heartbeat_interval=beat,
                stalled_worker_timeout=_silence(),
                shutdown_graceful_timeout=settings.WORKER_GRACE,
            )
        finally:
            rescuing.cancel()


async def rescue(worker: App) -> None:
    """Puts back into the queue what workers held that have fallen silent (killed, cut off).

    Where a job of the same queueing lock waits by now, that one does the work.
    """
    manager = worker.job_manager
    for row in await manager.get_stalled_jobs(seconds_since_heartbeat=_silence()):
        if row.attempts >= ATTEMPTS:
            await manager.finish_job(row, Status.FAILED, delete_job=False)
            log.error("job given up: its workers died", job=row.task_name, id=row.id)
            continue
        try:
            await manager.retry_job(row)
            log.warning("job put back: its worker died", job=row.task_name, id=row.id)
        except UniqueViolation:
            await manager.finish_job(row, Status.ABORTED, delete_job=True)
            log.warning("job dropped: its worker died, its twin waits", job=row.task_name)


class Backoff(BaseRetryStrategy):
    """Again after 5 s, 10 s, 20 s … at most four hours, for about a day."""

    def get_retry_decision(self, *, exception: BaseException, job: Row) -> RetryDecision | None:
        """The moment of the next attempt; none when enough were made."""
        del exception
        if job.attempts >= ATTEMPTS:
            return None
        longest = LONGEST_WAIT_IN_THE_WAY if job.queueing_lock else LONGEST_WAIT
        wait = min(SHORTEST_WAIT * 2**job.attempts, longest)
        return RetryDecision(retry_in={"seconds": wait})


def _declare(function: Function, *, opens_own_tenant: bool) -> Function:
    _refuse_other_shapes(function)

    @wraps(function)
    def run(*, organization_id: str, **ids: str) -> None:
        [language_of] = _languages
        with ExitStack() as scope:
            scope.enter_context(override(language_of(UUID(organization_id))))
            if not opens_own_tenant:
                scope.enter_context(tenant(organization_id))
            function(organization_id=organization_id, **ids)

    _tasks[run] = app.task(name=f"{function.__module__}.{function.__name__}", retry=Backoff())(run)
    return run


def _refuse_other_shapes(function: Function) -> None:
    name = f"{function.__module__}.{function.__qualname__}"
    if "." in function.__qualname__:
        raise TypeError(f"{name} must be a function of its module for a worker to find it.")
    parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.annotation is not str:
            raise TypeError(f"{name}: `{parameter.name}` must be a keyword-only string.")
    if "organization_id" not in {parameter.name for parameter in parameters}:
        raise TypeError(f"{name} must take `organization_id`.")


def _on_the_wall_clock(run_at: datetime) -> datetime:
    """The queue goes by the database's clock, also where ours stands still on a day of the past."""
    return datetime.fromtimestamp(time.time(), UTC) + (run_at - clock.now())


def _worker_app() -> App:
    """An app of the worker's own connections; jobs that enqueue jobs keep to Django's."""
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101  for the type alone
    worker = DjangoApp(connector=connector.get_worker_connector())
    worker.tasks = app.tasks
    worker.periodic_registry = app.periodic_registry
    return worker


def _silence() -> float:
    """Seconds without a heartbeat after which a worker counts as dead."""
    return float(settings.WORKER_HEARTBEAT * 6)


async def _keep_rescuing(worker: App) -> None:
    while True:
        before = time.time()
        await asyncio.sleep(settings.WORKER_HEARTBEAT)
        if time.time() - before > settings.WORKER_HEARTBEAT * 3:
            continue  # this machine slept; first let its own workers speak up again
        await worker.job_manager.prune_stalled_workers(_silence())
        await rescue(worker)
