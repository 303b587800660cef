"""Migration operations that make a table a tenant's table: row-level security and composite keys.

`SecureTenantTable` enables and forces row-level security, so that the app role sees rows of the set
organization only and the owner (who migrates) sees all, and turns every `TenantForeignKey` into a
foreign key that includes the organization: PostgreSQL accepts a cross-tenant reference otherwise.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # generic only in the stubs
    """A foreign key between two tables of one tenant.

    The constraint is made by `SecureTenantTable`, over (organization_id, id).
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        # Indexes begin with the organization, so each table names its own.
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class _Sql(Operation):
    """An operation that changes the database only, not Django's idea of the models."""

    reduces_to_sql = True
    reversible = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_backwards(self, *_: Any) -> None:
        raise NotImplementedError("Migrations here go forward only.")


class SecureTenantTable(_Sql):
    """Row-level security, composite keys and, when asked, the ban on changing rows."""

    def __init__(
        self, name: str, *, referenced: bool = False, append_only: bool = False, column: str = ""
    ) -> None:
        self.name = name
        self.referenced = referenced
        self.append_only = append_only
        self.column = column or "organization_id"

    def describe(self) -> str:
        return f"Secure {self.name} for its tenant"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002  Django's signature
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table  # noqa: SLF001  Django's documented model API
        for statement in self._statements(model, table):
            schema_editor.execute(statement, params=None)

    def _statements(self, model: type[models.Model], table: str) -> list[str]:
        mine = f"{self.column} = nullif(current_setting('paidup.organization', true), '')::uuid"
        statements = [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY tenant ON "{table}" USING ({mine}) WITH CHECK ({mine})',
            f'CREATE POLICY owner ON "{table}" TO CURRENT_USER USING (true) WITH CHECK (true)',
        ]
        if self.referenced:
            statements.append(
                f"""
                ALTER TABLE "{table}" ADD CONSTRAINT "{table}_tenant_key"
                    UNIQUE (organization_id, id)
                """
            )
        if self.append_only:
            statements += _append_only(table)
        fields = [
            field
            for field in model._meta.local_fields  # noqa: SLF001  documented model API
            if isinstance(field, TenantForeignKey)
        ]
        statements += [_reference(table, field) for field in fields]
        if not fields and self.column == "organization_id":
            statements.append(
                f"""
                ALTER TABLE "{table}" ADD CONSTRAINT "{table}_organization"
                    FOREIGN KEY (organization_id) REFERENCES organizations_organization (id)
                """
            )
        return statements


class ReferenceWithinTenant(_Sql):
    """The composite foreign key of one `TenantForeignKey` added after its table was secured."""

    def __init__(self, name: str, field: str) -> None:
        self.name = name
        self.field = field

    def describe(self) -> str:
        return f"Keep {self.name}.{self.field} within its tenant"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002  Django's signature
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        meta = model._meta  # noqa: SLF001  documented model API
        field = meta.get_field(self.field)
        assert isinstance(field, TenantForeignKey)  # noqa: S101  a wrong migration, not bad input
        schema_editor.execute(_reference(meta.db_table, field), params=None)


def _reference(table: str, field: TenantForeignKey) -> str:
    target = field.related_model._meta.db_table  # noqa: SLF001  documented model API
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_tenant"'
        f' FOREIGN KEY (organization_id, "{field.column}") REFERENCES "{target}"'
        " (organization_id, id)"
    )


def _append_only(table: str) -> list[str]:
    return [
        """
        CREATE OR REPLACE FUNCTION paidup_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is only added to', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$
        """,
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION paidup_refuse_change()
        """,
    ]
