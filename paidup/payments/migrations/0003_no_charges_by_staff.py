from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_unanswered_refunds")]

    operations = [
        migrations.AlterField(
            model_name="intent",
            name="purpose",
            field=models.CharField(
                choices=[("pay_link", "Pay link"), ("autopay", "Auto payment")], max_length=10
            ),
        ),
    ]
