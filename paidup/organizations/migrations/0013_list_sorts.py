"""In which order a list begins for a member."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0012_member_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="list_sorts",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
