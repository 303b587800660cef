"""The database that tests and the product run on."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_app_role_has_no_power_over_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("paidup_app", False, False)


@pytest.mark.django_db
def test_each_process_of_a_run_has_a_database_of_its_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    assert connection.settings_dict["NAME"] == f"run_{os.getpid()}_{worker}"
