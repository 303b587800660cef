"""Batches and their rows."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0004_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("change_owner", "Change Owner"), ("archive", "Archive")],
                        max_length=20,
                    ),
                ),
                ("settings", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.member",
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
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization",
                        "batch",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("customer_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("unchanged", "Was so already"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "batch",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="batches.batch",
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
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["organization", "-asked_at"], name="latest_batches"),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["organization", "batch", "customer_id"],
                name="waiting_batch_rows",
            ),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(
                fields=["organization", "customer_id"], name="batch_rows_of_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "refused"), ("reason", ""), _connector="XOR"),
                name="batch_row_says_why",
            ),
        ),
        SecureTenantTable("Batch", referenced=True),
        SecureTenantTable("BatchRow"),
    ]
