"""Who wrote a message, and mails that staff write to customers."""

import django.db.models.deletion
from django.db import migrations, models

from paidup.lib.schema import ReferenceWithinTenant, TenantForeignKey

PURPOSES = [
    ("reminder", "Reminder"),
    ("receipt", "Receipt"),
    ("charge_failed", "Failed payment"),
    ("invoice", "Invoice"),
    ("statement", "Statement"),
    ("invitation", "Invitation"),
    ("mail", "E-mail"),
    ("staff", "Mail to staff"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("communications", "0001_initial"),
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sent_by",
            field=TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.member",
            ),
        ),
        ReferenceWithinTenant("Message", "sent_by"),
        migrations.AlterField(
            model_name="message",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=16),
        ),
        migrations.AlterField(
            model_name="messagetemplate",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=16, verbose_name="used for"),
        ),
    ]
