"""Runs queued jobs without a worker, so that a test that rolls back sees what they do."""

import json

from django.db import connection


def last_job() -> int:
    """The number of the newest job; 0 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        [number] = cursor.fetchone() or (0,)
        return int(number)


def work_off(*, after: int) -> int:
    """Runs what is due of the jobs after this one, and what they enqueue, oldest first.

    A job's error is the test's. Says how many ran.
    """
    from procrastinate.contrib.django import app  # noqa: PLC0415  only once Django is set up

    ran = 0
    while row := _next(after):
        number, name, arguments = row
        app.tasks[name](**json.loads(arguments))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
        ran += 1
    return ran


def _next(after: int) -> tuple[int, str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args::text FROM procrastinate_jobs WHERE id > %s"
            " AND status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
            " ORDER BY priority DESC, id LIMIT 1",
            [after],
        )
        found: tuple[int, str, str] | None = cursor.fetchone()
        return found
