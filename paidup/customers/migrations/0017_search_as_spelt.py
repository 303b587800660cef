from pathlib import Path

from django.db import migrations

SEARCH = (Path(__file__).parent / "search_as_spelt.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_search_statistics")]

    operations = [migrations.RunSQL(SEARCH)]
