"""The run's database, the fixtures that everyone shares, and how the product is started for tests.

The ordinary `db` fixture rolls back. `committed` is for what needs real commits: several
connections, threads or processes. Nothing is cleaned after it: such a test founds an organization
of its own, and row security keeps it apart from all others.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import django
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.support import databases

RESOURCES = pytest.StashKey[ExitStack]()

os.environ["PAIDUP_TESTING"] = "1"
os.environ["PAIDUP_HOME"] = str(databases.home())
for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "PAIDUP_NOW", "PAIDUP_DEMO"):
    os.environ.pop(variable, None)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Starts the server once per run, gives each process its database, then loads Django."""
    if config.option.help or config.option.version:
        return
    config.stash[RESOURCES] = resources = ExitStack()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        resources.enter_context(databases.server())
        if getattr(config.option, "numprocesses", None):
            return  # its workers run the tests
    resources.enter_context(databases.copy_of_template(worker or "main"))
    # Not sooner, or pytest-django would read the settings before the database has its address.
    os.environ["DJANGO_SETTINGS_MODULE"] = "paidup.config.settings"
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drops what this process made; the last process stops the server."""
    if RESOURCES in config.stash:
        config.stash[RESOURCES].close()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database stands already; see pytest_configure."""


@pytest.fixture
def committed(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits."""
    with django_db_blocker.unblock():
        yield
    connections.close_all()
