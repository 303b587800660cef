from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_merging"),
        ("invoicing", "0001_initial"),
        ("organizations", "0002_analyze_tables"),
        ("payments", "0003_no_charges_by_staff"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="paylink",
            name="one_live_pay_link",
        ),
        migrations.AddField(
            model_name="paylink",
            name="merged_from",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("organization", "customer", "invoice", "merged_from"),
                name="one_live_pay_link",
                nulls_distinct=False,
            ),
        ),
    ]
