"""An index for each order of the list that had none."""

from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_overdue"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="unapplied_units",
            field=models.GeneratedField(
                db_persist=True,
                expression=Cast(models.F("unapplied_amount") * 10000, models.BigIntegerField()),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "category", "unapplied_units", "id"],
                name="customers_by_unapplied",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "category", "open_invoices", "id"],
                name="customers_by_open_invoices",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "category", "terms_days", "id"], name="customers_by_terms"
            ),
        ),
    ]
