"""The run's database, the fixtures that everyone shares, and how the product is started for tests.

The ordinary `db` fixture rolls back. `committed` is for what needs real commits: several
connections, threads or processes. Nothing is cleaned after it: such a test founds an organization
of its own, and row security keeps it apart from all others.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import django
import pytest
from django.db import connection, connections
from playwright.sync_api import Page, Response
from pytest_django import DjangoDbBlocker

from tests.support import databases, processes, queue
from tests.support.mail import MailServer, mail_server
from tests.support.prerequisites import CHROMIUM_ARGUMENTS, browser
from tests.support.processes import Process, Site

RESOURCES = pytest.StashKey[ExitStack]()

os.environ["PAIDUP_TESTING"] = "1"
os.environ["PAIDUP_HOME"] = str(databases.home())
# A browser's event loop goes on in the tests' thread, and Django takes them for asynchronous.
os.environ[processes.ALLOW_LOOP] = "1"
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
    (databases.home() / "static").mkdir(exist_ok=True)  # WhiteNoise warns when there is none
    # Not sooner, or pytest-django would read the settings before the database has its address.
    os.environ["DJANGO_SETTINGS_MODULE"] = "paidup.config.settings"
    django.setup()
    # Workers that tests start do what the test enqueued, not also the ticks of every organization
    # that other tests have left behind.
    os.environ["PAIDUP_SCHEDULE"] = "0"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drops what this process made; the last process stops the server."""
    if RESOURCES in config.stash:
        config.stash[RESOURCES].close()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database stands already; see pytest_configure."""


@pytest.fixture(scope="module", autouse=True)
def _queue_of_its_own(django_db_blocker: DjangoDbBlocker) -> None:
    """What other modules' tests have left in the queue is nobody's to do, least of all the next
    worker's that a test waits for."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


@pytest.fixture
def committed(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits."""
    with django_db_blocker.unblock():
        yield
    connections.close_all()


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mail(_mail_server: MailServer) -> MailServer:
    """A real SMTP server, empty; `site` and `worker` send their mail there."""
    _mail_server.messages.clear()
    _mail_server.refuse = None
    return _mail_server


@pytest.fixture(scope="session")
def site(_mail_server: MailServer) -> Iterator[Site]:
    """`paidup web` over this process's test database. For a clock of its own, use `web` instead."""
    with processes.web(**_mail_server.environment) as running:
        yield running


@pytest.fixture
def worker(mail: MailServer) -> Iterator[Process]:
    """`paidup worker` over this process's test database."""
    with processes.worker(**mail.environment) as running:
        yield running


@pytest.fixture
def work_off(db: None) -> Callable[[], int]:
    """Runs the test's queued jobs within its own transaction, and says how many ran."""
    return partial(queue.work_off, after=queue.last_job())


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: a process has several sites, so a test names an address whole."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, kept from calling home."""
    path = browser()
    assert path, "Install a browser: sudo apt-get install chromium"
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture
def page(page: Page) -> Page:
    """A page that is ready once it is there: htmx begins a moment after it is loaded, sooner than
    a person can press anything but not a test."""
    goto = page.goto

    def go(url: str, **how: Any) -> Response | None:
        answer = goto(url, **how)
        page.evaluate("new Promise(begun => setTimeout(begun))")
        return answer

    page.goto = go  # type: ignore[method-assign]  # for all tests alike
    return page
