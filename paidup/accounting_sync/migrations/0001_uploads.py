import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0003_member_list_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnChoice",
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
                        choices=[("customers", "Customers"), ("contacts", "Contacts")],
                        max_length=10,
                    ),
                ),
                ("header", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "header"), name="column_choice_of_header"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
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
                        choices=[("customers", "Customers"), ("contacts", "Contacts")],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=120)),
                ("content", models.BinaryField()),
                ("header", models.JSONField()),
                ("sample", models.JSONField()),
                ("lines", models.PositiveIntegerField()),
                ("columns", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to be assigned"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("importing", "Being imported"),
                            ("imported", "Imported"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("lines_read", models.PositiveIntegerField(default=0)),
                ("skip_bad", models.BooleanField(default=False)),
                ("outcome", models.JSONField(null=True)),
                ("rejected", models.TextField(blank=True)),
                ("refusal", models.TextField(blank=True)),
                ("uploaded_at", models.DateTimeField()),
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
                    "member",
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
            options={
                "indexes": [
                    models.Index(fields=["organization", "uploaded_at"], name="uploads_by_age")
                ],
            },
        ),
        SecureTenantTable("ColumnChoice"),
        SecureTenantTable("Upload"),
    ]
