"""Notes may be referred to, by the files that hang on them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_visibility"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE customers_note ADD CONSTRAINT customers_note_tenant_key"
            " UNIQUE (organization_id, id)"
        ),
    ]
