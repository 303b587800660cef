"""`paidup web`."""

import os
import socket
import time

import click

from paidup.config.cli.base import started

THREADS = 8  # as many as the pool has connections; more would only wait for one


@click.command()
@click.option("--bind", default="127.0.0.1", envvar="PAIDUP_BIND", show_default=True)
@click.option("--port", default=8000, envvar="PAIDUP_PORT", show_default=True)
@click.option("--workers", default=1, envvar="PAIDUP_WEB_WORKERS", show_default=True)
def web(*, bind: str, port: int, workers: int) -> None:
    """Serve the staff app, the portal and the webhooks."""
    os.environ["PAIDUP_PORT"] = str(port)
    os.environ["PAIDUP_SERVED_BY_US"] = "1"
    refuse_busy_port(bind, port)
    with started():
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
        from granian.log import LogLevels

        from paidup.config.logs import GRANIAN
        from paidup.config.static import collect_changed

        collect_changed()
        Granian(
            "paidup.config.wsgi:application",
            address=bind,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=workers,
            blocking_threads=THREADS,
            workers_kill_timeout=10,
            respawn_failed_workers=True,
            log_dictconfig=GRANIAN,
            log_level=LogLevels.error,
        ).serve()


def refuse_busy_port(bind: str, port: int) -> None:
    """Raises ClickException when another program listens there. One that is just ending may."""
    deadline = time.monotonic() + 3
    while not _free(bind, port):
        if time.monotonic() > deadline:
            raise click.ClickException(
                f"Port {port} is taken by another program. Choose a free one with PAIDUP_PORT,"
                f" for example PAIDUP_PORT={port + 1}."
            )
        time.sleep(0.2)


def _free(bind: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        # Connections that linger from a server that has ended don't count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
        return True
