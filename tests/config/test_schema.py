"""`paidup migrate`: complete, and only with roles that row security binds."""

import os

import psycopg
import pytest
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.support.databases import SUPERUSER
from tests.support.processes import paidup


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.database
@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
def test_an_app_role_that_sees_past_row_security_is_refused(power: str) -> None:
    role = f"mighty_{power.lower()}_{os.getpid()}"
    with psycopg.connect(os.environ[SUPERUSER], autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {role} LOGIN {power} PASSWORD 'mighty'")
        superuser.execute(f"GRANT paidup_app TO {role}")
        try:
            database = make_conninfo(os.environ["DATABASE_URL"], user=role, password="mighty")
            refused = paidup("migrate", DATABASE_URL=database)
        finally:
            superuser.execute(f"DROP ROLE {role}")
    assert refused.returncode == 1
    assert (
        f"The role `{role}` of DATABASE_URL could see every organization's rows" in refused.stderr
    )


def test_the_owner_as_app_role_is_refused() -> None:
    refused = paidup("migrate", DATABASE_URL=os.environ["DATABASE_OWNER_URL"])
    assert refused.returncode == 1
    assert "is `paidup_owner` itself" in refused.stderr


def test_half_the_addresses_is_said_plainly() -> None:
    refused = paidup("migrate", DATABASE_OWNER_URL="")
    assert refused.returncode == 2
    assert "DATABASE_URL is set, DATABASE_OWNER_URL isn't" in refused.stderr


@pytest.mark.database
def test_a_new_app_role_is_let_in() -> None:
    role = f"newcomer_{os.getpid()}"
    name = conninfo_to_dict(os.environ["DATABASE_URL"])["dbname"]
    with psycopg.connect(os.environ[SUPERUSER], autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'new'")
        superuser.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {role}')
    address = make_conninfo(os.environ["DATABASE_URL"], user=role, password="new")
    try:
        migrated = paidup("migrate", "--json", DATABASE_URL=address)
        assert migrated.returncode == 0, migrated.stderr
        assert migrated.stdout == '{"migrated": true}\n'
        with psycopg.connect(address) as newcomer:
            newcomer.execute("SELECT count(*) FROM procrastinate_jobs")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                newcomer.execute("TRUNCATE procrastinate_jobs")
    finally:
        with psycopg.connect(os.environ[SUPERUSER], dbname=name, autocommit=True) as superuser:
            superuser.execute(f"DROP OWNED BY {role}")
            superuser.execute(f"DROP ROLE {role}")
