from django.db import migrations

# What events say of people may be emptied, by this function alone: run by whoever asks for it, it
# is the owner of the table who deletes, and the trigger lets nobody else.
ERASE = """
CREATE FUNCTION erase_personal_data(customers uuid[], subjects uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    erased integer;
BEGIN
    DELETE FROM history_personaldata p USING history_event e
    WHERE p.organization_id = nullif(current_setting('paidup.organization', true), '')::uuid
        AND e.organization_id = p.organization_id AND e.id = p.event_id
        AND (e.customer_id = ANY(customers) OR e.subject_id = ANY(subjects));
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$;

CREATE FUNCTION paidup_refuse_all_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = (
        SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER append_only ON history_personaldata;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON history_personaldata
    FOR EACH ROW EXECUTE FUNCTION paidup_refuse_all_but_erasing();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [migrations.RunSQL(ERASE)]
