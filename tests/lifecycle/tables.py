"""What stands in the database, in whichever table: read by its owner, who sees all rows."""

from uuid import UUID

from django.apps import apps
from django.db import connections, models, transaction


def ours() -> list[type[models.Model]]:
    """Every table of the product; the sandbox's are another company's."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("paidup.") and ".sandbox." not in model.__module__
    ]


def referring_to(target: type[models.Model]) -> set[type[models.Model]]:
    """The tables with a column that refers to this one."""
    return {
        model
        for model in ours()
        for field in model._meta.local_fields
        if field.related_model is target
    }


def rows_with(row_id: UUID) -> set[str]:
    """The tables in which the id stands, in whichever column."""
    return {table for table in tables_with(str(row_id)) if not table.startswith("procrastinate_")}


def tables_with(*words: str, of: UUID | str = "") -> dict[str, str]:
    """By table of the database, also of libraries, a row in which one of the words stands; `of` an
    organization where others may say them too."""
    found = {}
    pattern = "|".join(words)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT t::text FROM "{table}" t WHERE t::text ~* %s AND t::text LIKE %s LIMIT 1',
                [pattern, f"%{of}%"],
            )
            if row := cursor.fetchone():
                found[table] = row[0]
    return found
