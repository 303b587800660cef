"""Rules about late fees, and the fees charged by them."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("invoicing", "0007_late_fees"),
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flat", "A flat amount"),
                            ("percent", "A percentage of what is late"),
                            ("per_annum", "Interest by the year, for the days gone by"),
                        ],
                        max_length=10,
                        verbose_name="fee",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=19, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=4, max_digits=7, null=True, verbose_name="percent"
                    ),
                ),
                ("grace_days", models.PositiveSmallIntegerField(verbose_name="grace days")),
                (
                    "every_days",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="again every so many days"
                    ),
                ),
                (
                    "most",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        verbose_name="most for one invoice",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="for invoices due from")),
                ("switched_on", models.BooleanField(default=False)),
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
        migrations.CreateModel(
            name="Fee",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("period_on", models.DateField()),
                ("days", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flat", "A flat amount"),
                            ("percent", "A percentage of what is late"),
                            ("per_annum", "Interest by the year, for the days gone by"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                ("base", models.DecimalField(decimal_places=4, max_digits=19)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("most", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("charged_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "document",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoicing.invoice",
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
                (
                    "rule",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="late_fees.rule",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed", False)),
                fields=("organization", "currency"),
                name="one_late_fee_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "flat"), ("rate", None)),
                    models.Q(("amount", None), ("kind", "percent"), ("rate__gt", 0)),
                    models.Q(("amount", None), ("kind", "per_annum"), ("rate__gt", 0)),
                    _connector="OR",
                ),
                name="late_fee_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), _negated=True),
                    models.Q(("amount", None), ("most", None)),
                    _connector="OR",
                ),
                name="late_fee_amounts_have_a_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("most", None), ("most__gt", 0), _connector="OR"),
                name="late_fee_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("every_days", None), models.Q(("kind", "per_annum"), _negated=True)),
                    ("every_days__gt", 0),
                    _connector="OR",
                ),
                name="late_fee_every",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("removed", False), ("switched_on", False), _connector="OR"),
                name="removed_rule_is_off",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(
                fields=("organization", "invoice", "rule", "period_on"), name="one_fee_per_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(
                fields=("organization", "document"), name="one_fee_a_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", Decimal(0)),
                    ("base__gt", Decimal(0)),
                    models.Q(("most", None), ("amount__lte", models.F("most")), _connector="OR"),
                ),
                name="fee_amounts",
            ),
        ),
        SecureTenantTable("Rule", referenced=True),
        SecureTenantTable("Fee", append_only=True),
    ]
