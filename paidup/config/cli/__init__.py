"""The `paidup` command. Each command has a module of its own, with the group it belongs to."""

import signal
import sys

import click

from paidup.config.cli.migrate import migrate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Paidup: accounts-receivable automation."""


commands.add_command(migrate)


def main() -> None:
    """The entry point. A polite end (SIGTERM) unwinds like any other."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    commands(prog_name="paidup")
