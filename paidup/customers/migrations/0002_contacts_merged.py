"""Contacts that were merged into another one."""

import django.db.models.deletion
from django.db import migrations, models

from paidup.lib.schema import ReferenceWithinTenant, TenantForeignKey


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="merged_into",
            field=TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.contact",
            ),
        ),
        ReferenceWithinTenant("Contact", "merged_into"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="contact_not_into_itself",
            ),
        ),
        migrations.RemoveIndex(model_name="contact", name="contacts_by_name"),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["organization", "sort_name", "id"],
                name="standing_contacts",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["organization", "merged_into"],
                name="merged_contacts",
            ),
        ),
    ]
