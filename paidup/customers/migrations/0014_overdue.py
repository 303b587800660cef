"""What is overdue of a customer, to sort by. The first tick of its job fills it in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_late_fees"),
        ("organizations", "0012_member_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="overdue_units",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "category", "overdue_units", "id"],
                name="customers_by_overdue",
            ),
        ),
    ]
