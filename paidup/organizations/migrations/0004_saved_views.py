"""Lists as members like to look at them."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.ids
import paidup.lib.schema
from paidup.lib.schema import SecureTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_member_list_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=paidup.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("of", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField(blank=True)),
                (
                    "shared",
                    models.BooleanField(default=False, verbose_name="share with colleagues"),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "member", "of", "name"), name="saved_view_name"
                    )
                ],
            },
        ),
        SecureTenantTable("SavedView"),
    ]
