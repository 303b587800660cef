"""Jobs: enqueued with the change, run in their organization, tried again, taken over."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.jobs import Job
from pytest_django import DjangoDbBlocker

from paidup.lib import jobs
from tests.lib import sample_jobs
from tests.support.loops import finish
from tests.support.processes import CHECKOUT, wait_for


@pytest.fixture
def organization_id(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Nobody else's, so that each test knows its own jobs, and leaves none to others' workers."""
    organization_id = str(uuid4())
    yield organization_id
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE args->>'organization_id' = %s", [organization_id]
        )


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "noted")


def rows(organization_id: str) -> list[dict[str, Any]]:
    """The jobs of one organization in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, attempts, scheduled_at FROM procrastinate_jobs"
            " WHERE args->>'organization_id' = %s ORDER BY id",
            [organization_id],
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_worker_until_empty() -> None:
    """A real worker, within this process."""
    finish(jobs.work(concurrency=1, until_empty=True))


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.lib.sample_worker"],
        env={**os.environ, "PAIDUP_HEARTBEAT": "0.5"},
        cwd=CHECKOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.database
def test_a_job_is_there_only_once_its_change_is_committed(
    committed: None, organization_id: str, path: str
) -> None:
    def seen_by_others() -> int:
        with psycopg.connect(os.environ["DATABASE_URL"]) as other:
            found = other.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE args->>'organization_id' = %s",
                [organization_id],
            ).fetchone()
            assert found
            return int(found[0])

    with transaction.atomic():
        jobs.enqueue(sample_jobs.note_scope, organization_id=organization_id, path=path)
        assert seen_by_others() == 0
    assert seen_by_others() == 1


@pytest.mark.database
def test_a_change_rolled_back_leaves_no_job(
    committed: None, organization_id: str, path: str
) -> None:
    with transaction.atomic():
        jobs.enqueue(sample_jobs.note_scope, organization_id=organization_id, path=path)
        assert len(rows(organization_id)) == 1
        transaction.set_rollback(True)
    assert rows(organization_id) == []


def test_a_job_runs_in_its_organizations_scope(
    work_off: Callable[[], int], organization_id: str, path: str
) -> None:
    jobs.enqueue(sample_jobs.note_scope, organization_id=organization_id, path=path)
    assert work_off() == 1
    assert Path(path).read_text() == f"{organization_id} {organization_id}\n"


def test_a_job_may_open_scopes_itself(
    work_off: Callable[[], int], organization_id: str, path: str
) -> None:
    jobs.enqueue(sample_jobs.note_lack_of_scope, organization_id=organization_id, path=path)
    work_off()
    assert Path(path).read_text() == f"none {organization_id}\n"


def test_of_one_queueing_lock_one_job_waits_and_the_transaction_goes_on(
    db: None, organization_id: str, path: str
) -> None:
    with transaction.atomic():
        for _ in range(2):
            jobs.enqueue(
                sample_jobs.note_scope,
                organization_id=organization_id,
                queueing_lock=organization_id,
                path=path,
            )
        assert len(rows(organization_id)) == 1


def test_a_standing_clock_delays_by_as_much_as_a_running_one(
    db: None, organization_id: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDUP_NOW", "2013-06-30T09:00")
    in_an_hour = datetime(2013, 6, 30, 10, 0, tzinfo=UTC)
    jobs.enqueue(
        sample_jobs.note_scope, organization_id=organization_id, run_at=in_an_hour, path=path
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone() or (None,)
    delay = rows(organization_id)[0]["scheduled_at"] - now
    assert abs(delay - timedelta(hours=1)) < timedelta(minutes=1)


def test_a_job_that_fails_is_tried_again_and_what_it_had_enqueued_is_gone(
    committed: None, organization_id: str, path: str
) -> None:
    jobs.enqueue(sample_jobs.enqueue_and_fail, organization_id=organization_id, path=path)
    run_worker_until_empty()
    [row] = rows(organization_id)
    assert row["task_name"] == "tests.lib.sample_jobs.enqueue_and_fail"
    assert row["status"] == "todo"
    # A slow machine may come to its second try, five seconds later, before the queue looks empty.
    assert row["attempts"] >= 1
    assert row["scheduled_at"] is not None
    assert not Path(path).exists()


def test_a_job_may_enqueue_another(committed: None, organization_id: str, path: str) -> None:
    jobs.enqueue(sample_jobs.enqueue_another, organization_id=organization_id, path=path)
    run_worker_until_empty()
    assert [row["status"] for row in rows(organization_id)] == ["succeeded", "succeeded"]
    assert Path(path).read_text() == f"{organization_id} {organization_id}\n"


def test_the_waits_grow_are_bounded_and_end() -> None:
    waits = [wait(attempts) for attempts in range(jobs.ATTEMPTS)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == jobs.LONGEST_WAIT
    assert wait(jobs.ATTEMPTS) is None


def test_a_job_in_the_way_of_later_ones_does_not_wait_long() -> None:
    assert wait(3, queueing_lock="tick") == 40
    assert wait(jobs.ATTEMPTS - 1, queueing_lock="tick") == jobs.LONGEST_WAIT_IN_THE_WAY


def wait(attempts: int, queueing_lock: str | None = None) -> float | None:
    """The seconds until the next attempt after so many."""
    row = Job(
        id=1,
        queue="",
        lock=None,
        queueing_lock=queueing_lock,
        task_name="",
        attempts=attempts,
    )
    decision = jobs.Backoff().get_retry_decision(exception=Exception(), job=row)
    if decision is None or decision.retry_at is None:
        return None
    return round((decision.retry_at - datetime.now(UTC)).total_seconds())  # noqa: TID251  as the library


def test_jobs_of_one_lock_run_one_after_the_other(
    committed: None, organization_id: str, path: str
) -> None:
    for _ in range(3):
        jobs.enqueue(
            sample_jobs.take_a_while,
            organization_id=organization_id,
            lock=organization_id,
            path=path,
        )
    with worker_process():
        wait_for(lambda: {row["status"] for row in rows(organization_id)} == {"succeeded"}, "all")
    assert Path(path).read_text() == "begun\ndone\n" * 3


def test_what_a_killed_worker_held_is_taken_over(
    committed: None, organization_id: str, path: str
) -> None:
    jobs.enqueue(sample_jobs.hang_the_first_time, organization_id=organization_id, path=path)
    with worker_process() as worker:
        wait_for(Path(path).exists, "the job to begin")
        worker.kill()
    with worker_process():
        wait_for(lambda: Path(path).read_text().endswith("done\n"), "the job to be taken over")
    assert Path(path).read_text() == "begun\nbegun\ndone\n"


def test_what_a_killed_worker_held_is_dropped_where_its_twin_waits(
    committed: None, organization_id: str, path: str
) -> None:
    def enqueue() -> None:
        jobs.enqueue(
            sample_jobs.hang_the_first_time,
            organization_id=organization_id,
            queueing_lock=organization_id,
            path=path,
        )

    enqueue()
    with worker_process() as worker:
        wait_for(Path(path).exists, "the job to begin")
        worker.kill()
    enqueue()
    let_pass_silence(organization_id)
    with worker_process() as worker:
        wait_for(
            lambda: [row["status"] for row in rows(organization_id)] == ["succeeded"],
            "the twin to do it",
        )
        assert worker.poll() is None
    assert Path(path).read_text() == "begun\nbegun\ndone\n"


def let_pass_silence(organization_id: str) -> None:
    """As if the worker that holds the organization's job had been killed an hour ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
            " WHERE id IN (SELECT worker_id FROM procrastinate_jobs"
            " WHERE args->>'organization_id' = %s)",
            [organization_id],
        )


def test_a_job_takes_named_strings_and_its_organization() -> None:
    with pytest.raises(TypeError, match="function of its module"):
        jobs.job(lambda: None)

    for function in (takes_a_number, takes_no_organization, takes_by_position):
        with pytest.raises(TypeError, match=function.__name__):
            jobs.job(function)


def takes_a_number(*, organization_id: str, amount: int) -> None: ...


def takes_no_organization(*, invoice_id: str) -> None: ...


def takes_by_position(organization_id: str) -> None: ...
