"""Cadences of single invoices, and of persons at a customer."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("cadences", "0002_assignments"),
        ("customers", "0010_health"),
        ("invoicing", "0004_custom_fields"),
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "cadence",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cadences.cadence",
                    ),
                ),
                (
                    "invoice",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoicing.invoice",
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
                        fields=["organization", "cadence", "invoice"],
                        name="invoice_assigned_to_cadence",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "invoice"), name="invoice_assigned_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "cadence",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cadences.cadence",
                    ),
                ),
                (
                    "link",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.contactlink",
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
                        fields=["organization", "cadence", "link"], name="link_assigned_to_cadence"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "link"), name="link_assigned_once"
                    )
                ],
            },
        ),
        SecureTenantTable("InvoiceAssignment"),
        SecureTenantTable("LinkAssignment"),
        # A person's own cadence at a customer is part of its place there, which is of a room below.
        migrations.RunSQL("""
            ALTER TABLE cadences_linkassignment
                DROP CONSTRAINT cadences_linkassignment_link_id_tenant,
                ADD CONSTRAINT cadences_linkassignment_link_id_tenant
                    FOREIGN KEY (organization_id, link_id)
                    REFERENCES customers_contactlink (organization_id, id) ON DELETE CASCADE
        """),
    ]
