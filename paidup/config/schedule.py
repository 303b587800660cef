"""Everything that recurs, in one place. Times are UTC; what a job does is its room's affair."""

from dataclasses import dataclass

from django.utils.module_loading import import_string
from procrastinate import App, JobContext

from paidup.lib import jobs
from paidup.organizations.queries import all_organizations

KEEP_FINISHED = 24  # hours
KEEP_FAILED = 24 * 90  # hours


@dataclass(frozen=True)
class Recurring:
    """A job enqueued once per organization at each tick; it takes `organization_id` alone."""

    cron: str
    job: str


RECURRING: tuple[Recurring, ...] = (Recurring("*/20 * * * *", "paidup.autopay.jobs.tick"),)


def on_app_ready(app: App) -> None:
    """Hands the schedule to the worker. A tick is enqueued once, however many workers run."""
    each = app.task(name="paidup.for_every_organization")(for_every_organization)
    for recurring in RECURRING:
        kwargs = {"job": recurring.job}
        app.periodic(cron=recurring.cron, periodic_id=recurring.job, task_kwargs=kwargs)(each)
    pruning = app.task(name="paidup.prune_finished_jobs", pass_context=True)(prune_finished_jobs)
    app.periodic(cron="17 * * * *")(pruning)


def for_every_organization(*, timestamp: int, job: str) -> None:
    """Enqueues the job for each organization that isn't still waiting for its last one."""
    del timestamp
    function = import_string(job)
    for organization_id in all_organizations():
        jobs.enqueue(
            function, organization_id=organization_id, queueing_lock=f"{job}:{organization_id}"
        )


async def prune_finished_jobs(context: JobContext, *, timestamp: int) -> None:
    """Forgets jobs done a day ago, and those given up a quarter ago."""
    del timestamp
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEEP_FINISHED)
    await manager.delete_old_jobs(
        nb_hours=KEEP_FAILED, include_failed=True, include_cancelled=True, include_aborted=True
    )
