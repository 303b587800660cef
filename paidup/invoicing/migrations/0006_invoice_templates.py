"""An invoice has a template, and keeps the words that it had when the invoice was issued."""

import django.db.models.deletion
from django.db import migrations, models

import paidup.lib.schema
from paidup.lib.schema import ReferenceWithinTenant

# Those issued before there were templates have their organization's first one, which has no words.
GIVE_THE_FIRST = """
UPDATE invoicing_invoice i SET template_id = t.id
FROM organizations_invoicetemplate t
WHERE t.organization_id = i.organization_id AND t."default"
"""

KEEP_AS_ISSUED = """
CREATE FUNCTION paidup_keep_as_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an invoice keeps the template it was issued with'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER as_issued BEFORE UPDATE ON invoicing_invoice
    FOR EACH ROW
    WHEN ((OLD.template_id, OLD.heading, OLD.footer)
        IS DISTINCT FROM (NEW.template_id, NEW.heading, NEW.footer))
    EXECUTE FUNCTION paidup_keep_as_issued();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0005_statistics"),
        ("organizations", "0009_invoice_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="footer",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="heading",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="template",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.invoicetemplate",
            ),
        ),
        migrations.RunSQL(GIVE_THE_FIRST),
        migrations.AlterField(
            model_name="invoice",
            name="template",
            field=paidup.lib.schema.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.invoicetemplate",
            ),
        ),
        ReferenceWithinTenant("Invoice", "template"),
        migrations.RunSQL(KEEP_AS_ISSUED),
    ]
