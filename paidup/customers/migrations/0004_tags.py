"""Customers by their tags, kept by the database."""

import django.db.models.deletion
from django.db import migrations, models

from paidup.lib.schema import SecureTenantTable

KEEP = """
CREATE FUNCTION customers_keep_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM customers_taggedcustomer
        WHERE organization_id = OLD.organization_id AND customer_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO customers_taggedcustomer (organization_id, tag, customer_id)
            SELECT DISTINCT NEW.organization_id, tag, NEW.id FROM unnest(NEW.tags) AS tag;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tagged AFTER INSERT ON customers_customer
    FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION customers_keep_tags();
CREATE TRIGGER retagged AFTER UPDATE OF tags ON customers_customer
    FOR EACH ROW WHEN (OLD.tags <> NEW.tags) EXECUTE FUNCTION customers_keep_tags();
CREATE TRIGGER untagged AFTER DELETE ON customers_customer
    FOR EACH ROW WHEN (OLD.tags <> '{}') EXECUTE FUNCTION customers_keep_tags();

INSERT INTO customers_taggedcustomer (organization_id, tag, customer_id)
    SELECT DISTINCT organization_id, tag, id FROM customers_customer, unnest(tags) AS tag;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_merging"),
        ("organizations", "0003_member_list_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaggedCustomer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization",
                        "tag",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                ("tag", models.CharField(max_length=40)),
                ("customer_id", models.UUIDField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "customer_id"], name="tags_of_customer")
                ],
            },
        ),
        SecureTenantTable("TaggedCustomer"),
        migrations.RunSQL(KEEP),
        migrations.RemoveIndex(model_name="customer", name="customers_by_id"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["organization", "id"],
                include=(
                    "category",
                    "currency",
                    "open_units",
                    "billing_owner",
                    "entity",
                    "oldest_due_on",
                ),
                name="customers_by_id",
            ),
        ),
    ]
