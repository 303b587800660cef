from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("autopay", "0001_initial"),
        ("customers", "0001_initial"),
        ("organizations", "0002_analyze_tables"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="schedule",
            name="one_schedule",
        ),
        migrations.AddField(
            model_name="schedule",
            name="merged_from",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.UniqueConstraint(
                fields=("organization", "customer", "merged_from"),
                name="one_schedule",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_from", None), ("ended", True), _connector="OR"),
                name="merged_schedule_has_ended",
            ),
        ),
    ]
