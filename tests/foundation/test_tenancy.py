"""Both locks of tenancy, table by table: what the database itself keeps apart."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import DatabaseError
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from paidup.lib.ids import new_id
from paidup.lib.schema import TenantForeignKey
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from tests.support.databases import SUPERUSER

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

# Tables that belong to no organization, each with the reason.
GLOBAL = {
    "organizations_user": "a person may belong to several organizations",
    "organizations_directoryentry": "leads to the organization before any row may be read",
    "organizations_session": "whose it is says the cookie, before any organization is known",
    "sandbox_storedmethod": "the sandbox stands for another company's database",
    "sandbox_charge": "likewise",
    "sandbox_refund": "likewise",
    "sandbox_event": "likewise",
}
# Tables whose owner, who sees every row by policy anyway, reads without that policy.
UNFORCED = {"customers_searchrow": "the search, which runs as the owner, is planned by statistics"}
# What a table's own checks ask of a row.
CHECKED: dict[str, dict[str, Any]] = {
    "batches_batchrow": {"reason": ""},
    "customers_healthchange": {"reason": ""},
    "organizations_customfield": {"kind": "text"},
    "organizations_invitation": {"expires_at": datetime(2026, 3, 9, tzinfo=UTC)},
    "organizations_invoicetemplate": {"payment_kinds": ["card"]},
    "payments_allocation": {"payment_id": new_id()},
    "payments_proposal": {"action": "credit", "state": "waiting"},
    "statements_statement": {"kind": "open_item", "from_on": None},
    "autopay_schedule": {"interval": "daily"},
    "late_fees_rule": {"kind": "percent", "rate": 1},
    "invoicing_invoice": {"customer_id": new_id()},
    "payments_credit": {"customer_id": new_id()},
    "payments_intent": {"customer_id": new_id()},
    "payments_payment": {"customer_id": new_id()},
    "communications_deliverywindow": {"from_hour": 8, "to_hour": 17, "days": [0]},
}
FOREIGN_APPS = {
    "account", "auth", "contenttypes", "mfa", "procrastinate",
}  # fmt: skip


def ours() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in FOREIGN_APPS
    ]


def tenant_tables() -> list[type[models.Model]]:
    return [model for model in ours() if model._meta.db_table not in GLOBAL]


def column(model: type[models.Model]) -> str:
    return "id" if model is Organization else "organization_id"


def test_every_table_is_a_tenants_or_named_as_global() -> None:
    fields = {
        model._meta.db_table: {field.attname for field in model._meta.local_fields}
        for model in ours()
    }
    assert set(GLOBAL) <= set(fields)
    for table, names in fields.items():
        if table != "organizations_organization":
            assert ("organization_id" in names) == (
                table not in GLOBAL or table == "organizations_directoryentry"
            ), table


@pytest.mark.parametrize("model", tenant_tables(), ids=lambda model: model._meta.db_table)
def test_row_security_holds_and_leaks_nothing(model: type[models.Model]) -> None:
    """With the first lock forgotten: a plain `objects.all()` in another tenant's scope."""
    table = model._meta.db_table
    mine, theirs = new_id(), new_id()
    with psycopg.connect(_superuser(), autocommit=True) as root:
        secured = root.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        ).fetchone()
        assert secured == (True, table not in UNFORCED)
        # Rows without their kin, as only a superuser can make them.
        root.execute("SET session_replication_role = replica")
        for organization_id in (mine, theirs):
            _insert(root, model, organization_id)
    rows: models.QuerySet[Any] = model._base_manager.all()
    key = column(model)
    assert not rows.exists(), "visible outside of any tenant's scope"
    with tenant(mine):
        assert set(rows.values_list(key, flat=True)) == {mine}
        assert not rows.filter(**{key: theirs}).exists()
    try:
        with tenant(mine), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {key} = {key} WHERE {key} = %s", [theirs])
            assert cursor.rowcount == 0
            cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [theirs])
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), tenant(mine):
            _insert(connection.cursor(), model, theirs)
    finally:
        with psycopg.connect(_superuser(), autocommit=True) as root:
            root.execute("SET session_replication_role = replica")
            root.execute(f"DELETE FROM {table} WHERE {key} IN (%s, %s)", [mine, theirs])


def test_every_reference_between_tenants_tables_includes_the_organization() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY a.attname)
            FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
            WHERE c.contype = 'f'
            GROUP BY c.oid, c.conrelid
            """
        )
        constraints = [(table, set(columns)) for table, columns in cursor.fetchall()]
    for model in tenant_tables():
        table = model._meta.db_table
        for field in model._meta.local_fields:
            target = field.related_model
            if target is None or target is Organization or target not in tenant_tables():
                continue
            assert any(
                name == table and {"organization_id", field.column} <= columns
                for name, columns in constraints
            ), f"{table}.{field.column} could refer to another tenant's row"
            assert isinstance(field, TenantForeignKey) or table == "ledger_transfer"


def test_unique_keys_begin_with_the_organization() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, a.attname::text
            FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indisunique AND NOT i.indisprimary
            """
        )
        firsts = cursor.fetchall()
    tables = {model._meta.db_table for model in tenant_tables()} - {"organizations_organization"}
    for table, index, first in firsts:
        if table in tables:
            assert first == "organization_id", index


@pytest.mark.parametrize(
    "table", ["history_event", "history_personaldata", "ledger_transfer", "payments_allocation"]
)
def test_what_is_only_added_to_refuses_changes(table: str) -> None:
    model = next(model for model in ours() if model._meta.db_table == table)
    organization_id = new_id()
    with psycopg.connect(_superuser(), autocommit=True) as root:
        root.execute("SET session_replication_role = replica")
        _insert(root, model, organization_id)
    for statement in (
        f"UPDATE {table} SET organization_id = organization_id",
        f"DELETE FROM {table}",
    ):
        with (
            pytest.raises(DatabaseError, match="only added to"),
            tenant(organization_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_app_role_is_no_master() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,)


def _superuser() -> str:
    return make_conninfo(os.environ[SUPERUSER], dbname=connection.settings_dict["NAME"])


def _insert(cursor: Any, model: type[models.Model], organization_id: UUID) -> None:
    """A row with something in every column that needs it."""
    values = {
        field.column: _some(field, model, organization_id)
        for field in model._meta.local_fields
        if field.column and not field.null and not field.generated
    } | CHECKED.get(model._meta.db_table, {})
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(name)) for name in values),
        sql.SQL(", ").join(sql.Placeholder() for _ in values),
    )
    cursor.execute(statement, list(values.values()))


def _some(field: Any, model: type[models.Model], organization_id: UUID) -> Any:
    if field.column == column(model):
        return organization_id
    if field.is_relation:
        return new_id()
    if field.has_default():
        default = field.get_default()
        return Jsonb(default) if isinstance(default, dict) else default
    made = next((made for kind, made in SOMETHING if isinstance(field, kind)), None)
    return made() if made else str(new_id())[: field.max_length or 36]


SOMETHING: list[tuple[type[Any], Callable[[], Any]]] = [
    (models.UUIDField, new_id),
    (models.DateTimeField, lambda: datetime(2026, 3, 2, tzinfo=UTC)),
    (models.DateField, lambda: date(2026, 3, 2)),
    (models.DecimalField, lambda: Decimal(1)),
    (models.IntegerField, lambda: 1),
    (models.BooleanField, lambda: True),
    (models.JSONField, lambda: Jsonb({})),
]
