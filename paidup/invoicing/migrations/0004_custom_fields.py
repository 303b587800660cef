"""What an organization's own fields hold of its invoices."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0003_collection_status"),
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        # Its former name is that of an index by what a date holds.
        migrations.RenameIndex(
            model_name="invoice", old_name="invoices_by_day", new_name="invoices_by_issue_day"
        ),
        migrations.CreateModel(
            name="InvoiceValue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=200)),
                ("number", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("day", models.DateField(null=True)),
                (
                    "folded",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower("text"),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "units",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.expressions.CombinedExpression(
                                models.F("number"), "*", models.Value(10000)
                            ),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(),
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
                    "field",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.customfield",
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
                        condition=models.Q(("folded__gt", "")),
                        fields=["organization", "field", "folded", "invoice"],
                        name="invoices_by_folded",
                    ),
                    models.Index(
                        condition=models.Q(("units__isnull", False)),
                        fields=["organization", "field", "units", "invoice"],
                        name="invoices_by_units",
                    ),
                    models.Index(
                        condition=models.Q(("day__isnull", False)),
                        fields=["organization", "field", "day", "invoice"],
                        name="invoices_by_day",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "invoice", "field"), name="invoice_value_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("text", ""), _negated=True),
                                models.Q(("number__isnull", False), _negated=True),
                                models.Q(("day__isnull", False), _negated=True),
                            ),
                            models.Q(
                                ("text", ""),
                                ("number__isnull", False),
                                models.Q(("day__isnull", False), _negated=True),
                            ),
                            models.Q(
                                ("text", ""),
                                models.Q(("number__isnull", False), _negated=True),
                                ("day__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invoice_value_of_one_type",
                    ),
                ],
            },
        ),
        SecureTenantTable("InvoiceValue"),
    ]
