"""The PostgreSQL that comes along: used when no `DATABASE_URL` names another.

Every process that needs it holds a shared lock on `in-use` meanwhile; the kernel lets go of it even
when the process is killed. Starting and stopping happen one at a time, under `gate`, and the last
one out stops the server. What a killed process leaves running, the next one finds and takes over.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from paidup.config.embedded.roles import Logins, create_database, prepare_roles
from paidup.config.embedded.server import Server, ServerRefused
from paidup.lib.environment import make_passable

__all__ = [
    "Logins",
    "Server",
    "ServerRefused",
    "addresses",
    "create_database",
    "prepare_roles",
    "running",
    "start_again",
]


@contextmanager
def running(home: Path, *, durable: bool = True, programs: Path | None = None) -> Iterator[Server]:
    """The server of this data folder, running meanwhile.

    For tests, `durable=False` outlives a kill of any process but not of the machine, and
    `programs` names another PostgreSQL's.
    Raises ServerRefused with a sentence that says what to do.
    """
    folder = make_passable(make_passable(home) / "postgresql")
    server = Server(folder, durable=durable, programs=programs)
    with (folder / "in-use").open("w") as in_use:
        with _gate(folder):
            fcntl.flock(in_use, fcntl.LOCK_SH)
            server.ensure_running()
        try:
            yield server
        finally:
            with _gate(folder):
                fcntl.flock(in_use, fcntl.LOCK_UN)
                if _alone(in_use):
                    server.stop()


@contextmanager
def addresses(home: Path) -> Iterator[Server]:
    """As `running`, with roles and database made, and their addresses in the environment."""
    with running(home) as server:
        logins = Logins.of(home)
        with _gate(home / "postgresql"), server.connect("postgres") as connection:
            prepare_roles(connection, logins)
            create_database(connection, "paidup")
        os.environ["DATABASE_URL"] = server.address("paidup_app", logins.app, "paidup")
        os.environ["DATABASE_OWNER_URL"] = server.address("paidup_owner", logins.owner, "paidup")
        yield server


def start_again(server: Server) -> None:
    """Starts a server of ours that was killed; those who wait for it find it at its old port."""
    with _gate(server.folder):
        server.ensure_running()


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    with (folder / "gate").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _alone(in_use: IO[str]) -> bool:
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
