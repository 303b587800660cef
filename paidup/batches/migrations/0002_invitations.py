"""Invitations to the portal, for many customers at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batch",
            name="action",
            field=models.CharField(
                choices=[
                    ("change_owner", "Change Owner"),
                    ("invite", "Send an Invitation"),
                    ("archive", "Archive"),
                ],
                max_length=20,
            ),
        ),
    ]
