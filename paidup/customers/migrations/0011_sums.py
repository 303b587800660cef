"""How many customers there are and what they owe, also of those whom a filter names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0010_health"),
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customers_by_category",
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "category", "currency", "open_units"],
                include=("id", "entity"),
                name="customers_sums",
            ),
        ),
    ]
