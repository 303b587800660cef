from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_merging"),
        ("ledger", "0001_initial"),
        ("organizations", "0002_analyze_tables"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="account",
            name="account_once",
        ),
        migrations.AddField(
            model_name="account",
            name="merged_from",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("organization", "entity", "currency", "kind", "customer", "merged_from"),
                name="account_once",
                nulls_distinct=False,
            ),
        ),
    ]
