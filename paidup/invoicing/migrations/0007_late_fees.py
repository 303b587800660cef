"""Which invoice a late fee is for."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.schema
from paidup.lib.schema import ReferenceWithinTenant

# What a constraint of one row can't see.
NO_FEE_FOR_A_FEE = """
CREATE FUNCTION paidup_no_fee_for_a_fee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM invoicing_invoice late
    WHERE late.organization_id = NEW.organization_id AND late.id = NEW.fee_for_id
        AND late.fee_for_id IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'No late fee is charged for a late fee'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_fee_for_a_fee';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER no_fee_for_a_fee BEFORE INSERT OR UPDATE OF fee_for_id ON invoicing_invoice
    FOR EACH ROW WHEN (NEW.fee_for_id IS NOT NULL) EXECUTE FUNCTION paidup_no_fee_for_a_fee();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_late_fees"),
        ("invoicing", "0006_invoice_templates"),
        ("organizations", "0008_fields_of_invoices"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="fee_for",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="invoicing.invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("fee_for__isnull", False)),
                fields=["organization", "fee_for"],
                name="late_fees_of_invoice",
            ),
        ),
        ReferenceWithinTenant("Invoice", "fee_for"),
        migrations.RunSQL(NO_FEE_FOR_A_FEE),
    ]
