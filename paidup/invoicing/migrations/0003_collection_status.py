"""How far collecting an invoice has come, in the organization's own words."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import ReferenceWithinTenant, SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0010_health"),
        ("invoicing", "0002_deleting"),
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionStatus",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "default",
                    models.BooleanField(default=False, verbose_name="default for new invoices"),
                ),
                ("notifies", models.BooleanField(default=False, verbose_name="notifies a manager")),
                ("removed", models.BooleanField(default=False)),
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
        migrations.AddField(
            model_name="invoice",
            name="collection_status",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="invoicing.collectionstatus",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("collection_status__isnull", False), ("state", "open")),
                fields=["organization", "collection_status", "customer"],
                name="open_invoices_by_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionstatus",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("removed", False)),
                name="collection_status_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionstatus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("default", True)),
                fields=("organization",),
                name="one_default_collection_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("default", True), ("removed", True), _negated=True),
                name="no_removed_default",
            ),
        ),
        SecureTenantTable("CollectionStatus", referenced=True),
        ReferenceWithinTenant("Invoice", "collection_status"),
    ]
