from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                fields=["organization", "recorded_at"],
                condition=models.Q(("state", "pending")),
                name="unanswered_refunds",
            ),
        ),
    ]
