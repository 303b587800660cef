"""The `paidup` command. Each command has a module of its own."""

import os
import signal
import sys

import click

from paidup.config.cli.cadences import cadences
from paidup.config.cli.check import check
from paidup.config.cli.customer import customer
from paidup.config.cli.demo import demo
from paidup.config.cli.importing import import_
from paidup.config.cli.mailbox import mailbox
from paidup.config.cli.migrate import migrate
from paidup.config.cli.organization import organization
from paidup.config.cli.run import run
from paidup.config.cli.web import web
from paidup.config.cli.worker import worker
from paidup.config.lifeline import die_with_parent


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Paidup: accounts-receivable automation."""


for command in (
    run,
    web,
    worker,
    mailbox,
    migrate,
    organization,
    import_,
    customer,
    cadences,
    check,
    demo,
):
    commands.add_command(command)


def main() -> None:
    """The entry point. A polite end (SIGTERM) unwinds like any other."""
    if os.environ.pop("PAIDUP_SUPERVISED", None):
        die_with_parent()
    os.umask(0o077)  # mails, files and logs are nobody else's business
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    commands(prog_name="paidup")
