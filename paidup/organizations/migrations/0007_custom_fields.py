"""Fields of an organization's own, and what they hold of its members."""

import django.contrib.postgres.fields
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
        ("organizations", "0006_approval_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomField",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("customer", "Customers"),
                            ("member", "Employees"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("date", "Date"),
                            ("choice", "Choice"),
                            ("yes_no", "Yes or no"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="label")),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
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
            name="MemberValue",
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
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("of"),
                django.db.models.functions.text.Lower("label"),
                name="field_label",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "choice"), ("choices", []), _connector="XOR"),
                name="field_choices",
            ),
        ),
        migrations.AddIndex(
            model_name="membervalue",
            index=models.Index(
                condition=models.Q(("folded__gt", "")),
                fields=["organization", "field", "folded", "member"],
                name="members_by_folded",
            ),
        ),
        migrations.AddIndex(
            model_name="membervalue",
            index=models.Index(
                condition=models.Q(("units__isnull", False)),
                fields=["organization", "field", "units", "member"],
                name="members_by_units",
            ),
        ),
        migrations.AddIndex(
            model_name="membervalue",
            index=models.Index(
                condition=models.Q(("day__isnull", False)),
                fields=["organization", "field", "day", "member"],
                name="members_by_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="membervalue",
            constraint=models.UniqueConstraint(
                fields=("organization", "member", "field"), name="member_value_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="membervalue",
            constraint=models.CheckConstraint(
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
                name="member_value_of_one_type",
            ),
        ),
        SecureTenantTable("CustomField", referenced=True),
        SecureTenantTable("MemberValue"),
    ]
