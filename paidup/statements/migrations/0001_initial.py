"""Statements as they were sent, which only change hands."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0006_visibility"),
        ("organizations", "0006_approval_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open_item", "Open items"),
                            ("balance_forward", "Balance forward"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("from_on", models.DateField(null=True, verbose_name="from")),
                ("to_on", models.DateField(verbose_name="to")),
                ("closing", models.DecimalField(decimal_places=4, max_digits=19)),
                ("figures", models.JSONField()),
                ("pdf", models.BinaryField()),
                ("issued_at", models.DateTimeField()),
                (
                    "customer",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "entity",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.entity",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "customer", "-to_on", "-id"],
                        name="statements_of_customer",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_on", None), ("kind", "open_item")),
                            models.Q(
                                ("from_on__lte", models.F("to_on")), ("kind", "balance_forward")
                            ),
                            _connector="OR",
                        ),
                        name="statement_range",
                    )
                ],
            },
        ),
        SecureTenantTable("Statement"),
        migrations.RunSQL(
            """
            CREATE FUNCTION statements_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.customer_id := OLD.customer_id;
                IF NEW IS DISTINCT FROM OLD THEN
                    RAISE EXCEPTION 'a statement that was sent does not change'
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER frozen AFTER UPDATE ON statements_statement
                FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
            """
        ),
    ]
