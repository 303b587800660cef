"""Statements and cadences, for many customers at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0002_invitations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batch",
            name="action",
            field=models.CharField(
                choices=[
                    ("change_owner", "Change Owner"),
                    ("invite", "Send an Invitation"),
                    ("change_cadence", "Change Cadence"),
                    ("remove_cadences", "Remove Cadences"),
                    ("send_statement", "Send statement"),
                    ("archive", "Archive"),
                ],
                max_length=20,
            ),
        ),
    ]
