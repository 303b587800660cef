"""Everything that recurs, in one place. Times are UTC; what a job does is its room's affair."""

import os
from dataclasses import dataclass

from django.utils.module_loading import import_string
from procrastinate import App, JobContext

from paidup.lib import jobs
from paidup.organizations.queries import all_organizations
from paidup.payments.gateways.registry import sandbox_is_offered

KEEP_FINISHED = 24  # hours
KEEP_FAILED = 24 * 90  # hours


@dataclass(frozen=True)
class Recurring:
    """At each tick (cron; a sixth field counts seconds) the job is enqueued.

    Once per organization, which it takes as `organization_id`; or once, and takes nothing. It
    isn't while its last one still waits.
    """

    cron: str
    job: str
    for_each_organization: bool = True


SANDBOX = Recurring(
    "* * * * * */10", "paidup.payments.gateways.sandbox.jobs.carry_on", for_each_organization=False
)
RECURRING: tuple[Recurring, ...] = (
    Recurring("*/20 * * * *", "paidup.autopay.jobs.tick"),
    Recurring("*/20 * * * *", "paidup.cadences.jobs.run_today"),
    Recurring("*/5 * * * *", "paidup.communications.jobs.deliver_due"),
    Recurring("*/5 * * * *", "paidup.communications.jobs.settle_interrupted"),
    Recurring("*/20 * * * *", "paidup.late_fees.jobs.run_today"),
    Recurring("1,16,31,46 * * * *", "paidup.invoicing.jobs.count_overdue_today"),
    Recurring("2 * * * *", "paidup.customers.jobs.end_expired_health"),
    Recurring("5 * * * *", "paidup.payments.jobs.judge_promises"),
    Recurring("35 * * * *", "paidup.payments.jobs.chase_stuck"),
    Recurring("50 * * * *", "paidup.accounting_sync.jobs.forget_uploads"),
    *([SANDBOX] if sandbox_is_offered() else []),
)


def on_app_ready(app: App) -> None:
    """Hands the schedule to the worker. A tick is enqueued once, however many workers run."""
    each = app.task(name="paidup.for_every_organization")(for_every_organization)
    alone = app.task(name="paidup.by_itself")(by_itself)
    # A worker may leave the schedule to others: PAIDUP_SCHEDULE=0.
    for recurring in RECURRING if os.environ.get("PAIDUP_SCHEDULE") != "0" else ():
        app.periodic(
            cron=recurring.cron,
            periodic_id=recurring.job,
            queueing_lock=recurring.job,
            task_kwargs={"job": recurring.job},
        )(each if recurring.for_each_organization else alone)
    pruning = app.task(name="paidup.prune_finished_jobs", pass_context=True)(prune_finished_jobs)
    app.periodic(cron="17 * * * *")(pruning)


def by_itself(timestamp: int, job: str) -> None:
    """Runs a job that serves no organization."""
    del timestamp
    import_string(job)()


def for_every_organization(timestamp: int, job: str) -> None:
    """Enqueues the job for each organization that isn't still waiting for its last one."""
    del timestamp
    function = import_string(job)
    for organization_id in all_organizations():
        jobs.enqueue(
            function, organization_id=organization_id, queueing_lock=f"{job}:{organization_id}"
        )


async def prune_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Forgets jobs done a day ago, and those given up a quarter ago."""
    del timestamp
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEEP_FINISHED)
    await manager.delete_old_jobs(
        nb_hours=KEEP_FAILED, include_failed=True, include_cancelled=True, include_aborted=True
    )
