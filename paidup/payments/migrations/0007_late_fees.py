"""Credits that take a late fee back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_proposals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="credit",
            name="reason",
            field=models.CharField(
                choices=[
                    ("goodwill", "Goodwill"),
                    ("return", "Returned goods"),
                    ("pricing", "Pricing error"),
                    ("refund", "In place of a refunded payment"),
                    ("late_fee", "Late fee taken back"),
                    ("other", "Other"),
                ],
                max_length=12,
            ),
        ),
    ]
