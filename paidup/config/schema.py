"""Brings the database up to date, as its owner, and lets the app's role in."""

from collections.abc import Callable
from contextlib import closing

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.utils import CursorWrapper

# Trusted ones, which the owner of a database may make.
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
ONE_AT_A_TIME = 7243011  # the advisory lock's number, our own choice


class SchemaRefused(Exception):
    """The two roles can't work as they are; the message says what to change."""


def bring_up_to_date(say: Callable[[str], None] = lambda _: None) -> None:
    """Runs all migrations and grants the app's role its rights. Several at once wait in turn.

    Raises SchemaRefused when the app's role could see past row security.
    """
    with closing(connections["owner"]) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            _refuse_powerful_app(cursor)
            for extension in EXTENSIONS:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
            say("Bringing the tables up to date …")
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            call_command("createcachetable", database="owner", verbosity=0)
            _let_app_in(cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _refuse_powerful_app(cursor: CursorWrapper) -> None:
    app = settings.DATABASES["default"]["USER"]
    cursor.execute(
        "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, current_user, 'MEMBER'), current_user"
        " FROM pg_roles WHERE rolname = %s",
        [app],
    )
    powerful, owner = cursor.fetchone()
    if powerful:
        raise SchemaRefused(
            f"The role `{app}` of DATABASE_URL could see every organization's rows: it is `{owner}`"
            f" itself, a member of it, a superuser or has BYPASSRLS. Give DATABASE_URL a role of"
            f" its own: CREATE ROLE paidup_app LOGIN PASSWORD '…' NOSUPERUSER NOBYPASSRLS;"
        )


def _let_app_in(cursor: CursorWrapper) -> None:
    """Rows may be read and changed; what may not, the tables' own policies and triggers refuse."""
    app = connections["owner"].ops.quote_name(settings.DATABASES["default"]["USER"])
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}",
    ):
        cursor.execute(statement)
