"""The one schedule: its jobs exist, and each organization's is enqueued once per tick."""

import inspect
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.module_loading import import_string
from procrastinate import JobContext
from procrastinate.contrib.django import app

from paidup.config import schedule
from paidup.config.schedule import RECURRING, Recurring
from paidup.lib.jobs import name_of
from paidup.organizations.operations import add_organization
from tests.lib import sample_jobs
from tests.support.loops import finish

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JOB = f"{sample_jobs.__name__}.note_scope"


@pytest.mark.parametrize("recurring", RECURRING, ids=lambda recurring: recurring.job)
def test_every_job_of_the_schedule_exists_and_takes_what_it_is_given(recurring: Recurring) -> None:
    job = import_string(recurring.job)
    if recurring.for_each_organization:
        assert name_of(job)
    given = {"organization_id": ""} if recurring.for_each_organization else {}
    inspect.signature(job).bind(**given)


def test_the_worker_knows_the_whole_schedule() -> None:
    known = {periodic_id for _task, periodic_id in app.periodic_registry.periodic_tasks}
    assert {recurring.job for recurring in RECURRING} <= known


def test_a_tick_enqueues_one_job_per_organization_and_none_on_top_of_one_that_waits(
    db: None,
) -> None:
    slugs = [f"tick-{uuid4().hex[:8]}" for _ in range(2)]
    founded = {
        str(add_organization(slug=slug, name=slug, owner_email=f"{slug}@a.example", at=AT).id)
        for slug in slugs
    }
    for timestamp in (1, 2):
        schedule.for_every_organization(timestamp=timestamp, job=JOB)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'organization_id' FROM procrastinate_jobs WHERE task_name = %s", [JOB]
        )
        enqueued = [organization_id for (organization_id,) in cursor.fetchall()]
    assert sorted(set(enqueued) & founded) == sorted(founded)
    assert len(enqueued) == len(set(enqueued))


def test_jobs_done_long_ago_are_forgotten_and_failed_ones_kept_longer(committed: None) -> None:
    task = f"finished-{uuid4().hex[:8]}"
    for days, status in ((2, "succeeded"), (2, "failed"), (100, "failed"), (0, "succeeded")):
        finished_job(task, days=days, status=status)
    pruning = schedule.prune_finished_jobs(
        cast("JobContext", SimpleNamespace(app=app)), timestamp=1
    )
    finish(pruning)
    assert left(task) == [("failed", 2), ("succeeded", 0)]


def finished_job(task: str, *, days: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', %s, '{}', %s::procrastinate_job_status) RETURNING id)"
            " INSERT INTO procrastinate_events (job_id, type, at)"
            " SELECT id, 'started', now() - make_interval(days => %s) FROM job",
            [task, status, days],
        )


def left(task: str) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.status::text, extract(day FROM now() - event.at)::int"
            " FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id"
            " WHERE task_name = %s ORDER BY 1",
            [task],
        )
        return list(cursor.fetchall())
