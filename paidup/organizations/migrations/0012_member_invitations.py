"""Invitations of people who are to become members."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0011_sessions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="directoryentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("host", "Host"),
                    ("member", "Member"),
                    ("pay_link", "Pay Link"),
                    ("method_link", "Method Link"),
                    ("invitation", "Invitation"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("invited_at", models.DateTimeField(verbose_name="invited")),
                ("expires_at", models.DateTimeField(verbose_name="good until")),
                (
                    "invited_by",
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
                (
                    "role",
                    paidup.lib.schema.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.role",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "role"], name="invitations_by_role"),
                    models.Index(
                        fields=["organization", "invited_by"], name="invitations_by_member"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("email"),
                        name="one_open_invitation_per_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("invited_at"))),
                        name="invitation_ends",
                    ),
                ],
            },
        ),
        SecureTenantTable("Invitation"),
    ]
