"""More than one cadence: which customer has which, and cadences and steps that were removed."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("cadences", "0001_initial"),
        ("communications", "0001_initial"),
        ("customers", "0009_portal"),
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AlterModelOptions(
            name="step",
            options={"ordering": ["days"]},
        ),
        migrations.RemoveConstraint(
            model_name="cadence",
            name="cadence_name",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_position",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_days",
        ),
        migrations.RemoveField(
            model_name="step",
            name="position",
        ),
        migrations.AddField(
            model_name="cadence",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="enrolment",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("paused", "Paused"),
                    ("stopped", "Stopped"),
                    ("left", "Left"),
                ],
                default="running",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="cadence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("organization", "name"),
                name="cadence_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="cadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("default", False), ("removed_at", None), _connector="OR"),
                name="default_cadence_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("organization", "cadence", "days"),
                name="step_days",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="cadence",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cadences.cadence",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="customer",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                fields=["organization", "cadence", "customer"], name="assigned_to_cadence"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("organization", "customer"), name="assigned_once"
            ),
        ),
        SecureTenantTable("Assignment"),
    ]
