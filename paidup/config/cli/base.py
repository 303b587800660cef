"""What every command shares: Django over a database that answers, and answers as text or JSON."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import django
import psycopg

from paidup.config import embedded
from paidup.lib import clock
from paidup.lib.environment import home, make_passable

if TYPE_CHECKING:
    from paidup.organizations.models import Organization

json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@contextmanager
def started() -> Iterator[None]:
    """Django, over the database that `DATABASE_URL` names, else over the embedded one."""
    with database():
        set_up_django()
        yield


@contextmanager
def database() -> Iterator[embedded.Server | None]:
    """A reachable database; the server when it is the embedded one, which runs meanwhile."""
    given = os.environ.get("DATABASE_URL")
    if given:
        _refuse_unreachable(given)
        yield None
        return
    try:
        with embedded.addresses(own_home()) as server:
            # What comes along is for trying things out: with the sandbox, and with PAIDUP_NOW.
            os.environ.setdefault("PAIDUP_DEMO", "1")
            yield server
    except embedded.ServerRefused as refused:
        raise click.ClickException(str(refused)) from refused


def own_home() -> Path:
    """The data folder, made where it is missing. Raises ClickException when it isn't ours."""
    folder = make_passable(home())
    if not os.access(folder, os.W_OK):
        raise click.ClickException(
            f"{folder} belongs to another user. Run Paidup as that user, or choose another data"
            " folder with PAIDUP_HOME."
        )
    return folder


def set_up_django() -> None:
    """Loads the settings, which read the environment, and every room.

    Raises ClickException when PAIDUP_NOW is set where it may not be, or is no moment.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "paidup.config.settings"
    django.setup()
    try:
        clock.now()
    except clock.ClockRefused as refused:
        raise click.ClickException(str(refused)) from refused


def answer(as_json: bool, facts: dict[str, Any], sentence: str) -> None:  # noqa: FBT001  passed on as given
    """Prints what a command found: the facts as JSON, or a sentence for people."""
    print(json.dumps(facts, default=str, ensure_ascii=False) if as_json else sentence)


@contextmanager
def organization_scope(slug: str) -> Iterator["Organization"]:
    """The organization of this slug, in its scope. Raises ClickException when there is none."""
    from paidup.lib.tenancy import tenant
    from paidup.organizations.models import Organization
    from paidup.organizations.queries import organization_by_slug

    organization_id = organization_by_slug(slug)
    if organization_id is None:
        raise click.ClickException(
            f"There is no organization {slug!r}. Found it: paidup organization add {slug}"
            " --name NAME --owner EMAIL"
        )
    with tenant(organization_id):
        yield Organization.objects.get(id=organization_id)


def _refuse_unreachable(address: str) -> None:
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise click.ClickException(f"DATABASE_URL can't be reached: {error}") from error
