from django.db import migrations

# Only a table's owner may analyze it, and a load must: what it checks its own rows against has
# just grown from nothing. Two loads that analyze one table go one after the other.
ANALYZE_TABLES = """
CREATE FUNCTION analyze_tables(tables text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY coalesce(tables, '{}') LOOP
        EXECUTE format('ANALYZE public.%I', wanted);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [migrations.RunSQL(ANALYZE_TABLES)]
