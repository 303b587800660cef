"""`paidup run`: everything on this machine, with a demo organization."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

from paidup.config import embedded
from paidup.config.cli.base import database, own_home, set_up_django
from paidup.config.cli.demo import SignIn, ensure_demo
from paidup.config.cli.supervisor import Child, Supervisor
from paidup.config.cli.web import refuse_busy_port
from paidup.lib.environment import home

LARGE_LOG = 10 * 1024 * 1024  # bytes


@click.command()
@click.option("--port", default=8000, envvar="PAIDUP_PORT", show_default=True)
def run(*, port: int) -> None:
    """Run the whole demo: database, web, worker and a mailbox that sends nothing on.

    Only this machine can reach it. Ctrl-C stops all of it; the next start finds its data.
    """
    os.environ |= {"PAIDUP_DEMO": "1", "PAIDUP_PORT": str(port), "PAIDUP_BIND": "127.0.0.1"}
    with _alone():
        refuse_busy_port("127.0.0.1", port)
        log = _log()
        children = [Child("web", log=log), Child("worker", log=log)]
        if not os.environ.get("PAIDUP_SMTP_HOST"):
            children.append(_mailbox(log))
        say("Starting the database …")
        with database() as server:
            set_up_django()
            sign_in = _prepare()
            with Supervisor(*children) as supervisor:
                say("Starting web and worker …")
                supervisor.watch(until=lambda: _answers(port))
                if not supervisor.stopping:
                    _welcome(sign_in)
                supervisor.watch(until=_Database(server).lost_for_good)
                say("Stopping …")
    say("Stopped.")


def say(line: str) -> None:
    """Progress, seen at once also through a pipe."""
    click.echo(line)


@contextmanager
def _alone() -> Iterator[None]:
    """One run per data folder. The kernel lifts this lock even when we are killed."""
    with (own_home() / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"Paidup already runs from {home()}. Stop it first, or give this one a data"
                " folder of its own with PAIDUP_HOME."
            ) from None
        yield


def _log() -> Path:
    """The log of this run and the last few, set aside once it has grown large."""
    log = home() / "paidup.log"
    if log.exists() and log.stat().st_size > LARGE_LOG:
        log.rename(log.with_suffix(".old.log"))
    return log


def _prepare() -> SignIn:
    from paidup.config.schema import SchemaRefused, bring_up_to_date

    try:
        bring_up_to_date(say)
    except SchemaRefused as refused:
        raise click.ClickException(str(refused)) from refused
    return ensure_demo(say)


def _mailbox(log: Path) -> Child:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    os.environ |= {"PAIDUP_SMTP_HOST": "127.0.0.1", "PAIDUP_SMTP_PORT": port}
    return Child("mailbox", "--port", port, log=log)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _welcome(sign_in: SignIn) -> None:
    from django.conf import settings

    say(f"\nPaidup is ready: {settings.BASE_URL}")
    say(f"  Sign in as    {sign_in.email}")
    say(f"  Password      {sign_in}")
    if os.environ["PAIDUP_SMTP_HOST"] == "127.0.0.1":
        say(f"  Sent mail     {home() / 'mail'}")
    say(f"  Log           {home() / 'paidup.log'}")
    say("  Stop it with  Ctrl-C\n")


class _Database:
    """Starts the embedded server again when it was killed under us."""

    def __init__(self, server: embedded.Server | None) -> None:
        self.server = server
        self.due = 0.0

    def lost_for_good(self) -> bool:
        """Looks now and then; raises ServerRefused when it doesn't start any more."""
        if self.server and time.monotonic() >= self.due:
            self.due = time.monotonic() + 1
            if not self.server.is_running():
                say("The database ended; starting it again …")
                embedded.start_again(self.server)
        return False
