"""Invoice templates, of which each organization has one at least, and what it takes payments by."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import paidup.lib.ids
import paidup.organizations.states
from paidup.lib.schema import SecureTenantTable


def make_first_templates(apps, schema_editor):
    """Each organization's: without words, for everything that may be paid with."""
    owner = schema_editor.connection.alias
    organizations, templates = (
        apps.get_model("organizations", name).objects.using(owner)
        for name in ("Organization", "InvoiceTemplate")
    )
    for organization_id in organizations.values_list("id", flat=True):
        templates.create(
            organization_id=organization_id,
            name="Standard",
            payment_kinds=["card", "bank_debit", "check", "wire"],
            default=True,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("heading", models.TextField(blank=True, verbose_name="text above the lines")),
                ("footer", models.TextField(blank=True, verbose_name="text below the lines")),
                (
                    "payment_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("card", "Card"),
                                ("bank_debit", "Bank debit"),
                                ("check", "Check"),
                                ("wire", "Wire"),
                                ("cash", "Cash"),
                                ("other", "Other"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("default", models.BooleanField(default=False)),
                ("removed", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="organization",
            name="payment_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("card", "Card"),
                        ("bank_debit", "Bank debit"),
                        ("check", "Check"),
                        ("wire", "Wire"),
                        ("cash", "Cash"),
                        ("other", "Other"),
                    ],
                    max_length=12,
                ),
                default=paidup.organizations.states.every_kind,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_kinds__len__gt", 0)),
                name="organization_takes_something",
            ),
        ),
        migrations.AddField(
            model_name="invoicetemplate",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetemplate",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("removed", False)),
                name="invoice_template_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("default", True)),
                fields=("organization",),
                name="one_default_invoice_template",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("default", True), ("removed", True), _negated=True),
                name="no_removed_default_template",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_kinds__len__gt", 0)), name="invoice_template_kinds"
            ),
        ),
        migrations.RunPython(make_first_templates),
        SecureTenantTable("InvoiceTemplate", referenced=True),
    ]
