import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_contacts_merged"),
        ("organizations", "0002_analyze_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="MergedCustomer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("merged_at", models.DateTimeField()),
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
                    "into",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
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
                "indexes": [models.Index(fields=["organization", "into"], name="merged_into")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "entity", "number"), name="merged_customer_number"
                    )
                ],
            },
        ),
        SecureTenantTable("MergedCustomer"),
    ]
