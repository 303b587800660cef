"""Invoices have fields of the organization's own, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0007_custom_fields"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customfield",
            name="of",
            field=models.CharField(
                choices=[
                    ("customer", "Customers"),
                    ("invoice", "Invoices"),
                    ("member", "Employees"),
                ],
                max_length=10,
            ),
        ),
    ]
