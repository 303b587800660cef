"""The databases of a test run: one server, one template migrated once, a copy per process.

The server and its templates stay for the next run of the same checkout, which then starts at once.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from paidup.config import embedded

CHECKOUT = Path(__file__).resolve().parents[2]
KEPT_TEMPLATES = 3
SUPERUSER = "PAIDUP_TEST_SUPERUSER"  # the server's address, for the processes of one run


def home() -> Path:
    """The data folder of this checkout's tests, beside no other's."""
    name = sha256(f"{CHECKOUT}:{_programs()}".encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"paidup-tests-{os.getuid()}-{name}"


@contextmanager
def server() -> Iterator[None]:
    """A server with roles and an up-to-date template."""
    with embedded.running(home(), durable=False, programs=_programs()) as running:
        os.environ[SUPERUSER] = running.address("postgres", running.password, "postgres")
        _prepare_template()
        yield


@contextmanager
def copy_of_template(worker: str) -> Iterator[None]:
    """This process's own database; its addresses are in the environment."""
    name = f"run_{os.getpid()}_{worker}"
    with _connect() as connection, _one_at_a_time():
        embedded.create_database(connection, name, template=_template())
    _point_at(name)
    try:
        yield
    finally:
        with _connect() as connection:
            _drop(connection, name)


def _programs() -> Path | None:
    """Those of another PostgreSQL than the one that comes along, to prove the rules on it too."""
    given = os.environ.get("PAIDUP_TEST_POSTGRESQL")
    return Path(given) if given else None


def _prepare_template() -> None:
    with _one_at_a_time(), _connect() as connection:
        embedded.prepare_roles(connection, _logins())
        _drop_leftovers(connection)
        if _template() not in _databases(connection):
            _drop(connection, "building")
            embedded.create_database(connection, "building")
            _point_at("building")
            migrate = [sys.executable, "-m", "paidup.config.cli", "migrate"]
            if subprocess.run(migrate, check=False, cwd=CHECKOUT).returncode:
                pytest.exit("The migrations fail, see above.", returncode=1)
            connection.execute(
                sql.SQL("ALTER DATABASE building RENAME TO {}").format(sql.Identifier(_template()))
            )


def _template() -> str:
    """Named after all that shapes the tables."""
    digest = sha256()
    for path in sorted(
        [
            *CHECKOUT.glob("paidup/**/migrations/*.py"),
            *CHECKOUT.glob("paidup/**/migrations/*.sql"),
            *CHECKOUT.glob("paidup/lib/schema.py"),
            CHECKOUT / "paidup" / "config" / "schema.py",
        ]
    ):
        digest.update(path.read_bytes())
    for package in ("django", "django-allauth", "procrastinate"):
        digest.update(version(package).encode())
    return f"template_{digest.hexdigest()[:16]}"


def _drop_leftovers(connection: psycopg.Connection) -> None:
    """Databases of runs that were killed, and templates of past states."""
    names = _databases(connection)
    for name in names:
        if name.startswith("run_") and not Path(f"/proc/{name.split('_')[1]}").exists():
            _drop(connection, name)
    templates = [name for name in names if name.startswith("template_")]
    for name in templates[:-KEPT_TEMPLATES]:
        _drop(connection, name)


def _databases(connection: psycopg.Connection) -> list[str]:
    """The oldest first."""
    rows = connection.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
    return [name for (name,) in rows]


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _point_at(name: str) -> None:
    logins = _logins()
    address = conninfo_to_dict(os.environ[SUPERUSER])
    for variable, user, password in (
        ("DATABASE_URL", "paidup_app", logins.app),
        ("DATABASE_OWNER_URL", "paidup_owner", logins.owner),
    ):
        os.environ[variable] = make_conninfo(
            host=address["host"], port=address["port"], user=user, password=password, dbname=name
        )


def _logins() -> embedded.Logins:
    return embedded.Logins.of(home())


def _connect() -> psycopg.Connection:
    return psycopg.connect(os.environ[SUPERUSER], autocommit=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
