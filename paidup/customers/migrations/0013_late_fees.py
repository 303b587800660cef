"""Late fees may be off for a customer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_invoice_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="late_fees",
            field=models.BooleanField(db_default=True, default=True, verbose_name="late fees"),
        ),
    ]
