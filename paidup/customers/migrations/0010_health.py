"""How customers stand, as colleagues judge it, and how they stood."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_portal"),
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="HealthChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("score", models.IntegerField(null=True)),
                ("until", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="health_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=500,
                verbose_name="reason of the health",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="health_score",
            field=models.IntegerField(null=True, verbose_name="health"),
        ),
        migrations.AddField(
            model_name="customer",
            name="health_until",
            field=models.DateField(null=True, verbose_name="health counts until"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("category"),
                models.Case(
                    models.When(health_score__isnull=True, then=models.Value(101)),
                    default=models.F("health_score"),
                ),
                models.F("id"),
                include=("health_score", "billing_owner", "currency", "open_units"),
                name="customers_by_health",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("health_until__isnull", False)),
                fields=["organization", "health_until"],
                name="customers_by_health_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("health_reason", ""), ("health_score", None), ("health_until", None)),
                    models.Q(
                        ("health_score__isnull", False),
                        ("health_score__range", (0, 100)),
                        models.Q(("health_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="customer_health",
            ),
        ),
        migrations.AddField(
            model_name="healthchange",
            name="author",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.member",
            ),
        ),
        migrations.AddField(
            model_name="healthchange",
            name="customer",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="healthchange",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="healthchange",
            index=models.Index(
                fields=["organization", "customer", "-changed_at", "-id"], name="health_of_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="healthchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("score", None), ("until", None)),
                    models.Q(
                        ("score__isnull", False),
                        ("score__range", (0, 100)),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="health_change",
            ),
        ),
        SecureTenantTable("HealthChange"),
        migrations.RunSQL(
            """
            CREATE FUNCTION customers_keep_health() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.customer_id := OLD.customer_id;
                IF NEW IS DISTINCT FROM OLD THEN
                    RAISE EXCEPTION 'the history of health is only added to'
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER frozen AFTER UPDATE ON customers_healthchange
                FOR EACH ROW EXECUTE FUNCTION customers_keep_health();
            """
        ),
    ]
