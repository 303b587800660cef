"""`paidup worker`."""

import asyncio

import click

from paidup.config.cli.base import started


@click.command()
@click.option("--concurrency", default=4, envvar="PAIDUP_WORKER_CONCURRENCY", show_default=True)
@click.option("--until-empty", is_flag=True, help="End when no job is left to do now.")
def worker(*, concurrency: int, until_empty: bool) -> None:
    """Run jobs and keep the schedule. As many workers as wanted, on as many hosts."""
    with started():
        from paidup.lib.jobs import work

        asyncio.run(work(concurrency=concurrency, until_empty=until_empty))
