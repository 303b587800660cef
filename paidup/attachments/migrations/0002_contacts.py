"""Files that contacts share in the portal."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.schema
from paidup.lib.schema import ReferenceWithinTenant


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("customers", "0009_portal"),
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="added_by",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.member",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="contact",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.contact",
            ),
        ),
        ReferenceWithinTenant("Attachment", "contact"),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("added_by__isnull", False), ("contact", None)),
                    models.Q(("added_by", None), ("note", None)),
                    _connector="OR",
                ),
                name="attachment_brought_by_one",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("contact__isnull", False)),
                fields=["organization", "contact"],
                name="attachments_of_contact",
            ),
        ),
    ]
