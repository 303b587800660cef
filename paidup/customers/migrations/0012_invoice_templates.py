"""What a customer may pay with, and the template of its invoices."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.schema
from paidup.lib.schema import ReferenceWithinTenant


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_sums"),
        ("organizations", "0009_invoice_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="invoice_template",
            field=paidup.lib.schema.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.invoicetemplate",
                verbose_name="default invoice template",
            ),
        ),
        migrations.AddField(
            model_name="customer",
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
                blank=True,
                default=list,
                size=None,
                verbose_name="preferred payment methods",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("invoice_template__isnull", False)),
                fields=["organization", "invoice_template"],
                name="customers_by_template",
            ),
        ),
        ReferenceWithinTenant("Customer", "invoice_template"),
    ]
