"""Files by their names, and those that the storage still has to remove."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0007_notes_referenced"),
        ("organizations", "0006_approval_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=100)),
                ("asked_at", models.DateTimeField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=100)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.member",
                    ),
                ),
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
                    "note",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.note",
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
                        fields=["organization", "customer", "-added_at", "-id"],
                        name="attachments_of_customer",
                    ),
                    models.Index(
                        condition=models.Q(("note__isnull", False)),
                        fields=["organization", "note"],
                        name="attachments_of_note",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "path"), name="attachment_path"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="attachment_size"
                    ),
                ],
            },
        ),
        SecureTenantTable("Attachment"),
        SecureTenantTable("RemovedFile"),
    ]
