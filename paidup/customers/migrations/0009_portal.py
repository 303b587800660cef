"""Whether a contact may see a customer in the portal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_custom_fields"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactlink",
            name="portal",
            field=models.CharField(
                choices=[
                    ("unset", "Not invited"),
                    ("enabled", "Enabled"),
                    ("disabled", "Disabled"),
                ],
                db_default="unset",
                default="unset",
                max_length=8,
            ),
        ),
    ]
